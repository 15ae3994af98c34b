"""The list, an alert's page, its acts: as people of several offices see them, without a single identity in clear."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import Count
from django.test import Client

from tests.web.lakes import personal_values
from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope
from xiezhi.web.alerts import queries
from xiezhi.web.alerts.models import Alert, SavedView
from xiezhi.web.alerts.queries import AlertCriteria
from xiezhi.web.alerts.states import AlertState
from xiezhi.web.audit.models import AuditEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("raised")]

As = Callable[[RoleCode], Client]
PART = {"HTTP_HX_REQUEST": "true"}


def one_of(**wanted: object) -> Alert:
    with system_scope("test"):
        found = Alert.objects.filter(**wanted).order_by("id").first()
    assert found is not None
    return found


def events(kind: str) -> int:
    with system_scope("test", trail=True):
        return AuditEvent.objects.filter(kind=kind).count()


def test_no_page_shows_an_identity(client_as: As, city: Path) -> None:
    """Every page of every alert, for one who may see all, against every citizen id and account that was delivered."""
    values = personal_values(city / "delivered")
    assert len(values) > 3000
    client = client_as(RoleCode.CITY_LEADER)
    with system_scope("test"):
        numbers = list(Alert.objects.order_by("rule", "id").distinct("rule").values_list("number", flat=True))
    shown = [client.get("/alerts/?size=100"), client.get("/alerts/subjects/"), *(client.get(f"/alerts/{n}/") for n in numbers)]
    shown += [client.get(f"/alerts/{n}/print/") for n in numbers]
    shown += [client.post(f"/alerts/{n}/evidence/", {"purpose": "核查线索"}) for n in numbers]
    shown += [client.get(f"/alerts/{n}/why/") for n in numbers[:4]]
    for answer in shown:
        assert answer.status_code == 200, answer.request["PATH_INFO"]
        text = answer.content.decode()
        leaked = {value for value in values if value in text}
        assert not leaked, (answer.request["PATH_INFO"], leaked)


def test_a_masked_number_and_a_birthday_never_make_a_whole_one(client_as: As) -> None:
    alert = one_of(rule="SUB-009")
    answer = client_as(RoleCode.CITY_LEADER).post(f"/alerts/{alert.number}/evidence/", {"purpose": "核查"})
    assert "-**-**" in answer.content.decode()
    assert alert.sentence_zh.count("-**-**") == 1


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (RoleCode.COUNTY_OFFICER, "c1"),
        (RoleCode.TOWN_OFFICER, "t11"),
        (RoleCode.STATIONED_OFFICER, "finance"),
        (RoleCode.CITY_LEADER, "city"),
    ],
)
def test_a_list_ends_where_the_scope_ends(client_as: As, commission: Commission, role: RoleCode, sees: str) -> None:
    path = commission.units[sees].path
    viewer = commission.viewer(role)
    with system_scope("test"):
        within = set(
            Alert.objects.filter(unit_path__startswith=path, label__lte=viewer.scope.clearance).values_list("number", flat=True)
        )
        outside = Alert.objects.exclude(number__in=within).order_by("id").first()
    with acting_as(viewer):
        assert set(queries.alerts(viewer).values_list("number", flat=True)) == within
        assert set(Alert.objects.values_list("number", flat=True)) == within  # row-level security alone
    client = client_as(role)
    assert f"共 {len(within)} 条" in client.get("/alerts/").content.decode().replace("\n", "")
    if outside:
        refused, absent = client.get(f"/alerts/{outside.number}/"), client.get("/alerts/2000-000001/")
        assert (refused.status_code, absent.status_code) == (404, 404)


def test_a_list_costs_the_same_however_long(client_as: As, django_assert_max_num_queries: Callable[..., object]) -> None:
    client = client_as(RoleCode.COUNTY_OFFICER)
    client.get("/alerts/")
    with django_assert_max_num_queries(15):  # type: ignore[attr-defined]
        answer = client.get("/alerts/?size=100")
    assert answer.status_code == 200


def test_two_characters_find_and_a_number_finds(commission: Commission) -> None:
    viewer = commission.viewer(RoleCode.CITY_LEADER)
    alert = one_of(rule="VIL-110")
    with acting_as(viewer):
        assert set(queries.alerts(viewer, AlertCriteria(text="工程")).values_list("rule", flat=True)) >= {"VIL-110"}
        assert list(queries.alerts(viewer, AlertCriteria(text=alert.number)).values_list("number", flat=True)) == [alert.number]
        assert not queries.alerts(viewer, AlertCriteria(text="不存在的词语")).exists()


@pytest.mark.parametrize(
    "query",
    ["level=red&level=orange", "line=subsidy", "money_from=100&money_to=1,000.50", "period_from=2025-01-01", "raised_from=2020-01-01",
     "fresh=on", "mine=on", "hit_state=new", "state=open", "unit=' OR 1=1", "money_from=1e999", "page=99999&size=7", "sort=-amount&page=2",
     "subject=x", "q=%00"],
)  # fmt: skip
def test_a_filter_never_fails(client_as: As, query: str) -> None:
    assert client_as(RoleCode.CITY_LEADER).get(f"/alerts/?{query}").status_code == 200


def test_settling_asks_for_an_outcome_and_is_told_once(client_as: As) -> None:
    alert = one_of(level="yellow", label=1)
    client = client_as(RoleCode.CONDUCT_OFFICER)
    address = f"/alerts/{alert.number}/dismiss/"
    assert client.post(address, {"why": "已核实"}, **PART).status_code == 422
    done = client.post(address, {"why": "已核实", "outcome": "data_error"}, **PART)
    assert (done.status_code, done["HX-Redirect"]) == (204, f"/alerts/{alert.number}/")
    again = client.post(address, {"why": "再来一次", "outcome": "true"}, **PART)
    assert again.status_code == 409
    assert "X-Say" in again
    assert events("alert.dismissed") == 1
    page = client.get(f"/alerts/{alert.number}/").content.decode()
    assert "数据错误" in page
    assert "已核实" in page
    assert client.post(f"/alerts/{alert.number}/reopen/", {"why": "有新材料"}).status_code == 303
    assert one_of(number=alert.number).state == "open"


def test_a_snooze_has_an_end_within_ninety_days_and_wakes_by_itself(client_as: As, commission: Commission) -> None:
    alert, client = one_of(line="subsidy"), client_as(RoleCode.CONDUCT_OFFICER)
    today = clock.today()
    for days in (0, 91):
        answer = client.post(f"/alerts/{alert.number}/snooze/", {"until": today + timedelta(days=days), "why": "等材料"})
        assert answer.status_code == 422
    assert (
        client.post(f"/alerts/{alert.number}/snooze/", {"until": today + timedelta(days=3), "why": "等材料"}).status_code == 303
    )
    viewer = commission.viewer(RoleCode.CONDUCT_OFFICER)
    with acting_as(viewer):
        assert not queries.alerts(viewer, AlertCriteria(state="open")).filter(pk=alert.pk).exists()
        Alert.objects.filter(pk=alert.pk).update(snoozed_until=today)
        assert queries.alerts(viewer, AlertCriteria(state="open")).filter(pk=alert.pk).exists()
        assert not queries.alerts(viewer, AlertCriteria(state="snoozed")).filter(pk=alert.pk).exists()


def test_only_alerts_on_one_subject_merge_and_never_in_a_ring(client_as: As) -> None:
    client = client_as(RoleCode.CONDUCT_OFFICER)
    with system_scope("test"):
        first, second, *_ = Alert.objects.filter(line="subsidy", level="orange").order_by("id")
        Alert.objects.filter(pk=second.pk).update(subject_key=first.subject_key)
        stranger = Alert.objects.filter(line="subsidy").exclude(subject_key=first.subject_key).first()
    assert stranger is not None
    merge = {"picked": [second.number], "why": "同一事项"}
    assert client.post("/alerts/together/merge/", {**merge, "into": stranger.number}).status_code == 422
    assert client.post("/alerts/together/merge/", {**merge, "into": second.number}).status_code == 422
    assert client.post("/alerts/together/merge/", {**merge, "into": first.number}).status_code == 303
    back = {"picked": [first.number], "why": "同一事项", "into": second.number}
    assert client.post("/alerts/together/merge/", back).status_code == 422
    assert one_of(pk=second.pk).merged_into_id == first.pk


def test_nothing_merges_into_what_is_merged_itself(client_as: As) -> None:
    """Into the one in the middle of a chain it would lie two steps from where people look; into the end it may go."""
    client = client_as(RoleCode.CONDUCT_OFFICER)
    with system_scope("test"):
        end, middle, third = list(Alert.objects.filter(line="subsidy", level="orange").order_by("id")[:3])
        Alert.objects.filter(pk__in=[middle.pk, third.pk]).update(subject_key=end.subject_key)
    why = {"why": "同一事项"}
    assert client.post("/alerts/together/merge/", {**why, "picked": [middle.number], "into": end.number}).status_code == 303
    assert client.post("/alerts/together/merge/", {**why, "picked": [third.number], "into": middle.number}).status_code == 422
    assert (one_of(pk=third.pk).state, one_of(pk=third.pk).merged_into_id) == ("open", None)
    assert client.post("/alerts/together/merge/", {**why, "picked": [third.number], "into": end.number}).status_code == 303
    assert one_of(pk=third.pk).merged_into_id == end.pk


@pytest.mark.parametrize(("state", "status"), [("dismissed", 422), ("closed", 422), ("snoozed", 303)])
def test_a_target_that_is_put_off_is_still_one_and_what_is_concluded_is_not(client_as: As, state: str, status: int) -> None:
    """By merging into what is concluded one person would conclude what takes two."""
    client = client_as(RoleCode.CONDUCT_OFFICER)
    until = clock.today() + timedelta(days=9)
    with system_scope("test"):
        target, other = list(Alert.objects.filter(line="subsidy", level="orange").order_by("id")[:2])
        Alert.objects.filter(pk=other.pk).update(subject_key=target.subject_key)
        Alert.objects.filter(pk=target.pk).update(state=state, snoozed_until=until, outcome="true")
    merge = {"picked": [other.number], "into": target.number, "why": "同一事项"}
    assert client.post("/alerts/together/merge/", merge).status_code == status
    assert one_of(pk=target.pk).state == state
    assert one_of(pk=other.pk).state == ("merged" if status == 303 else "open")


DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}


@pytest.mark.parametrize(("ends", "counts_as"), [("yesterday", "open"), ("today", "open"), ("tomorrow", "snoozed")])
def test_the_list_a_page_and_an_act_agree_on_when_a_snooze_has_ended(
    client_as: As, commission: Commission, ends: str, counts_as: str
) -> None:
    """On its last day it is open: in every list, on its own page, and for who acts on it."""
    alert, client, viewer = (
        one_of(line="subsidy"),
        client_as(RoleCode.CONDUCT_OFFICER),
        commission.viewer(RoleCode.CONDUCT_OFFICER),
    )
    today = clock.today()
    assert (
        client.post(f"/alerts/{alert.number}/snooze/", {"until": today + timedelta(days=2), "why": "等材料"}).status_code == 303
    )
    with system_scope("test"):
        Alert.objects.filter(pk=alert.pk).update(snoozed_until=today + timedelta(days=DAYS[ends]))
    with acting_as(viewer):
        found = {
            state for state in list(AlertState) if queries.alerts(viewer, AlertCriteria(state=state)).filter(pk=alert.pk).exists()
        }
    assert found == {counts_as}
    alert = one_of(pk=alert.pk)
    assert alert.standing() == alert.standing(today) == counts_as
    assert alert.standing(today + timedelta(days=2)) == "open"
    listed = client.get("/alerts/", {"state": counts_as, "q": alert.number}).content.decode()
    assert f"/alerts/{alert.number}/" in listed
    woken = client.post(f"/alerts/{alert.number}/wake/", {"why": "材料已到"}).status_code
    assert woken == (303 if counts_as == "snoozed" else 409), "what is open already is not woken"


@pytest.mark.parametrize("state", ["open", "dismissed", "merged"])
def test_a_state_without_a_snooze_is_itself_whatever_day_was_once_noted(
    client_as: As, commission: Commission, state: str
) -> None:
    alert, viewer = one_of(line="subsidy"), commission.viewer(RoleCode.CONDUCT_OFFICER)
    past = clock.today() - timedelta(days=3)
    with system_scope("test"):
        into = Alert.objects.exclude(pk=alert.pk).first() if state == "merged" else None
        Alert.objects.filter(pk=alert.pk).update(state=state, snoozed_until=past, outcome="true", merged_into=into)
    with acting_as(viewer):
        found = {one for one in list(AlertState) if queries.alerts(viewer, AlertCriteria(state=one)).filter(pk=alert.pk).exists()}
    assert found == {state}
    assert one_of(pk=alert.pk).standing() == state


def test_together_is_all_or_none(client_as: As) -> None:
    client = client_as(RoleCode.CONDUCT_OFFICER)
    with system_scope("test"):
        plain = Alert.objects.filter(line="subsidy", level__in=["yellow", "blue"]).order_by("id")
        numbers = list(plain.values_list("number", flat=True)[:4])
    client.post(f"/alerts/{numbers[3]}/dismiss/", {"why": "已核实", "outcome": "true"})
    given = {"why": "批量核实", "outcome": "untrue"}
    assert client.post("/alerts/together/dismiss/", {**given, "picked": numbers}).status_code == 409
    assert one_of(number=numbers[0]).state == "open"
    assert client.post("/alerts/together/dismiss/", {**given, "picked": numbers[:3]}).status_code == 303
    assert events("alert.dismissed") == 4


def test_delicate_evidence_asks_for_a_purpose_and_each_look_is_one_event(client_as: As) -> None:
    client = client_as(RoleCode.CITY_LEADER)
    delicate, plain = one_of(line="medical"), one_of(line="subsidy")
    assert "查看用途" in client.get(f"/alerts/{delicate.number}/evidence/", **PART).content.decode()
    assert events("alert.evidence_opened") == 0
    assert client.post(f"/alerts/{delicate.number}/evidence/", {"purpose": ""}, **PART).status_code == 422
    assert "所依据的行" in client.post(f"/alerts/{delicate.number}/evidence/", {"purpose": "核查线索"}, **PART).content.decode()
    assert "所依据的行" in client.get(f"/alerts/{plain.number}/evidence/", **PART).content.decode()
    assert events("alert.evidence_opened") == 2


def test_without_the_right_there_is_no_act(client_as: As) -> None:
    alert = one_of(line="subsidy")
    client = client_as(RoleCode.CITY_LEADER)
    assert client.post(f"/alerts/{alert.number}/dismiss/", {"why": "已核实", "outcome": "true"}).status_code == 403
    assert client_as(RoleCode.AUDITOR).get("/alerts/").status_code == 403
    assert client_as(RoleCode.CASE_SUPERVISOR).get(f"/alerts/{alert.number}/evidence/").status_code == 403


def test_a_saved_view_is_ones_own_and_opens_by_itself(client_as: As, commission: Commission) -> None:
    client = client_as(RoleCode.CITY_LEADER)
    given = {"name": "红色", "is_default": "on", "query": "level=red"}
    assert client.post("/alerts/views/save/", given).status_code == 303
    assert client.get("/alerts/")["Location"] == "/alerts/?level=red"
    other = commission.viewer(RoleCode.COUNTY_OFFICER)
    with acting_as(other):
        assert not SavedView.objects.exists()


def test_what_an_alert_was_merged_into_is_named_to_whom_it_is_shown(client_as: As, commission: Commission) -> None:
    client = client_as(RoleCode.CONDUCT_OFFICER)
    with system_scope("test"):
        subject = (
            Alert.objects.values("subject_key").annotate(n=Count("pk")).filter(n__gte=2).order_by("subject_key")[0]["subject_key"]
        )
        into, one = Alert.objects.filter(subject_key=subject).order_by("pk")[:2]
        Alert.objects.filter(pk=one.pk).update(state="merged", merged_into_id=into.pk)
    shown = client.get(f"/alerts/{one.number}/").content.decode()
    assert f'href="/alerts/{into.number}/"' in shown
    with system_scope("test"):
        Alert.objects.filter(pk=one.pk).update(label=1)
        Alert.objects.filter(pk=into.pk).update(label=3)
    User.objects.filter(pk=commission.users[RoleCode.CONDUCT_OFFICER].pk).update(clearance=2)
    hidden = client.get(f"/alerts/{one.number}/").content.decode()
    assert "另一条您看不到的预警" in hidden
    assert into.number not in hidden
