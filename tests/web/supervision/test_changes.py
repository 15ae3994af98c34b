"""A change takes two people, once: the table of moves whole, the constraint beneath it, and eight who approve at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from tests.web.audit.conftest import fresh
from tests.web.audit.site import TrailSite
from tests.web.people import Commission, build_commission
from tests.web.supervision.conftest import task
from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import Viewer, acting_as, system_scope
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.notices.models import Notice
from xiezhi.web.supervision import jobs, queries
from xiezhi.web.supervision.actions import deciding, proposing
from xiezhi.web.supervision.models import Change, ParameterSetting, StatusSetting
from xiezhi.web.supervision.states import MOVES, NEXT_STATUS, ChangeState, Conflict, RuleStatus, moved

__all__ = ["fresh"]

As = Callable[[RoleCode], Viewer]
PROPOSER, ANOTHER = RoleCode.CONDUCT_OFFICER, RoleCode.DATA_ANALYST
ACTS = {"approve": deciding.approve, "return": deciding.return_to_proposer, "withdraw": deciding.withdraw}


def proposed(by: Viewer, status: RuleStatus = RuleStatus.RETIRED, code: str = "SUB-001") -> Change:
    with acting_as(by):
        return proposing.propose_status(by=by, code=code, status=status, reason="数据已停止交付")


@pytest.mark.parametrize(("state", "move"), list(product(ChangeState, MOVES)))
def test_the_table_of_moves(state: ChangeState, move: str) -> None:
    allowed = state is ChangeState.PROPOSED
    if allowed:
        assert moved(state, move) == {"approve": "applied", "return": "returned", "withdraw": "withdrawn"}[move]
    else:
        with pytest.raises(Conflict) as refused:
            moved(state, move)
        assert refused.value.zh
        assert refused.value.en
        assert refused.value.todo_zh
        assert refused.value.todo_en


@pytest.mark.django_db
@pytest.mark.parametrize("move", list(ACTS))
@pytest.mark.parametrize("hand", [PROPOSER, ANOTHER, RoleCode.CITY_LEADER, RoleCode.COUNTY_OFFICER, RoleCode.AUDITOR])
def test_who_may_make_which_move(viewer: As, move: str, hand: RoleCode) -> None:
    change, by = proposed(viewer(PROPOSER)), viewer(hand)
    mine, holds = hand is PROPOSER, by.can(MOVES[move].mover)
    may = holds and (mine if move == "withdraw" else not mine)
    with acting_as(by):
        if may:
            assert ACTS[move](by=by, change=change.pk, why="同意").state != ChangeState.PROPOSED
            return
        with pytest.raises((PermissionDenied, UserError)):
            ACTS[move](by=by, change=change.pk, why="同意")
    assert Change.objects.get(pk=change.pk).state == ChangeState.PROPOSED


@pytest.mark.django_db
def test_a_proposer_with_both_rights_still_needs_another(viewer: As) -> None:
    both = viewer(ANOTHER)
    change = proposed(both)
    with acting_as(both):
        require(both, MOVES["approve"].mover)
        with pytest.raises(UserError) as refused:
            deciding.approve(by=both, change=change.pk)
    assert refused.value.code == "XZ-SUP-11"


@pytest.mark.django_db
def test_the_database_holds_it_too(viewer: As) -> None:
    by = viewer(ANOTHER)
    change = proposed(by)
    for values in ({"decided_by_id": by.user_id, "decided_at": clock.now()}, {"state": "applied"}, {"state": "nonsense"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Change.objects.filter(pk=change.pk).update(**values)


@pytest.mark.django_db
def test_what_is_approved_is_in_force_told_and_recorded(viewer: As) -> None:
    change = proposed(viewer(PROPOSER))
    with acting_as(viewer(ANOTHER)) as by:
        deciding.approve(by=by, change=change.pk, why="同意停用")
        assert queries.site().statuses["SUB-001"] is RuleStatus.RETIRED
        assert "SUB-001" not in queries.site().running()
        assert StatusSetting.objects.get(rule="SUB-001").from_change_id == change.pk
    with acting_as(viewer(PROPOSER)):
        assert Notice.objects.filter(key=f"change:{change.pk}:applied").count() == 1
    with system_scope("test", trail=True):
        kinds = set(AuditEvent.objects.filter(kind__startswith="rule.change").values_list("kind", "why"))
    assert kinds == {("rule.change_proposed", "数据已停止交付"), ("rule.change_approved", "同意停用")}


@pytest.mark.django_db
def test_what_a_proposal_is_refused_for(viewer: As) -> None:
    by = viewer(PROPOSER)
    with acting_as(by):
        for given in ({"code": "NOPE"}, {"status": RuleStatus.LIVE}, {"reason": "  "}):
            asked = {"code": "SUB-001", "status": RuleStatus.RETIRED, "reason": "x"} | given
            with pytest.raises(UserError):
                proposing.propose_status(by=by, **asked)  # type: ignore[arg-type]
        with pytest.raises(Http404):
            proposing.propose_parameters(by=by, what_if=uuid4(), reason="x")
    proposed(by)
    with acting_as(viewer(ANOTHER)) as other, pytest.raises(Conflict):
        proposing.propose_status(by=other, code="SUB-001", status=RuleStatus.TRIAL, reason="另一项")
    assert all(RuleStatus.LIVE not in following for now, following in NEXT_STATUS.items() if now is not RuleStatus.TRIAL)


@pytest.mark.django_db
def test_a_change_is_approved_over_what_it_was_tried_against_or_not_at_all(copied: list[int], viewer: As) -> None:
    proposer, other = viewer(PROPOSER), viewer(ANOTHER)
    made: list[UUID] = []
    for months in (2, 3):
        tried = jobs.try_parameters(task(proposer), code="SUB-001", values={"grace_months": months})["what_if"]
        made.append(UUID(tried))
    with acting_as(proposer) as by:
        first = proposing.propose_parameters(by=by, what_if=made[0], reason="放宽")
    with acting_as(other) as by:
        deciding.approve(by=by, change=first.pk)
        assert ParameterSetting.objects.get(rule="SUB-001", name="grace_months").value == 2
    with acting_as(proposer) as by, pytest.raises(Conflict):
        proposing.propose_parameters(by=by, what_if=made[1], reason="再放宽")
    second = jobs.try_parameters(task(proposer), code="SUB-001", values={"grace_months": 3})["what_if"]
    with acting_as(proposer) as by:
        change = proposing.propose_parameters(by=by, what_if=UUID(second), reason="再放宽")
    with system_scope("test"):
        ParameterSetting.objects.filter(rule="SUB-001").update(value=5)
    with acting_as(other) as by, pytest.raises(Conflict):
        deciding.approve(by=by, change=change.pk)
    assert Change.objects.get(pk=change.pk).state == ChangeState.PROPOSED, "nothing half done"


def test_of_eight_who_approve_at_once_one_does(fresh: TrailSite, home: Path) -> None:
    commission: Commission = build_commission()
    leaders = [commission.viewer(ANOTHER), commission.viewer(RoleCode.CITY_LEADER)]

    def press(number: int, change: UUID) -> str:
        by = leaders[number % 2]
        try:
            with acting_as(by):
                return deciding.approve(by=by, change=change).state
        except Conflict:
            return "conflict"
        finally:
            connection.close()

    for code in ("SUB-001", "SUB-002", "SUB-003"):
        change = proposed(commission.viewer(PROPOSER), code=code)
        with ThreadPoolExecutor(8) as pool:
            answers = sorted(pool.map(lambda number, pk=change.pk: press(number, pk), range(8)))
        assert answers == ["applied"] + ["conflict"] * 7
    with system_scope("test", trail=True):
        assert AuditEvent.objects.filter(kind="rule.change_approved").count() == 3
