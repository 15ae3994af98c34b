"""The one verb: who may move a matter, from where, with what said; what a move leaves, and that a refused one leaves nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.matters.begun import arranged, raised, seen
from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_scope
from xiezhi.web.alerts.models import Alert
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.matters.actions import moving, signing
from xiezhi.web.matters.models import Matter, MatterClock, Proposal, Step, Task
from xiezhi.web.matters.policies.hands import WrongHand
from xiezhi.web.matters.queries.matters import matters
from xiezhi.web.matters.queries.tasks import tasks
from xiezhi.web.notices.models import Notice

WHY = "按职责分工办理"


def move(matter: Matter, code: str, by: Viewer, **given: Any) -> Matter:
    with acting_as(by):
        return moving.move(matter.pk, code, given, by=by)


def sign(matter: Matter, by: Viewer, opinion: str = "") -> Matter:
    with acting_as(by):
        waiting = Proposal.objects.get(matter=matter, state="waiting")
        return signing.sign(matter.pk, str(waiting.pk), opinion=opinion, by=by)


def waits_for(by: Viewer) -> list[str]:
    with acting_as(by):
        return [f"{task.matter.number} {task.kind}" for task in tasks(by).select_related("matter")]


def left(matter: Matter) -> tuple[int, int, int, int, str]:
    """How much there is of a matter: what a refused move must not change."""
    with system_scope("test", trail=True):
        return (
            Step.objects.filter(matter=matter).count(),
            AuditEvent.objects.count(),
            Notice.objects.count(),
            Task.objects.filter(matter=matter).count(),
            Matter.objects.get(pk=matter.pk).state,
        )


def test_a_yellow_alert_goes_to_the_town_and_back(commission: Commission) -> None:
    """Dispatched by the county, signed for, verified, sent back, accepted: every hand-over is seen where it hangs."""
    arranged(2026, 2027)
    county, town = commission.viewer(RoleCode.COUNTY_OFFICER), commission.viewer(RoleCode.TOWN_OFFICER)
    matter = raised(commission, "2026-000001", "v111")
    assert waits_for(county) == ["2026-000001 act"]
    move(matter, "dispatch", county, office=commission.units["tc11"].pk, why=WHY)
    assert seen(matter).holder == commission.units["tc11"]
    assert waits_for(town) == ["2026-000001 act"]
    assert waits_for(county) == []
    move(matter, "sign_for", town)
    move(matter, "submit", town, result="true", findings="入户核实，死亡后仍在发放", amount=120000, returned=60000)
    assert waits_for(county) == ["2026-000001 act"]
    move(matter, "send_back", county, why="请附追回凭证")
    assert seen(matter).state == "verifying"
    move(matter, "submit", town, result="true", findings="入户核实，已追回", amount=120000, returned=120000)
    move(matter, "accept", county, why="同意")
    done = seen(matter)
    assert (done.state, done.holder, done.ended_at is not None, done.due_at) == ("closed", None, True, None)
    assert waits_for(county) == waits_for(town) == []
    with system_scope("test", trail=True):
        alert = Alert.objects.get(matter=matter)
        assert (alert.state, alert.outcome) == ("closed", "true")
        steps = list(Step.objects.filter(matter=matter).order_by("number"))
        assert [step.move for step in steps if step.kind == "moved"] == [
            "dispatch", "sign_for", "submit", "send_back", "submit", "accept",
        ]  # fmt: skip
        assert not MatterClock.objects.filter(matter=matter, stopped_at=None).exists()
        assert AuditEvent.objects.filter(kind="alert.submitted").count() == 2
        assert Notice.objects.filter(url="/alerts/2026-000001/", user=commission.users[RoleCode.TOWN_OFFICER]).count() == 3


def test_a_unit_sees_what_it_has_in_hand_wherever_it_lies(commission: Commission) -> None:
    """Placed at the other county by mistake, dispatched to a town that sees it for that; returned, it is out of its sight again."""
    arranged(2026, 2027)
    town = commission.viewer(RoleCode.TOWN_OFFICER)
    conduct = commission.viewer(RoleCode.CONDUCT_OFFICER)
    matter = raised(commission, "2026-000002", "v211")

    def sees() -> tuple[bool, bool]:
        with acting_as(town):
            return matters(town).filter(pk=matter.pk).exists(), Alert.objects.filter(matter=matter).exists()

    assert sees() == (False, False)
    move(matter, "dispatch", conduct, office=commission.units["tc11"].pk, why=WHY)
    assert sees() == (True, True)
    move(matter, "decline", town, why="不在本镇")
    assert sees() == (False, False)
    back = seen(matter)
    assert (back.state, back.holder_id) == ("returned", conduct.unit_id)


def test_red_takes_the_signatures_of_its_chain(commission: Commission) -> None:
    """Head, then leader; not the proposer, not twice the same; declined it stays where it is."""
    arranged(2026, 2027)
    officer, head, leader = (
        commission.viewer(role) for role in (RoleCode.SUPERVISING_OFFICER, RoleCode.SUPERVISING_HEAD, RoleCode.CITY_LEADER)
    )
    matter = raised(commission, "2026-000003", "v111", level="red")
    move(matter, "dispatch", officer, office=commission.units["cc1"].pk, why=WHY)
    assert seen(matter).state == "open"
    assert waits_for(head) == ["2026-000003 sign"]
    assert waits_for(leader) == []
    with pytest.raises(moving.Conflict, match="XZ-MAT-09"):
        move(matter, "snooze", officer, until="2026-12-30", why="等一等再说")
    for wrong in (officer, leader):
        with pytest.raises(WrongHand):
            sign(matter, wrong)
    sign(matter, head, "同意分办")
    assert waits_for(leader) == ["2026-000003 sign"]
    with pytest.raises(WrongHand):
        sign(matter, head)
    sign(matter, leader)
    done = seen(matter)
    assert (done.state, done.holder, done.seats["dispatcher"]) == ("assigned", commission.units["cc1"], officer.unit_id)
    with system_scope("test"):
        kinds = list(Step.objects.filter(matter=matter).order_by("number").values_list("kind", "by_username"))
    assert kinds[1:] == [
        ("proposed", officer.username), ("signed", head.username), ("signed", leader.username), ("moved", officer.username),
    ]  # fmt: skip


def test_what_is_declined_or_withdrawn_changes_nothing_but_what_is_known(commission: Commission) -> None:
    arranged(2026, 2027)
    officer, head = commission.viewer(RoleCode.SUPERVISING_OFFICER), commission.viewer(RoleCode.SUPERVISING_HEAD)
    matter = raised(commission, "2026-000004", "v111", level="orange")
    for ending in ("decline", "withdraw"):
        move(matter, "dispatch", officer, office=commission.units["cc1"].pk, why=WHY)
        by = head if ending == "decline" else officer
        with acting_as(by):
            waiting = Proposal.objects.get(matter=matter, state="waiting")
            getattr(signing, ending)(matter.pk, str(waiting.pk), why="先核对", by=by)
        assert (seen(matter).state, seen(matter).holders) == ("open", [])
        with pytest.raises(moving.Conflict), acting_as(head):
            signing.sign(matter.pk, str(waiting.pk), opinion="", by=head)


@pytest.mark.parametrize(
    ("role", "code", "given", "error"),
    [
        (RoleCode.TOWN_OFFICER, "dispatch", {"office": "tc11", "why": WHY}, WrongHand),
        (RoleCode.COUNTY_OFFICER, "dispatch", {"office": "tc11"}, UserError),
        (RoleCode.COUNTY_OFFICER, "dispatch", {"office": "tc11", "why": "一"}, UserError),
        (RoleCode.COUNTY_OFFICER, "dispatch", {"office": "civil", "why": WHY}, UserError),
        (RoleCode.COUNTY_OFFICER, "dispatch", {"office": "tc11", "why": "其身份证 110101199003070038"}, UserError),
        (RoleCode.COUNTY_OFFICER, "sign_for", {}, moving.Conflict),
        (RoleCode.COUNTY_OFFICER, "snooze", {"until": "2020-01-01", "why": WHY}, UserError),
        (RoleCode.COUNTY_OFFICER, "dismiss", {"outcome": "maybe", "why": WHY}, UserError),
        (RoleCode.STATIONED_OFFICER, "dismiss", {"outcome": "true", "why": WHY}, Matter.DoesNotExist),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_refused_move_changes_nothing(
    commission: Commission, role: RoleCode, code: str, given: dict[str, Any], error: type[Exception]
) -> None:
    arranged(2026, 2027)
    matter = raised(commission, "2026-000005", "v111")
    said = {name: commission.units[value].pk if name == "office" else value for name, value in given.items()}
    before = left(matter)
    with pytest.raises(error):
        move(matter, code, commission.viewer(role), **said)
    assert left(matter) == before


def test_whoever_reported_does_not_review(commission: Commission) -> None:
    """Handled directly by the office that dispatched: another of the office has to accept it."""
    arranged(2026, 2027)
    officer, head = commission.viewer(RoleCode.SUPERVISING_OFFICER), commission.viewer(RoleCode.SUPERVISING_HEAD)
    matter = raised(commission, "2026-000006", "v111")
    move(matter, "dispatch", officer, office=officer.unit_id, why="直接办理")
    move(matter, "sign_for", officer)
    move(matter, "submit", officer, result="untrue", findings="同名同姓，不是一人")
    with pytest.raises(WrongHand, match="XZ-MAT-07"):
        move(matter, "accept", officer, why="同意")
    move(matter, "accept", head, why="同意")
    assert seen(matter).state == "closed"


def test_another_unit_does_not_move_what_one_has_in_hand(commission: Commission) -> None:
    """The county sees what its town has in hand, and urges it; it does not report in its place."""
    arranged(2026, 2027)
    county, town = commission.viewer(RoleCode.COUNTY_OFFICER), commission.viewer(RoleCode.TOWN_OFFICER)
    matter = raised(commission, "2026-000010", "v111")
    move(matter, "dispatch", county, office=commission.units["tc11"].pk, why=WHY)
    move(matter, "sign_for", town)
    with pytest.raises(WrongHand, match="XZ-MAT-06"):
        move(matter, "submit", county, result="true", findings="代为反馈")
    move(matter, "urge", county, why="请尽快反馈")
    assert seen(matter).state == "verifying"


def test_nobody_signs_their_own_proposal(commission: Commission) -> None:
    """The head who proposes is no signer of the head's signature, though they hold the permission."""
    arranged(2026, 2027)
    head = commission.viewer(RoleCode.SUPERVISING_HEAD)
    matter = raised(commission, "2026-000011", "v111", level="orange")
    move(matter, "dispatch", head, office=commission.units["cc1"].pk, why=WHY)
    assert waits_for(head) == []
    with pytest.raises(WrongHand, match="XZ-MAT-13"):
        sign(matter, head)


