"""Proposed and decided changes of models."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from xiezhi.kernel import clock
from xiezhi.kernel.words import Words
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.supervision.models import Change, Run, RunRule
from xiezhi.web.supervision.states import OPEN, ChangeState, Ending, What


def changes() -> QuerySet[Change]:
    return Change.objects.all()


def change(number: UUID) -> Change:
    """Raises Http404."""
    return get_object_or_404(Change.objects.select_related("what_if"), pk=number)


def changes_of(code: str, most: int = 50) -> list[Change]:
    return list(Change.objects.filter(rule=code)[:most])


def decided_before(code: str, run: int) -> Words | None:
    """Who proposed and who approved the parameters with which `run` was the first to evaluate the rule; None where nobody did."""
    now = Run.objects.filter(pk=run).first()
    done = RunRule.objects.filter(rule=code, ending=Ending.DONE, run_id__lt=run).order_by("-run_id")
    past = done.values_list("run__started", flat=True).first()
    if now is None or past is None:
        return None
    end = now.finished + timedelta(seconds=1)  # runs are recorded to the second
    decided = Change.objects.filter(
        rule=code, what=What.PARAMETERS, state=ChangeState.APPLIED, decided_at__gt=past, decided_at__lt=end
    ).order_by("decided_at")
    told = [_told(one, one.decided_at) for one in decided if one.decided_at is not None]
    return Words(zh="；".join(one.zh for one in told), en="; ".join(one.en for one in told)) if told else None


def _told(one: Change, decided_at: datetime) -> Words:
    proposer, decider, when = one.proposed_by_name, one.decided_by_name, clock.as_read(decided_at)
    return Words(
        zh=f"该参数变更由{proposer}提出，{decider}于{when}批准",
        en=f"the change was proposed by {proposer} and approved by {decider} on {when}",
    )


def open_changes() -> dict[str, Change]:
    """Rule → its change that waits for a decision."""
    return {one.rule: one for one in Change.objects.filter(state__in=OPEN)}


def waiting_for(viewer: Viewer, most: int = 20) -> list[Change]:
    """What this person may decide: proposed by somebody else."""
    if not viewer.can(Permission.RULE_APPROVE):
        return []
    waiting = Change.objects.filter(state=ChangeState.PROPOSED).exclude(proposed_by_id=viewer.user_id)
    return list(waiting.order_by("proposed_at")[:most])
