"""The one way into the trail: in the transaction of the change, with the facts of the request, without identities."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.web.audit.site import SOMEBODY, TESTED, TrailSite, write
from xiezhi.kernel.errors import UserError
from xiezhi.web.audit import context
from xiezhi.web.audit.kinds import EventKind, declare, every_kind, known
from xiezhi.web.audit.models import AuditEvent, AuditPending, EventOutcome
from xiezhi.web.audit.reading import reading_the_trail
from xiezhi.web.audit.record import Target, record, record_apart

CITIZEN = "990101199003078519"
ACCOUNT = "6222021234567890128"


def stored(event: AuditEvent) -> AuditEvent:
    with reading_the_trail():
        return AuditEvent.objects.get(pk=event.pk)


def test_an_event_says_who_did_what_to_what_from_where_and_why(fresh: TrailSite) -> None:
    with context.facts(ip="10.1.2.3", request_id="r-0001"), context.for_purpose("核查", "C-7"), transaction.atomic():
        target = Target("alerts.alert", "4412", "AL-2026-004412", "0001.0003.")
        made = record(
            TESTED, by=SOMEBODY, on=target, why="同名不同人", before={"state": "raised"}, after={"state": "done"}, note="x"
        )
    event = stored(made)
    assert (event.username, event.display_name, event.role, event.unit_name) == (
        "zhang.san",
        "张三",
        "supervising_officer",
        "第一监督检查室",
    )
    assert (event.kind, event.outcome, event.why) == ("test.changed", EventOutcome.DONE, "同名不同人")
    assert (event.on_kind, event.on_id, event.on_label, event.unit_path) == (
        "alerts.alert",
        "4412",
        "AL-2026-004412",
        "0001.0003.",
    )
    assert (event.before, event.after) == ({"state": "raised"}, {"state": "done"})
    assert event.details == {"purpose": "核查", "case": "C-7", "note": "x"}
    assert (event.ip, event.request_id) == ("10.1.2.3", "r-0001")
    assert event.at == made.at


def test_values_of_every_sort_become_json_without_fractions(fresh: TrailSite) -> None:
    after = {
        "day": date(2026, 11, 23),
        "at": datetime(2026, 11, 23, 8, tzinfo=UTC),
        "amount": Decimal("12.50"),
        "share": 0.25,
        "lines": ["土地", "救助"],
        "several": {"b", "a"},
        "nested": {"yes": True, "none": None, "n": 2**80},
        "state": EventOutcome.REFUSED,
    }
    with transaction.atomic():
        made = record(TESTED, by=SOMEBODY, on="thing:1", after=after)
    assert stored(made).after == {
        "day": "2026-11-23",
        "at": "2026-11-23T08:00:00+00:00",
        "amount": "12.50",
        "share": "0.25",
        "lines": ["土地", "救助"],
        "several": ["a", "b"],
        "nested": {"yes": True, "none": None, "n": 2**80},
        "state": "refused",
    }
    with pytest.raises(TypeError), transaction.atomic():
        record(TESTED, by=SOMEBODY, on="thing:1", after={"bytes": b"x"})


def test_no_event_outside_a_transaction(fresh: TrailSite) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record(TESTED, by=SOMEBODY, on="thing:1")


@pytest.mark.django_db
def test_the_transaction_of_a_test_case_is_not_one_of_ours() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record(TESTED, by=SOMEBODY, on="thing:1")


def test_a_change_undone_leaves_no_event(fresh: TrailSite) -> None:
    @transaction.atomic
    def change() -> None:
        record(TESTED, by=SOMEBODY, on="thing:1")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert fresh.rows("SELECT count(*) FROM audit_event") == fresh.rows("SELECT count(*) FROM audit_pending") == [(0,)]


def test_an_event_that_fails_undoes_the_change(fresh: TrailSite) -> None:
    @transaction.atomic
    def change() -> None:
        connection.cursor().execute("INSERT INTO django_content_type (app_label, model) VALUES ('test', 'change')")
        record(TESTED, by=SOMEBODY, on="thing:1")

    with fresh.superuser() as admin:
        admin.execute("ALTER TABLE audit_event ADD CONSTRAINT no_more CHECK (kind <> 'test.changed')")
    with pytest.raises(DatabaseError):
        change()
    assert fresh.rows("SELECT count(*) FROM django_content_type WHERE app_label = 'test'") == [(0,)]


def test_a_refusal_is_written_after_the_refused_transaction(fresh: TrailSite) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        record_apart(TESTED, by=SOMEBODY, on="/alerts/5/")
    event = stored(record_apart(TESTED, by=SOMEBODY, on="/alerts/5/", permission="alert.read"))
    assert (event.outcome, event.on_kind, event.on_id) == (EventOutcome.REFUSED, "route", "/alerts/5/")


@pytest.mark.parametrize(
    "parts",
    [
        {"after": {"who": CITIZEN}},
        {"before": {"deep": [{"er": f"见 {CITIZEN}。"}]}},
        {"after": {CITIZEN: "x"}},
        {"after": {"n": int(CITIZEN)}},
        {"after": {"who": "990101 19900307 8519"}},
        {"after": {"who": CITIZEN.translate(str.maketrans("0123456789", "0123456789"))}},
        {"note": ACCOUNT},
        {"note": "6222 0212 3456 7890 128"},
        {"why": f"查 {CITIZEN}"},
        {"on": f"thing:{CITIZEN}"},
    ],
)
def test_identities_never_enter(fresh: TrailSite, parts: dict[str, Any]) -> None:
    with pytest.raises(UserError) as refused, transaction.atomic():
        record(TESTED, **{"by": SOMEBODY, "on": "thing:1", **parts})
    assert refused.value.code == "XZ-AUDIT-01"
    assert not any(number in refused.value.message(language) for number in (CITIZEN, ACCOUNT) for language in ("zh", "en"))


@pytest.mark.parametrize(
    "harmless",
    [
        "990101199003078516",  # wrong check digit
        "990101199013078515",  # no such month
        "a" + CITIZEN,  # part of a longer word, such as a digest
        "91330100MA27XL0A5X",  # a credit code
        "330102001001 2026",  # a division and a year
        "6222021234567890123",  # wrong check digit
        "0.6222021234567890128",  # a fraction
        "6222021234567890128.0",
        "2026-11-23T08:23:26.928943+00:00",
    ],
)
def test_what_only_looks_like_one_may_enter(fresh: TrailSite, harmless: str) -> None:
    with transaction.atomic():
        assert record(TESTED, by=SOMEBODY, on="thing:1", why=harmless, after={"x": harmless}).pk


def test_a_path_somebody_typed_is_kept_without_its_number(fresh: TrailSite) -> None:
    event = stored(record_apart(TESTED, by=SOMEBODY, on=f"/person/{CITIZEN}/"))
    assert event.on_id == event.on_label == f"/person/{'*' * 18}/"


def test_kinds_are_declared_once_and_unknown_ones_refused(fresh: TrailSite) -> None:
    with pytest.raises(ValueError, match="twice"):
        declare("test.changed", zh="又", en="Again")
    with pytest.raises(ValueError, match="called like"):
        declare("changed", zh="改", en="Changed")
    with pytest.raises(ValueError, match="no words"):
        declare("test.wordless", zh="", en="Wordless")
    stranger = EventKind("test.stranger", TESTED.words)
    with pytest.raises(ValueError, match="not declared"), transaction.atomic():
        record(stranger, by=SOMEBODY, on="thing:1")
    assert known("test.changed") is TESTED
    with pytest.raises(ValueError, match="name_object"), transaction.atomic():
        record(TESTED, by=SOMEBODY, on="nameless:1")
    assert TESTED in every_kind()


def test_whoever_writes_cannot_read(fresh: TrailSite) -> None:
    write(3)
    assert AuditEvent.objects.count() == 0
    assert AuditPending.objects.count() == 3
    with reading_the_trail():
        assert AuditEvent.objects.count() == 3
    assert AuditEvent.objects.count() == 0
