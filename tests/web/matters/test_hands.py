"""What two hands decided is not undone, gone round or grown out of by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from tests.web.matters.begun import arranged, raised, seen
from tests.web.matters.test_moving import WHY, move, sign, waits_for
from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.models import Recusal, User
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as, system_scope, system_viewer
from xiezhi.web.alerts.actions import deciding
from xiezhi.web.alerts.actions.matters import renew_matters
from xiezhi.web.alerts.models import Alert, History
from xiezhi.web.alerts.presenters import timeline as alert_timeline
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.matters.actions import alarming, signing
from xiezhi.web.matters.models import Matter, MatterClock, Proposal, Step
from xiezhi.web.matters.presenters.matter import timeline
from xiezhi.web.matters.queries.matters import steps_of
from xiezhi.web.notices.models import Notice

SAME = "citizen_id:same"


def row(matter: Matter, level: str) -> dict[str, object]:
    return {
        "number": matter.number,
        "title_zh": matter.title_zh,
        "title_en": matter.title_en,
        "level": level,
        "unit_path": matter.unit_path,
        "line": matter.line,
        "label": matter.label,
        "cadre_level": matter.cadre_level,
        "subject_key": matter.subject_key,
        "parties": matter.parties,
    }


@pytest.mark.parametrize(
    ("level", "ended", "error"), [("red", True, "XZ-ALT-03"), ("blue", False, "XZ-ALT-10"), ("red", False, "")]
)
def test_merging_closes_nothing_that_could_not_be_closed(commission: Commission, level: str, ended: bool, error: str) -> None:
    arranged(2026, 2027)
    conduct = commission.viewer(RoleCode.CONDUCT_OFFICER)
    matter = raised(commission, "2026-400001", "v111", level="red", subject_key=SAME)
    target = raised(commission, "2026-400002", "v111", level=level, subject_key=SAME)
    if ended:
        move(target, "dismiss", conduct, outcome="untrue", why=WHY)
        sign(target, commission.viewer(RoleCode.CITY_LEADER))
    if not error:
        move(matter, "merge", conduct, into=target.number, why=WHY)
        return
    with pytest.raises(UserError, match=error):
        move(matter, "merge", conduct, into=target.number, why=WHY)
    assert seen(matter).state == "open"


def test_what_grew_graver_while_it_waited_takes_the_signatures_of_what_it_is_now(commission: Commission) -> None:
    arranged(2026, 2027)
    officer, head, leader = (
        commission.viewer(role) for role in (RoleCode.SUPERVISING_OFFICER, RoleCode.SUPERVISING_HEAD, RoleCode.CITY_LEADER)
    )
    matter = raised(commission, "2026-400003", "v111", level="orange")
    move(matter, "dismiss", officer, outcome="untrue", why=WHY)
    with system_scope("test"):
        renew_matters([row(matter, "red")])
    sign(matter, head)
    assert seen(matter).state == "open"
    assert waits_for(leader) == ["2026-400003 sign"]
    sign(matter, leader)
    assert seen(matter).state == "dismissed"


def test_what_grew_graver_never_waits_for_somebody_who_has_signed(commission: Commission) -> None:
    """The one leader signed as the office has no head: then it turned red, which takes a leader beside."""
    arranged(2026, 2027)
    conduct, leader = commission.viewer(RoleCode.CONDUCT_OFFICER), commission.viewer(RoleCode.CITY_LEADER)
    matter = raised(commission, "2026-400060", "v211", level="orange")
    move(matter, "dismiss", conduct, outcome="untrue", why=WHY)
    with system_scope("test"):
        renew_matters([row(matter, "red")])
    with pytest.raises(UserError, match="XZ-MAT-20"):
        sign(matter, leader)
    assert (seen(matter).state, waits_for(leader)) == ("open", ["2026-400060 sign"])


@pytest.mark.parametrize("why", ["recused", "expired"])
def test_what_was_proposed_is_not_done_as_somebody_who_may_no_longer_see_it(commission: Commission, why: str) -> None:
    """Nor are they told what became of it."""
    arranged(2026, 2027)
    officer, head = commission.viewer(RoleCode.SUPERVISING_OFFICER), commission.viewer(RoleCode.SUPERVISING_HEAD)
    matter = raised(commission, "2026-400004", "v111", level="orange")
    move(matter, "dismiss", officer, outcome="untrue", why=WHY)
    with system_scope("test"):
        if why == "recused":
            Recusal.objects.create(
                user_id=officer.user_id,
                subject_key=matter.subject_key,
                relation="亲属",
                declared_at=clock.now(),
                declared_by="test",
            )
        else:
            User.objects.filter(pk=officer.user_id).update(expires_on=clock.today())
        told = Notice.objects.filter(user=officer.user_id).count()
    with pytest.raises(UserError, match="XZ-MAT-16"):
        sign(matter, head)
    with acting_as(head):
        waiting = Proposal.objects.get(matter=matter, state="waiting")
        signing.decline(matter.pk, str(waiting.pk), why="换人办理", by=head)
    assert seen(matter).state == "open"
    with system_scope("test"):
        assert Notice.objects.filter(user=officer.user_id).count() == told


def test_somebody_whose_account_has_ended_is_nobody_who_could_sign_or_take_it_in_hand(commission: Commission) -> None:
    arranged(2026, 2027)
    county = commission.viewer(RoleCode.COUNTY_OFFICER)
    with system_scope("test"):
        User.objects.filter(pk=commission.users[RoleCode.TOWN_OFFICER].pk).update(expires_on=clock.today() - timedelta(days=1))
    with pytest.raises(UserError, match="XZ-MAT-10"):
        move(raised(commission, "2026-400005", "v111"), "dispatch", county, office=commission.units["tc11"].pk, why=WHY)


def test_a_transfer_goes_to_whose_it_is_and_with_approval_where_the_dispatch_took_one(commission: Commission) -> None:
    arranged(2026, 2027)
    officer, head, county = (
        commission.viewer(role) for role in (RoleCode.SUPERVISING_OFFICER, RoleCode.SUPERVISING_HEAD, RoleCode.COUNTY_OFFICER)
    )
    matter = raised(commission, "2026-400006", "v111", level="orange")
    move(matter, "dispatch", officer, office=commission.units["cc1"].pk, why=WHY)
    sign(matter, head)
    for wrong in ("cc1", "group1"):
        with pytest.raises(UserError, match="XZ-ALT-11"):
            move(matter, "transfer", county, office=commission.units[wrong].pk, why=WHY)
    move(matter, "transfer", county, office=commission.units["tc11"].pk, why=WHY)
    assert seen(matter).holder == commission.units["cc1"], "until the level above has agreed"
    sign(matter, commission.viewer(RoleCode.CITY_LEADER))
    assert seen(matter).holder == commission.units["tc11"]


def test_what_was_verified_and_reviewed_is_not_undone_by_one(commission: Commission) -> None:
    arranged(2026, 2027)
    county, town, head = (
        commission.viewer(role) for role in (RoleCode.COUNTY_OFFICER, RoleCode.TOWN_OFFICER, RoleCode.SUPERVISING_HEAD)
    )
    matter = raised(commission, "2026-400007", "v111")
    move(matter, "dispatch", county, office=commission.units["tc11"].pk, why=WHY)
    move(matter, "sign_for", town)
    move(matter, "submit", town, result="true", findings="属实")
    move(matter, "accept", county, why="同意")
    move(matter, "reopen", county, why="收到新材料")
    with pytest.raises(UserError, match="XZ-ALT-12"):
        move(matter, "dismiss", county, outcome="untrue", why=WHY)
    orange = raised(commission, "2026-400008", "v111", level="orange")
    move(orange, "dismiss", commission.viewer(RoleCode.SUPERVISING_OFFICER), outcome="untrue", why=WHY)
    sign(orange, head)
    move(orange, "reopen", county, why="收到新材料")
    assert seen(orange).state == "dismissed"
    sign(orange, commission.viewer(RoleCode.COUNTY_LEADER))
    assert seen(orange).state == "open"


def test_whoever_only_had_it_in_hand_does_not_reopen_it(commission: Commission) -> None:
    arranged(2026, 2027)
    conduct, town = commission.viewer(RoleCode.CONDUCT_OFFICER), commission.viewer(RoleCode.COUNTY_OFFICER)
    matter = raised(commission, "2026-400009", "v211")
    move(matter, "dispatch", conduct, office=town.unit_id, why=WHY)
    move(matter, "sign_for", town)
    move(matter, "submit", town, result="true", findings="属实")
    with system_scope("test"):
        Matter.objects.filter(pk=matter.pk).update(state="closed")
    with pytest.raises(UserError, match="XZ-ALT-13"):
        move(matter, "reopen", town, why="收到新材料")


def test_another_matter_is_named_only_to_whoever_sees_it(commission: Commission) -> None:
    arranged(2026, 2027)
    conduct, town = commission.viewer(RoleCode.CONDUCT_OFFICER), commission.viewer(RoleCode.TOWN_OFFICER)
    matter = raised(commission, "2026-400010", "v111", subject_key=SAME)
    target = raised(commission, "2026-400011", "v111", subject_key=SAME, label=2)
    move(matter, "merge", conduct, into=target.number, why=WHY)
    for viewer, named in ((conduct, True), (town, False)):
        with acting_as(viewer):
            told = " ".join(line["what"] for line in timeline(matter, steps_of(matter), viewer))
        assert (target.number in told) is named


def test_whoever_may_only_read_alerts_does_not_read_what_was_found(commission: Commission) -> None:
    """Nor why it was dispatched, nor who verified it: the liaison of a village is a neighbour."""
    arranged(2026, 2027)
    county, town = commission.viewer(RoleCode.COUNTY_OFFICER), commission.viewer(RoleCode.TOWN_OFFICER)
    matter = raised(commission, "2026-400012", "v111")
    move(matter, "dispatch", county, office=commission.units["tc11"].pk, why="群众反映强烈")
    move(matter, "sign_for", town)
    move(matter, "submit", town, result="true", findings="入户核实情况属实")
    for role, reads in (
        (RoleCode.VILLAGE_LIAISON, False), (RoleCode.CASE_SUPERVISOR, True), (RoleCode.CITY_LEADER, True), (RoleCode.TOWN_OFFICER, True),
    ):  # fmt: skip
        viewer = commission.viewer(role)
        with acting_as(viewer):
            told = str(timeline(matter, steps_of(matter), viewer))
        assert "反馈核查结果" in told
        assert [word in told for word in ("群众反映强烈", "入户核实情况属实", town.display_name)] == [reads] * 3, role


def test_a_matter_that_cannot_be_told_of_stands_in_the_way_of_no_other(commission: Commission) -> None:
    arranged(2026, 2027)
    several = [raised(commission, f"2026-40002{number}", "v111") for number in range(3)]
    with system_scope("test"):
        Matter.objects.filter(pk=several[0].pk).update(version=99)
        MatterClock.objects.update(alarm_at=clock.now())
    with clock.standing_at(clock.now() + timedelta(days=30)), pytest.raises(UserError, match="XZ-MAT-19"):
        alarming.ring(by=system_viewer("test"))
    with system_scope("test"):
        told = Step.objects.filter(kind="escalated").values_list("matter", flat=True)
        assert set(told) == {matter.pk for matter in several[1:]}


def test_who_carried_out_what_another_proposed_stands_in_one_event(commission: Commission) -> None:
    arranged(2026, 2027)
    officer, head = commission.viewer(RoleCode.SUPERVISING_OFFICER), commission.viewer(RoleCode.SUPERVISING_HEAD)
    matter = raised(commission, "2026-400030", "v111", level="orange")
    move(matter, "dismiss", officer, outcome="untrue", why="同名同姓")
    sign(matter, head)
    with system_scope("test", trail=True):
        event = AuditEvent.objects.get(kind="alert.dismissed")
        assert (event.username, event.why) == (head.username, "同名同姓")
        assert officer.display_name in str(event.details)


def test_a_snooze_that_is_over_is_ended_and_its_clock_runs_again(commission: Commission) -> None:
    arranged(2026, 2027)
    conduct = commission.viewer(RoleCode.CONDUCT_OFFICER)
    matters = [raised(commission, f"2026-40004{number}", "v111") for number in range(3)]
    today = clock.today()
    for matter, days in zip(matters, (1, 1, 9), strict=True):
        move(matter, "snooze", conduct, until=(today + timedelta(days=days)).isoformat(), why=WHY)
        assert seen(matter).due_at is None
    move(matters[1], "dispatch", conduct, office=commission.units["tc11"].pk, why=WHY)
    with clock.standing_at(clock.now() + timedelta(days=1)):
        assert deciding.wake_what_is_over() == 1
        assert deciding.wake_what_is_over() == 0
    assert [(seen(matter).state, seen(matter).due_at is not None) for matter in matters] == [
        ("open", True), ("assigned", True), ("snoozed", False),
    ]  # fmt: skip


def test_an_export_ends_when_what_is_in_it_leaves_ones_hand(
    commission: Commission, client_as: Callable[[RoleCode], Client]
) -> None:
    arranged(2026, 2027)
    conduct, county = commission.viewer(RoleCode.CONDUCT_OFFICER), commission.viewer(RoleCode.COUNTY_OFFICER)
    matter = raised(commission, "2026-400050", "v211")
    move(matter, "dispatch", conduct, office=county.unit_id, why=WHY)
    client = client_as(RoleCode.COUNTY_OFFICER)
    address = client.post("/alerts/export/", {"format": "csv", "why": "核查用"}).headers["Location"]
    assert "2026-400050" in client.get(address).getvalue().decode("utf-8-sig")
    move(matter, "decline", county, why="不在本县")
    assert client.get(address).status_code == 404


def test_nobody_is_offered_a_reveal_that_would_be_refused(
    commission: Commission, client_as: Callable[[RoleCode], Client]
) -> None:
    arranged(2026, 2027)
    conduct, county = commission.viewer(RoleCode.CONDUCT_OFFICER), commission.viewer(RoleCode.COUNTY_OFFICER)
    shown = {}
    for number, unit in (("2026-400051", "v211"), ("2026-400052", "v111")):
        matter = raised(commission, number, unit, subject_key="citizen_id:1")
        move(matter, "dispatch", conduct, office=county.unit_id, why=WHY)
        shown[unit] = "/reveals/ask/" in client_as(RoleCode.COUNTY_OFFICER).get(f"/alerts/{number}/").content.decode()
    assert shown == {"v211": False, "v111": True}


def test_nor_what_was_said_before_there_were_steps(commission: Commission) -> None:
    """Lines of history that people wrote before alerts were matters."""
    matter = raised(commission, "2026-400070", "v111")
    with system_scope("test"):
        alert = Alert.objects.get(matter=matter)
        line = History(alert=alert, what="dismiss", at=clock.now(), by_name="张三", by_unit="县纪委", why="入户核实不属实")
    for role, reads in ((RoleCode.VILLAGE_LIAISON, False), (RoleCode.COUNTY_OFFICER, True)):
        viewer = commission.viewer(role)
        with acting_as(viewer):
            told = str(alert_timeline(alert, [line], [], viewer))
        assert "县纪委" in told
        assert [word in told for word in ("张三", "入户核实不属实")] == [reads] * 2, role
