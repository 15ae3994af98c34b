"""Whoever is recused from anybody an alert is about sees nothing of it: subject, counterpart, or somebody in its evidence."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.web.people import Commission
from tests.web.walls import WALLS, leave
from xiezhi.kernel import clock
from xiezhi.web.accounts import gateway as accounts
from xiezhi.web.accounts.actions import recusals
from xiezhi.web.accounts.models import Post, Recusal, RecusalTie, User
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_scope
from xiezhi.web.alerts import gateway, queries
from xiezhi.web.alerts.actions import deciding
from xiezhi.web.alerts.actions.raising import raise_alerts
from xiezhi.web.alerts.models import Alert, History, Seal
from xiezhi.web.alerts.views import one as page
from xiezhi.web.matters.models import Matter
from xiezhi.web.supervision import gateway as supervision

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("raised")]

As = Callable[[RoleCode], Client]
OFFICER, LEADER = RoleCode.CONDUCT_OFFICER, RoleCode.CITY_LEADER
SOMEBODY = ("citizen_id:", "credit_code:", "party_id:")
UNKNOWN = "990101199003074518"


def every(**wanted: Any) -> list[Alert]:
    with system_scope("test"):
        return list(Alert.objects.filter(**wanted).order_by("id"))


def recuse(commission: Commission, key: str, role: RoleCode = LEADER, relation: str = "spouse") -> Recusal:
    with system_scope("test") as by:
        return recusals.declare_subject(user=commission.users[role], subject_key=key, relation=relation, by=by)


def in_evidence_alone() -> tuple[Alert, str]:
    """An alert, and somebody who stands in its evidence and is neither subject nor counterpart."""
    for one in every():
        for key in one.parties:
            if key not in (one.subject_key, one.counterpart_key) and key.startswith("citizen_id:"):
                return one, key
    raise AssertionError("the demonstration has no alert with a third person")


def as_what(which: str) -> tuple[Alert, str]:
    if which == "evidence":
        return in_evidence_alone()
    one = next(one for one in every() if one.counterpart_key.startswith(SOMEBODY) and one.subject_key.startswith(SOMEBODY))
    return one, one.subject_key if which == "subject" else one.counterpart_key


def seen(viewer: Viewer, number: str) -> bool:
    with acting_as(viewer):
        return bool(queries.alerts(viewer).filter(number=number).exists())


@pytest.mark.parametrize("which", ["subject", "counterpart", "evidence"])
@pytest.mark.parametrize("wall", WALLS)
def test_hidden_from_whoever_is_recused_from_one_of_its_parties(
    which: str, wall: str, commission: Commission, client_as: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, key = as_what(which)
    leave(wall, monkeypatch)
    assert seen(commission.viewer(LEADER), one.number)
    recuse(commission, key)
    viewer, client = commission.viewer(LEADER), client_as(LEADER)
    assert not seen(viewer, one.number)
    with acting_as(viewer):
        assert not queries.seals_of(viewer, one)
        left = {one.pk for one in queries.alerts(viewer)}
    assert left == {other.pk for other in every() if key not in (other.subject_key, *other.parties)}
    for part in ("", "evidence/", "why/", "print/"):
        assert client.get(f"/alerts/{one.number}/{part}").status_code == 404, part
    assert client.post(f"/alerts/{one.number}/replay/").status_code == 404
    assert one.number not in client.get("/alerts/?size=100").content.decode()


@pytest.mark.parametrize("wall", WALLS)
def test_history_and_seals_follow_their_alert(wall: str, commission: Commission, monkeypatch: pytest.MonkeyPatch) -> None:
    one, key = in_evidence_alone()
    with system_scope("test"):
        History.objects.create(alert=one, at=clock.now(), what="changed", label=one.label)
    leave(wall, monkeypatch)
    for recused in (False, True):
        if recused:
            recuse(commission, key)
        viewer = commission.viewer(LEADER)
        with acting_as(viewer):
            assert bool(queries.history(viewer, one)) is not recused
            assert bool(queries.seals_of(viewer, one)) is not recused


def test_everybody_in_the_evidence_is_a_party() -> None:
    """Of one alert of each rule, every number of a person or an organisation that its evidence page has."""
    missing, looked_at = [], 0
    for one in {alert.rule: alert for alert in every()}.values():
        told = gateway.evidence(one.fingerprint, one.rule)
        named = {f"{cell.identity}:{row.values[cell.column]}" for row in told.rows for cell in row.shown if cell.identity}
        named = {key for key in named if key.startswith(SOMEBODY)}
        looked_at += len(named)
        missing += [(one.rule, key) for key in named - set(one.parties)]
    assert missing == []
    assert looked_at > 30


def test_who_was_a_party_stays_one() -> None:
    one = every()[0]
    with system_scope("test"):
        Alert.objects.filter(pk=one.pk).update(parties=["citizen_id:77", one.subject_key])
    raise_alerts()
    (renewed,) = every(pk=one.pk)
    assert set(renewed.parties) == {"citizen_id:77", *one.parties}
    with system_scope("test"):
        assert set(Seal.objects.filter(alert=one).values_list("parties", flat=True).first() or ()) == set(renewed.parties)


def test_an_alert_that_was_not_renewed_still_keeps_its_evidence_to_itself(commission: Commission, client_as: As) -> None:
    """Alerts of before know of subject and counterpart alone, until they are raised again."""
    one, key = in_evidence_alone()
    with system_scope("test"):
        Alert.objects.filter(pk=one.pk).update(parties=[one.subject_key])
    client = client_as(LEADER)
    asked = {"purpose": "核查线索"}
    assert client.post(f"/alerts/{one.number}/evidence/", asked).status_code == 200
    told = gateway.evidence(one.fingerprint, one.rule)
    named = [f"{cell.identity}:{row.values[cell.column]}" for row in told.rows for cell in row.shown if cell.identity]
    recuse(
        commission,
        next(name for name in named if name.startswith(SOMEBODY) and name not in (one.subject_key, key))
        if key not in named
        else key,
    )
    assert client.post(f"/alerts/{one.number}/evidence/", asked).status_code == 404


def test_what_was_there_before_has_its_subject_and_counterpart() -> None:
    from importlib import import_module  # a module whose name begins with a number

    so_far = import_module("xiezhi.web.alerts.migrations.0003_parties").SO_FAR
    one, _key = as_what("counterpart")
    with system_scope("test"), connection.cursor() as cursor:
        Alert.objects.update(parties=[])
        Seal.objects.update(parties=[])
        for statement in so_far:
            if "alerts_alert SET" in statement or "alerts_seal" in statement:
                cursor.execute(statement)
    (filled,) = every(pk=one.pk)
    assert set(filled.parties) == {one.subject_key, one.counterpart_key}
    assert [] not in [list(other.parties) for other in every()]
    with system_scope("test"):
        assert set(Seal.objects.filter(alert=one)[0].parties) == set(filled.parties)


class TestWhy:
    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Codes of the rules that were asked; none of them is."""
        codes: list[str] = []

        def why(subject: str, code: str) -> Any:
            codes.append(code)
            return supervision.rules()[code], SimpleNamespace(answer="not_flagged", candidates=[])

        monkeypatch.setattr(page.gateway, "why", why)
        return codes

    def test_only_rules_about_the_same_kind_of_subject(self, asked: list[str], client_as: As) -> None:
        one = every(subject_kind="person", line="subsidy")[0]
        assert client_as(LEADER).get(f"/alerts/{one.number}/why/").status_code == 200
        rules = supervision.rules()
        assert {rules[code].subject[0] for code in asked} == {"person"}
        about_people = [rule for rule in rules.values() if rule.subject == ("person", "citizen_id")]
        assert len(asked) == min(page.MOST_WHY, len(about_people) - 1), "they are chosen before they are cut to a few"

    def test_only_rules_of_the_lines_and_the_clearance_of_who_asks(
        self, asked: list[str], commission: Commission, client_as: As
    ) -> None:
        one = every(subject_kind="person", line="subsidy", label__lte=1)[0]
        with system_scope("test"):
            post = commission.posts[OFFICER]
            type(post).objects.filter(pk=post.pk).update(lines=["subsidy"])
        assert client_as(OFFICER).get(f"/alerts/{one.number}/why/").status_code == 200
        rules = supervision.rules()
        assert asked
        assert {rules[code].domain for code in asked} == {"subsidy"}
        asked.clear()
        user = commission.users[LEADER]
        type(user).objects.filter(pk=user.pk).update(clearance=1)
        assert client_as(LEADER).get(f"/alerts/{one.number}/why/").status_code == 200
        delicate = {code for code, rule in rules.items() if "confidential" in rule.classes or "bank_account" in rule.identities}
        assert asked
        assert not delicate & set(asked)

    def test_nothing_of_a_rule_that_names_somebody_recused_or_above_ones_authority(
        self, commission: Commission, client_as: As, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one = every(subject_kind="person", line="subsidy")[0]
        titles = {code: rule.title.zh for code, rule in supervision.rules().items()}
        named, high, plain = queries.rules_to_ask(commission.viewer(LEADER), one)[:3]
        about = {named: (("citizen_id:4711",), 0), high: ((), 4)}

        def why(subject: str, code: str) -> Any:
            parties, level = about.get(code, ((), 0))
            candidate = SimpleNamespace(parties=parties, managing_level=level, nearest=None)
            return supervision.rules()[code], SimpleNamespace(answer="flagged", candidates=[candidate])

        monkeypatch.setattr(page.gateway, "why", why)
        client = client_as(LEADER)
        said = client.get(f"/alerts/{one.number}/why/").content.decode()
        assert titles[named] in said
        assert titles[plain] in said
        assert titles[high] not in said
        recuse(commission, "citizen_id:4711")
        said = client.get(f"/alerts/{one.number}/why/").content.decode()
        assert titles[plain] in said
        assert titles[named] not in said

    def test_the_real_answer_says_whom_its_candidates_name(self) -> None:
        one = every(subject_kind="person", rule="SUB-001")[0]
        _rule, answer = gateway.why(f"#{one.subject_key.partition(':')[2]}", one.rule)
        assert all(one.subject_key in candidate.parties for candidate in answer.candidates)
        assert answer.candidates


class TestDeclaring:
    def test_of_whom_the_data_does_not_know_yet(self, commission: Commission) -> None:
        """They have a number from then on, the one that every later delivery of them is given."""
        with system_scope("test") as by:
            (made,) = recusals.declare(
                user=commission.users[LEADER], citizen_ids=[UNKNOWN], credit_codes=[], relation="spouse", by=by
            )
        assert accounts.subject_of("citizen_id", UNKNOWN, actor="x") == made.subject_key
        assert commission.viewer(LEADER).scope.recused == (made.subject_key,)
        assert UNKNOWN not in str(list(Recusal.objects.values()))

    def test_companies_that_the_data_ties_to_a_person(self, commission: Commission) -> None:
        person, company = company_of_somebody()
        one = every()[0]
        with system_scope("test"):
            Alert.objects.filter(pk=one.pk).update(parties=[company])
        made = recuse(commission, person)
        assert seen(commission.viewer(LEADER), one.number)
        assert recusals.renew_all_ties() > 0
        assert company in commission.viewer(LEADER).scope.recused
        assert not seen(commission.viewer(LEADER), one.number)
        assert recusals.renew_all_ties() == 0
        assert set(RecusalTie.objects.filter(recusal=made).values_list("subject_key", flat=True)) >= {company}

    def test_kin_of_oneself_alone(self, commission: Commission) -> None:
        person, kin = kin_of_somebody()
        recuse(commission, person, relation="self")
        recuse(commission, person, OFFICER, relation="sibling")
        recusals.renew_all_ties()
        assert kin in commission.viewer(LEADER).scope.recused
        assert kin not in commission.viewer(OFFICER).scope.recused

    def test_lifted_with_everything_it_reached(self, commission: Commission) -> None:
        person, _kin = kin_of_somebody()
        made = recuse(commission, person, relation="self")
        recusals.renew_all_ties()
        made.delete()
        assert commission.viewer(LEADER).scope.recused == ()


def _ties(kin: bool) -> dict[str, set[str]]:
    people = {f"citizen_id:{number}" for number in range(1, 6000)}
    return accounts.ties_of(people, kin=kin)


def company_of_somebody() -> tuple[str, str]:
    return next(
        (person, key) for person, keys in sorted(_ties(False).items()) for key in sorted(keys) if key.startswith("credit_code")
    )


def kin_of_somebody() -> tuple[str, str]:
    return next(
        (person, key) for person, keys in sorted(_ties(True).items()) for key in sorted(keys) if key.startswith("citizen_id")
    )


def test_counts_of_a_run_leave_out_what_one_is_recused_from(commission: Commission) -> None:
    from xiezhi.web.accounts.scope import seen_by
    from xiezhi.web.supervision.actions.recording import record_runs
    from xiezhi.web.supervision.models import Tally

    one, key = in_evidence_alone()
    recuse(commission, key)
    record_runs()
    counted = {}
    for role in (LEADER, RoleCode.CASE_SUPERVISOR):
        viewer = commission.viewer(role)
        with acting_as(viewer):
            apart = seen_by(Tally.objects.filter(rule=one.rule), viewer.scope)
            counted[role] = sum(apart.values_list("hits", flat=True))
    others = [other for other in every(rule=one.rule) if key in other.parties]
    assert counted[RoleCode.CASE_SUPERVISOR] - counted[LEADER] == len(others) > 0


def test_what_happened_is_kept_with_whom_it_was_about(commission: Commission) -> None:
    one, _key = in_evidence_alone()
    with system_scope("test") as by:
        deciding.move([one.number], "dismiss", {"outcome": "untrue", "why": "查无此事"}, by=by)
        assert set(Matter.objects.get(number=one.number).parties) == set(one.parties)


def test_a_file_that_was_exported_before_is_not_handed_out_any_more(commission: Commission, client_as: As) -> None:
    client = client_as(LEADER)
    asked = client.post("/alerts/export/?rule=SUB-001", {"format": "csv", "why": "汇报"})
    address = asked.headers["Location"]
    assert client.get(address).status_code == 200
    recuse(commission, in_evidence_alone()[1])
    assert client_as(LEADER).get(address).status_code == 404
    again = client_as(LEADER).post("/alerts/export/?rule=SUB-001", {"format": "csv", "why": "汇报"})
    assert client_as(LEADER).get(again.headers["Location"]).status_code == 200


def test_an_export_ends_with_the_sight_it_was_made_in(commission: Commission, client_as: As) -> None:
    """A tie that a delivery brought, a lowered clearance, a post that was taken away: each is another sight."""
    asked = client_as(LEADER).post("/alerts/export/?rule=SUB-001", {"format": "csv", "why": "汇报"})
    address, user = asked.headers["Location"], commission.users[LEADER]
    with system_scope("test"):
        recusal = Recusal.objects.create(user=user, subject_key="citizen_id:999999", relation="spouse", declared_at=clock.now())
        assert client_as(LEADER).get(address).status_code == 404
        recusal.delete()
        assert client_as(LEADER).get(address).status_code == 200
        User.objects.filter(pk=user.pk).update(clearance=1)
        assert client_as(LEADER).get(address).status_code == 404
        User.objects.filter(pk=user.pk).update(clearance=3)
        assert client_as(LEADER).get(address).status_code == 200
        Post.objects.filter(user=user).update(lines=["subsidy"])
        assert client_as(LEADER).get(address).status_code == 404