def test_a_red_alert_is_not_closed_by_one_person(commission: Commission) -> None:
    """An office without a head: the leader signs. Nobody there who could: it is not proposed, and it is said who is missing."""
    arranged(2026, 2027)
    conduct, leader = commission.viewer(RoleCode.CONDUCT_OFFICER), commission.viewer(RoleCode.CITY_LEADER)
    for number, level in (("2026-000012", "red"), ("2026-000013", "orange")):
        matter = raised(commission, number, "v211", level=level)
        move(matter, "dismiss", conduct, outcome="untrue", why="同名同姓，不是一人")
        assert seen(matter).state == "open"
        assert waits_for(leader) == [f"{number} sign"]
        sign(matter, leader, "同意")
        assert seen(matter).state == "dismissed"
        with system_scope("test"):
            assert Alert.objects.get(matter=matter).outcome == "untrue"
    hidden = raised(commission, "2026-000014", "v211", level="red", label=2)
    commission.users[RoleCode.CITY_LEADER].is_active = False
    commission.users[RoleCode.CITY_LEADER].save()
    with pytest.raises(UserError, match="XZ-MAT-17"):
        move(hidden, "dismiss", conduct, outcome="untrue", why="同名同姓，不是一人")
    assert (seen(hidden).state, seen(hidden).steps_count) == ("open", 1)


