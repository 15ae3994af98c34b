"""Matters, their steps and clocks."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.matters.gateway import ClockEvent, Happened, Limit, Unit
from xiezhi.web.matters.models import Matter, MatterClock, Proposal, Step
from xiezhi.web.matters.models.proposal import ProposalState
from xiezhi.web.matters.models.step import StepKind


def matters(viewer: Viewer) -> QuerySet[Matter]:
    """Those within the viewer's scope, and those that their unit has in hand."""
    return seen_by(Matter.objects.all(), viewer.scope)


def steps_of(matter: Matter) -> list[Step]:
    """Of a matter that the viewer sees, oldest first."""
    return list(Step.objects.filter(matter=matter).order_by("number"))


def clocks_of(matter: Matter) -> list[MatterClock]:
    """Of a matter that the viewer sees, those that run first, the nearest end first."""
    return sorted(
        MatterClock.objects.filter(matter=matter),
        key=lambda one: (one.stopped_at is not None, one.ends_at is None, one.ends_at or one.begun_at),
    )


def waiting_proposal(matter: Matter) -> Proposal | None:
    """What waits for signatures; None where nothing does."""
    return Proposal.objects.filter(matter=matter, state=ProposalState.WAITING).first()


def in_approval(matter_id: int) -> bool:
    """Whether something of it waits for signatures: until then nothing else moves it."""
    return Proposal.objects.filter(matter=matter_id, state=ProposalState.WAITING).exists()


def last_makers(matter: Matter, moves: Collection[str]) -> set[int]:
    """Ids of the people who made each of these moves last."""
    if not moves:
        return set()
    made = Step.objects.filter(matter=matter, kind=StepKind.MOVED, move__in=moves).order_by("move", "-number").distinct("move")
    return {step.by_user for step in made if step.by_user is not None}


def clock_events(steps: Collection[Step], code: str) -> list[ClockEvent]:
    """What the steps did to one clock, in their order."""
    return [
        ClockEvent(Happened(change["what"]), step.at, _limit(change))
        for step in steps
        for change in step.clocks
        if change["clock"] == code
    ]


def _limit(change: dict[str, object]) -> Limit | None:
    if "number" not in change:
        return None
    return Limit(int(str(change["number"])), Unit(str(change["unit"])), bool(change.get("strict")))
