"""From a masked subject to the person, once: purpose, second person, register; the value nowhere else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from tests.web.lakes import personal_values
from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.web.accounts import session
from xiezhi.web.accounts.models import Recusal, User
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.alerts.models import Alert
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.notices.models import Notice
from xiezhi.web.reveals.gateway import mask_all, number_of
from xiezhi.web.reveals.models import RevealRequest
from xiezhi.web.reveals.states import MOVES, Conflict, RevealState, moved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("raised")]

As = Callable[[RoleCode], Client]
PART = {"HTTP_HX_REQUEST": "true"}
ASKED = {"case": "线索〔2026〕12号", "purpose": "核对是否本人领取"}
ID = re.compile(r"99\d{15}[\dX]")


def alert(**wanted: object) -> Alert:
    with system_scope("test"):
        found = Alert.objects.filter(subject_kind="person", **wanted).order_by("id").first()
    assert found is not None
    return found


def ticket(client: Client, one: Alert) -> str:
    page = client.get(f"/alerts/{one.number}/").content.decode()
    found = re.search(r"/reveals/ask/\?ticket=([^\"&]+)", page)
    assert found is not None
    return found[1].replace("%3A", ":")


def prove(client: Client) -> None:
    """As if the person had just proven again who they are."""
    store = client.session
    session.prove(store, clock.now())
    store.save()


def ask(client: Client, one: Alert) -> RevealRequest:
    assert client.post("/reveals/ask/", {**ASKED, "ticket": ticket(client, one)}, **PART).status_code == 200
    with system_scope("test"):
        return RevealRequest.objects.latest("asked_at")


def test_up_to_internal_a_purpose_is_enough_and_the_value_is_shown_once(client_as: As, home: Path) -> None:
    client, one = client_as(RoleCode.CONDUCT_OFFICER), alert(line="subsidy")
    asked = ask(client, one)
    assert asked.state == "approved"
    prove(client)
    answer = client.post(f"/reveals/{asked.pk}/open/", **PART)
    (value,) = ID.findall(answer.content.decode())
    assert "no-store" in answer["Cache-Control"]
    assert mask_all("citizen_id", [asked.number])[asked.number] == value[:6] + "*" * 8 + value[-4:]
    assert one.subject_masked.split(" · ")[1::2] == [value[6:10], f"…{value[-2:]}"]
    assert number_of("citizen_id", value) == asked.number
    again = client.post(f"/reveals/{asked.pk}/open/", **PART)
    assert again.status_code == 409
    for answer in (again, client.get(f"/reveals/{asked.pk}/"), client.get("/reveals/"), client.get(f"/alerts/{one.number}/")):
        assert value not in answer.content.decode()
    with system_scope("test", trail=True):
        opened = AuditEvent.objects.get(kind="reveal.opened")
        assert value not in json.dumps(
            list(AuditEvent.objects.values("why", "details", "before", "after", "on_label")), ensure_ascii=False
        )
    assert (opened.why, opened.details["case"]) == (ASKED["purpose"], ASKED["case"])
    log = [json.loads(line) for line in (home / "lake" / "vault" / "reveals.jsonl").read_text().splitlines()]
    assert (log[-1]["what"], log[-1]["numbers"], log[-1]["case"]) == ("reveal", [asked.number], ASKED["case"])
    assert value not in _everything()


def test_delicate_data_needs_a_second_person(client_as: As, commission: Commission) -> None:
    client, one = client_as(RoleCode.CONDUCT_OFFICER), alert(line="medical")
    asked = ask(client, one)
    assert asked.state == "asked"
    prove(client)
    assert client.post(f"/reveals/{asked.pk}/open/", **PART).status_code == 409
    assert client.post(f"/reveals/{asked.pk}/decide/agree/", {"why": "同意"}).status_code == 403
    with system_scope("test"):
        told = set(Notice.objects.filter(url=f"/reveals/{asked.pk}/").values_list("user_id", flat=True))
    assert commission.users[RoleCode.CITY_LEADER].pk in told
    assert commission.users[RoleCode.COUNTY_LEADER].pk not in told
    assert client_as(RoleCode.COUNTY_LEADER).post(f"/reveals/{asked.pk}/decide/agree/", {"why": "同意"}).status_code == 404
    assert client_as(RoleCode.CITY_LEADER).post(f"/reveals/{asked.pk}/decide/agree/", {"why": "同意"}).status_code == 303
    assert len(ID.findall(client.post(f"/reveals/{asked.pk}/open/", **PART).content.decode())) == 1


def test_whoever_may_approve_sees_what_waits_until_one_of_them_decided(client_as: As, commission: Commission) -> None:
    asked = ask(client_as(RoleCode.CONDUCT_OFFICER), alert(line="medical"))
    address = f"/reveals/{asked.pk}/"
    leader, other = client_as(RoleCode.CITY_LEADER), client_as(RoleCode.CASE_SUPERVISOR)
    for client in (leader, other):
        assert address in client.get("/reveals/waiting/").content.decode()
        assert client.get("/").content.decode().count("批准揭示") == 1, "told once, not by a notice as well"
    assert leader.post(f"{address}decide/agree/", {"why": "同意"}).status_code == 303
    assert address not in other.get("/reveals/waiting/").content.decode()
    with system_scope("test"):
        assert not Notice.objects.filter(url=address, read_at__isnull=True).exclude(user=asked.asked_by).exists()
        assert Notice.objects.filter(url=address, user=commission.users[RoleCode.CASE_SUPERVISOR]).exists()


def test_nobody_approves_their_own_and_nobody_opens_anothers(client_as: As, commission: Commission) -> None:
    head, one = client_as(RoleCode.SUPERVISING_HEAD), alert(line="subsidy", unit_path__startswith=commission.units["c1"].path)
    with system_scope("test"):
        Alert.objects.filter(pk=one.pk).update(label=2)
    asked = ask(head, one)
    assert head.post(f"/reveals/{asked.pk}/decide/agree/", {"why": "同意"}).status_code == 422
    leader = client_as(RoleCode.CITY_LEADER)
    assert leader.post(f"/reveals/{asked.pk}/decide/agree/", {"why": "同意"}).status_code == 303
    officer = client_as(RoleCode.CONDUCT_OFFICER)
    prove(officer)
    assert officer.post(f"/reveals/{asked.pk}/open/", **PART).status_code == 422
    with pytest.raises(IntegrityError, match="reveal_decided_by_another"), system_scope("test"), transaction.atomic():
        RevealRequest.objects.filter(pk=asked.pk).update(decided_by_id=asked.asked_by_id)


def test_opening_asks_again_who_it_is(client_as: As, commission: Commission) -> None:
    client, one = client_as(RoleCode.CONDUCT_OFFICER), alert(line="subsidy")
    asked = ask(client, one)
    store = client.session
    store.pop(session.PROVEN_AT)
    store.save()
    answer = client.post(f"/reveals/{asked.pk}/open/", **PART)
    assert not ID.findall(answer.content.decode())
    assert answer["HX-Redirect"].startswith("/account/again/?next=")


def test_one_who_must_recuse_themselves_can_never(client_as: As, commission: Commission) -> None:
    one, client = alert(line="subsidy"), client_as(RoleCode.CONDUCT_OFFICER)
    given = ticket(client, one)
    user = commission.users[RoleCode.CONDUCT_OFFICER]
    with system_scope("test"):
        Recusal.objects.create(user=user, subject_key=one.subject_key, relation="本人", declared_at=clock.now(), declared_by="x")
    assert client.get(f"/alerts/{one.number}/").status_code == 404
    assert client.post("/reveals/ask/", {**ASKED, "ticket": given}, **PART).status_code == 422
    with system_scope("test"):
        assert not RevealRequest.objects.exists()


def test_whoever_must_recuse_themselves_is_not_even_told_whose_it_is(client_as: As, commission: Commission) -> None:
    one, client = alert(line="subsidy"), client_as(RoleCode.CONDUCT_OFFICER)
    given = ticket(client, one)
    Recusal.objects.create(
        user=commission.users[RoleCode.CONDUCT_OFFICER], subject_key=one.subject_key, relation="kin", declared_at=clock.now()
    )
    for answer in (client.get("/reveals/ask/", {"ticket": given}), client.post("/reveals/ask/", {**ASKED, "ticket": given})):
        assert answer.status_code == 422
        assert one.subject_masked not in answer.content.decode()


def _changed(one: Alert, **values: object) -> None:
    with system_scope("test"):
        Alert.objects.filter(pk=one.pk).update(**values)


def _recused_from_a_party(one: Alert, user: User) -> None:
    _changed(one, parties=[*one.parties, "citizen_id:424242"])
    with system_scope("test"):
        Recusal.objects.create(user=user, subject_key="citizen_id:424242", relation="kin", declared_at=clock.now())


TAKEN_AWAY: dict[str, Callable[[Alert, User], None]] = {
    "recused from another of its parties": _recused_from_a_party,
    "above one's rank": lambda one, _user: _changed(one, cadre_level=9),
    "above one's clearance": lambda one, _user: _changed(one, label=3),
    "about somebody else": lambda one, _user: _changed(one, subject_key="citizen_id:424242"),
}


@pytest.mark.parametrize("what", TAKEN_AWAY)
def test_an_old_page_reveals_nothing_of_an_alert_that_was_taken_away_since(
    what: str, client_as: As, commission: Commission
) -> None:
    one, client = alert(line="subsidy"), client_as(RoleCode.CONDUCT_OFFICER)
    given, asked = ticket(client, one), ask(client, one)
    prove(client)
    TAKEN_AWAY[what](one, commission.users[RoleCode.CONDUCT_OFFICER])
    assert client.post("/reveals/ask/", {**ASKED, "ticket": given}, **PART).status_code == 422
    answer = client.post(f"/reveals/{asked.pk}/open/", **PART)
    assert answer.status_code in (404, 422)
    assert not ID.findall(answer.content.decode())
    with system_scope("test"):
        assert RevealRequest.objects.get().state == "approved"


def test_what_became_delicate_since_needs_a_second_person(client_as: As) -> None:
    one, client = alert(line="subsidy"), client_as(RoleCode.CONDUCT_OFFICER)
    given, asked = ticket(client, one), ask(client, one)
    prove(client)
    _changed(one, label=2)
    answer = client.post(f"/reveals/{asked.pk}/open/", **PART)
    assert (answer.status_code, "须第二人批准" in answer.content.decode()) == (422, True)
    assert client.post("/reveals/ask/", {**ASKED, "ticket": given}, **PART).status_code == 200
    with system_scope("test"):
        assert RevealRequest.objects.latest("asked_at").state == "asked"


def test_a_ticket_is_of_one_person_and_cannot_be_forged(client_as: As) -> None:
    one, client = alert(line="subsidy"), client_as(RoleCode.CONDUCT_OFFICER)
    given = ticket(client, one)
    assert client_as(RoleCode.COUNTY_OFFICER).post("/reveals/ask/", {**ASKED, "ticket": given}).status_code == 404
    assert client.post("/reveals/ask/", {**ASKED, "ticket": given[:-2] + "xx"}).status_code == 404
    assert client.get("/reveals/ask/").status_code == 404


def test_the_register_tells_who_and_why_and_auditors_not_whom(client_as: As) -> None:
    client, one = client_as(RoleCode.CONDUCT_OFFICER), alert(line="subsidy")
    ask(client, one)
    supervisor = client_as(RoleCode.CASE_SUPERVISOR).get("/reveals/register/").content.decode()
    auditor = client_as(RoleCode.AUDITOR).get("/reveals/register/").content.decode()
    assert ASKED["purpose"] in supervisor
    assert one.subject_masked in supervisor
    assert ASKED["purpose"] in auditor
    assert one.subject_masked not in auditor
    (told,) = re.findall(r'href="(/trail/thing/[^"]+)"', auditor)
    of_it = client_as(RoleCode.AUDITOR).get(told.replace("&amp;", "&")).content.decode()
    assert ASKED["purpose"] in of_it
    assert one.subject_masked not in of_it
    for page in ("/trail/?kind=reveal.asked", "/trail/list.csv?kind=reveal.asked"):
        answer = client_as(RoleCode.AUDITOR).get(page)
        body = answer.getvalue() if hasattr(answer, "getvalue") else answer.content
        assert one.number in body.decode()
        assert one.subject_masked not in body.decode()
    assert client.get("/reveals/register/").status_code == 403


@pytest.mark.parametrize("before", RevealState.values)
@pytest.mark.parametrize("after", RevealState.values)
def test_every_move(before: str, after: str) -> None:
    allowed = {("asked", "approved"), ("asked", "refused"), ("approved", "opened")}
    if (before, after) in allowed:
        assert moved(before, RevealState(after)) == after
    else:
        with pytest.raises(Conflict):
            moved(before, RevealState(after))
    assert set(MOVES) == set(RevealState)


def test_canary_in_the_whole_database(city: Path) -> None:
    """After raising, no delivered citizen id or account stands anywhere in PostgreSQL's tables of alerts, reveals and trail."""
    text = _everything()
    assert len(text) > 10_000
    assert not {value for value in personal_values(city / "delivered") if value in text}


def _everything() -> str:
    tables = ("alerts_alert", "alerts_history", "reveals_revealrequest", "audit_event", "notices_notice", "jobs_job")
    with system_scope("test", trail=True), connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, '|'), '') FROM {table} AS t")
            found.append(str(cursor.fetchone()[0]))
    return "".join(found)