def test_a_yellow_one_is(commission: Commission) -> None:
    arranged(2026, 2027)
    matter = raised(commission, "2026-000015", "v111")
    move(matter, "dismiss", commission.viewer(RoleCode.CONDUCT_OFFICER), outcome="permitted", why="公益性岗位")
    assert seen(matter).state == "dismissed"


def test_nobody_is_offered_a_matter_whose_label_is_above_them(commission: Commission) -> None:
    """A town's people are cleared for ordinary and internal data: a restricted alert cannot be handed to them unseen."""
    arranged(2026, 2027)
    county = commission.viewer(RoleCode.COUNTY_OFFICER)
    matter = raised(commission, "2026-000007", "v111", label=2)
    with pytest.raises(UserError, match="XZ-MAT-10"):
        move(matter, "dispatch", county, office=commission.units["tc11"].pk, why=WHY)


def test_an_extension_is_given_twice_at_most(commission: Commission) -> None:
    arranged(2026, 2027)
    county, town = commission.viewer(RoleCode.COUNTY_OFFICER), commission.viewer(RoleCode.TOWN_OFFICER)
    lead = commission.viewer(RoleCode.COUNTY_LEADER)
    matter = raised(commission, "2026-000008", "v111")
    move(matter, "dispatch", county, office=commission.units["tc11"].pk, why=WHY)
    move(matter, "sign_for", town)
    for _time in range(2):
        before = seen(matter).due_at
        move(matter, "extend", town, why="当事人在外地")
        sign(matter, lead)
        assert seen(matter).due_at > before
    with pytest.raises(UserError, match="XZ-MAT-11"):
        move(matter, "extend", town, why="还要时间")


def test_an_end_in_a_year_that_nobody_entered_is_said_and_known_once_it_is(commission: Commission) -> None:
    matter = raised(commission, "2026-000009", "v111")
    with system_scope("test"):
        row = MatterClock.objects.get(matter=matter)
        assert (row.ends_at, row.lacks_year) == (None, clock.today().year)
    arranged(clock.today().year, clock.today().year + 1)
    with system_scope("test"):
        row.refresh_from_db()
        assert row.ends_at is not None
        assert row.lacks_year is None
        assert Task.objects.get(matter=matter).due_at == row.ends_at
