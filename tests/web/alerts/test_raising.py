"""From hits to alerts: each once, placed, masked, renewed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.alerts import gateway
from xiezhi.web.alerts.actions import deciding, raising
from xiezhi.web.alerts.actions.raising import Raised, raise_alerts
from xiezhi.web.alerts.models import Alert, History
from xiezhi.web.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


def test_every_hit_is_one_alert_and_raising_again_doubles_none(raised: Raised) -> None:
    hits = [told.hit for batch in gateway.hits() for told in batch]
    assert raised.new == len(hits) > 50
    again = raise_alerts()
    assert (again.new, again.still) == (0, len(hits))
    with system_scope("test"):
        assert set(Alert.objects.values_list("fingerprint", flat=True)) == {hit.fingerprint for hit in hits}
        numbers = sorted(Alert.objects.values_list("number", flat=True))
    assert [int(number[5:]) for number in numbers] == list(range(1, len(hits) + 1))


def test_one_raising_is_one_event(raised: Raised) -> None:
    with system_scope("test", trail=True):
        (event,) = AuditEvent.objects.filter(kind="alert.raised")
    assert event.details["new"] == raised.new


def test_an_alert_is_placed_by_region_then_name_then_line(raised: Raised, commission: Commission) -> None:
    with system_scope("test"):
        found = {one.number: one for one in Alert.objects.select_related("unit")}
    by_region = [one for one in found.values() if one.placed_by == "region"]
    assert by_region
    assert all(one.region.startswith(one.unit.region) and one.unit_path == one.unit.path for one in by_region)
    medical = [one for one in found.values() if one.line == "medical"]
    assert medical
    assert {one.unit.code for one in medical} == {"medical"}
    assert {one.placed_by for one in medical} == {"line"}


def test_delicate_data_makes_a_delicate_alert(raised: Raised) -> None:
    with system_scope("test"):
        labels = {
            line: set(Alert.objects.filter(line=line).values_list("label", flat=True))
            for line in ("medical", "subsidy", "bidding")
        }
    assert labels == {"medical": {2}, "subsidy": {1}, "bidding": {2}}


@pytest.mark.parametrize(
    ("code", "given", "left"),
    [("snooze", {"why": "等待材料"}, "snoozed"), ("dismiss", {"outcome": "untrue", "why": "同名同姓"}, "dismissed")],
)
def test_a_change_wakes_what_was_put_off_or_closed_only_where_the_level_rose(
    raised: Raised, commission: Commission, monkeypatch: pytest.MonkeyPatch, code: str, given: dict[str, object], left: str
) -> None:
    """What one person closed as yellow is not closed as red."""
    with system_scope("test") as by:
        chosen = list(Alert.objects.filter(level="yellow").order_by("id")[:2])
        until = {"until": _soon()} if code == "snooze" else {}
        deciding.move([one.number for one in chosen], code, {**given, **until}, by=by)
    batches = list(gateway.hits())

    def worse(run: int | None = None) -> object:
        for batch in batches:
            yield [
                replace(told, hit=replace(told.hit, level="red", state="changed"))
                if told.hit.fingerprint == chosen[0].fingerprint
                else told
                for told in batch
            ]

    monkeypatch.setattr(raising.gateway, "hits", worse)
    done = raise_alerts()
    assert (done.woken, done.changed) == (1, 0)
    with system_scope("test"):
        assert [Alert.objects.get(pk=one.pk).state for one in chosen] == ["open", left]
        assert History.objects.get(alert=chosen[0], what="woken").after["level"] == "red"


def test_what_is_put_off_and_waits_for_approval_is_not_woken_and_stops_no_raising(
    raised: Raised, commission: Commission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its level rises while a leader has the dispatch before them: that goes on, and all others are renewed."""
    conduct = commission.viewer(RoleCode.CONDUCT_OFFICER)
    with system_scope("test") as by:
        one = Alert.objects.filter(level="orange", label__lt=2, line="subsidy").order_by("id")[0]
        deciding.move([one.number], "snooze", {"until": _soon(), "why": "等待材料"}, by=by)
    with acting_as(conduct):
        office = commission.units["office1"].pk
        deciding.move([one.number], "dispatch", {"office": office, "why": "按职责分工"}, by=conduct)
    batches = list(gateway.hits())

    def worse(run: int | None = None) -> object:
        for batch in batches:
            yield [
                replace(told, hit=replace(told.hit, level="red", state="changed"))
                if told.hit.fingerprint == one.fingerprint
                else told
                for told in batch
            ]

    monkeypatch.setattr(raising.gateway, "hits", worse)
    done = raise_alerts()
    assert (done.woken, done.changed) == (0, 1)
    with system_scope("test"):
        again = Alert.objects.get(pk=one.pk)
        assert (again.state, again.level) == ("snoozed", "red")


def test_what_has_gone_is_told(raised: Raised, monkeypatch: pytest.MonkeyPatch) -> None:
    batches = list(gateway.hits())
    gone = [[replace(told, hit=replace(told.hit, state="gone")) for told in batch] for batch in batches]
    monkeypatch.setattr(raising.gateway, "hits", lambda run=None: iter(gone))
    assert raise_alerts().gone == raised.new
    with system_scope("test"):
        assert set(Alert.objects.values_list("hit_state", flat=True)) == {"gone"}
        assert History.objects.filter(what="gone").count() == raised.new


def _soon() -> date:

    return clock.today() + timedelta(days=5)


def test_an_alert_is_known_since_its_own_first_run_whatever_the_hit_says_later(
    raised: Raised, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hit that went and came back begins anew in the lake; the alert, its number and what was decided are the old ones."""
    with system_scope("test"):
        before = Alert.objects.order_by("id").first()
    assert before is not None
    batches = list(gateway.hits())

    def later(run: int | None = None) -> object:
        for batch in batches:
            yield [replace(told, hit=replace(told.hit, first_run=before.run + 6, run=before.run + 6)) for told in batch]

    monkeypatch.setattr(raising.gateway, "hits", later)
    raise_alerts()
    with system_scope("test"):
        after = Alert.objects.get(pk=before.pk)
    assert (after.run, after.first_run) == (before.run + 6, before.first_run)
    assert (after.number, after.raised_at) == (before.number, before.raised_at)


def test_a_new_alert_is_known_since_the_first_run_of_its_hit(
    home: object, commission: Commission, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = list(gateway.hits())
    run = batches[0][0].hit.run

    def earlier(_run: int | None = None) -> object:
        for batch in batches:
            yield [replace(told, hit=replace(told.hit, first_run=run + 2, run=run + 5)) for told in batch]

    monkeypatch.setattr(raising.gateway, "hits", earlier)
    raise_alerts()
    with system_scope("test"):
        assert set(Alert.objects.values_list("first_run", "run")) == {(run + 2, run + 5)}
