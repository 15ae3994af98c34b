"""The one verb by which a matter moves. Screens, jobs and other apps call it; nothing else changes a state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.models import Unit
from xiezhi.web.accounts.scope import entered, system_scope_of
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.kinds import EventKind, known
from xiezhi.web.audit.record import record
from xiezhi.web.matters import events, gateway
from xiezhi.web.matters.actions.stepping import Taken, take_step
from xiezhi.web.matters.actions.telling import tell_seats, tell_signers
from xiezhi.web.matters.gateway import MOVER, Hand, Move, Process
from xiezhi.web.matters.models import Matter, MatterClock, Proposal, Step
from xiezhi.web.matters.models.step import StepKind
from xiezhi.web.matters.policies.answers import SHORT, answers
from xiezhi.web.matters.policies.hands import refusal
from xiezhi.web.matters.policies.registry import effect_of, guard_of, subject_of
from xiezhi.web.matters.queries.matters import last_makers, matters, waiting_proposal
from xiezhi.web.matters.queries.people import able_at
from xiezhi.web.matters.queries.signatures import signatures_needed


class Conflict(UserError):
    """The matter is no longer in a state that the move begins from, or waits for signatures: somebody was quicker."""


@transaction.atomic
def move(matter_id: int, code: str, given: Mapping[str, Any], *, by: Viewer) -> Matter:
    """Make a move, or send it for the signatures that it needs. `given`: what is said, by the names of the move's form.

    Raises Matter.DoesNotExist where `by` does not see it; Conflict where somebody was quicker, naming them; UserError where the
    process, a guard or what is said does not allow it, saying who may or what is missing. Then nothing has changed.
    """
    matter = locked(matter_id, by)
    process = gateway.process_of(matter.process, matter.version)
    wanted = process.moves[code]
    refuse_conflict(matter, process, wanted)
    refuse_hand(matter, wanted, by)
    said = answers(wanted, given)
    check(matter, process, wanted, said, by)
    needed = signatures_needed(matter, wanted, by)
    if needed:
        _propose(matter, process, code, said, needed, by)
    else:
        carry_out(matter, process, code, said, by=by)
    return matter


def locked(matter_id: int, by: Viewer) -> Matter:
    """The matter, locked and seen by `by`. Raises Matter.DoesNotExist as if it were not there."""
    return matters(by).select_for_update(of=("self",)).select_related("holder").get(pk=matter_id)


def refuse_conflict(matter: Matter, process: Process, wanted: Move) -> None:
    """Raises Conflict where the move does not begin from where the matter stands."""
    if matter.state not in wanted.from_:
        last = Step.objects.filter(matter=matter, kind__in=(StepKind.BEGUN, StepKind.MOVED)).order_by("-number")[0]
        state = process.states[matter.state]
        who = last.by_name or last.by_username
        raise Conflict(
            "XZ-MAT-08",
            zh=f"该事项已是“{state.title.zh}”({who} {clock.as_read(last.at)}),不能“{wanted.title.zh}”",
            en=f"the matter is {state.title.en.lower()} already ({who}, {clock.as_read(last.at)}); not: {wanted.title.en}",
            todo_zh="刷新页面查看最新状态",
            todo_en="reload the page to see where it stands",
        )
    if waiting := waiting_proposal(matter):
        raise Conflict(
            "XZ-MAT-09",
            zh=f"“{process.moves[waiting.move].title.zh}”正在送审({waiting.proposed_name} {clock.as_read(waiting.proposed_at)})",
            en=f"it waits for approval of: {process.moves[waiting.move].title.en} ({waiting.proposed_name})",
            todo_zh="等审批结束,或由送审人撤回",
            todo_en="wait until it is decided, or let its proposer withdraw it",
        )


def refuse_hand(matter: Matter, wanted: Move, by: Viewer) -> None:
    """Raises WrongHand where the move is not this person's to make."""
    wrong = refusal(matter, wanted, by, last_makers(matter, wanted.by.other_than))
    if wrong is not None:
        raise wrong


def check(matter: Matter, process: Process, wanted: Move, said: Mapping[str, Any], by: Viewer) -> None:
    """What every move checks, and its process's own guards. Raises UserError."""
    for seat, name in wanted.seats.items():
        if name != MOVER:
            _refuse_unable(matter, process, seat, said[name])
    for clock_code in wanted.clocks.extend:
        _refuse_too_many(matter, clock_code)
    for name in wanted.guards:
        guard_of(name)(matter, said, by)


def carry_out(
    matter: Matter, process: Process, code: str, said: Mapping[str, Any], *, by: Viewer, proposer: Viewer | None = None
) -> None:
    """Write a move that nothing stands in the way of. `proposer`: whose move it is, where `by` gave the last signature to it."""
    wanted, mover, before = process.moves[code], proposer or by, matter.state
    seats = {seat: unit for seat, unit in matter.seats.items() if seat not in wanted.vacates}
    seats |= {seat: mover.unit_id if name == MOVER else said[name] for seat, name in wanted.seats.items()}
    clocks = list(wanted.clocks.each())
    changes: dict[str, Any] = {}
    for name in wanted.effects:
        changes |= effect_of(name)(matter, said, mover)
    taken = Taken(StepKind.MOVED, wanted.target(before), seats, code, said, clocks)
    take_step(matter, process, taken, by=mover, changes=changes)
    kind = known(wanted.event) or events.MOVED
    record_step(kind, matter, process, code, by=by, before=before, said=said, proposer=proposer)
    tell_seats(matter, process, code, by=by)


def record_step(
    kind: EventKind,
    matter: Matter,
    process: Process,
    code: str,
    *,
    by: Viewer,
    before: str = "",
    said: Mapping[str, Any] | None = None,
    proposer: Viewer | None = None,
) -> None:
    """The event of a step, on what the matter is about. Long texts stay with the step.

    `proposer`: whose move it was and whose words are said, where `by` gave the last signature to it.
    """
    told = {name: value for name, value in (said or {}).items() if not isinstance(value, str) or len(value) <= SHORT}
    record(
        kind,
        by=by,
        on=subject_of(matter.process).about(matter),
        why=str(told.pop("why", "")),
        before={"state": before} if before else {},
        after={"state": matter.state, **told},
        process=process.title.zh,
        move=process.moves[code].title.zh,
        **({"proposed_by": proposer.display_name} if proposer is not None else {}),
    )


def _propose(
    matter: Matter, process: Process, code: str, said: Mapping[str, Any], needed: list[dict[str, Any]], by: Viewer
) -> None:
    with entered(system_scope_of("matters")):
        proposal = Proposal.objects.create(
            matter=matter,
            move=code,
            data=dict(said),
            signatures=needed,
            proposed_at=clock.now(),
            proposed_by=by.person_id,
            proposed_name=by.display_name,
            proposer_unit_id=by.unit_id,
            proposer_post=by.post_id,
        )
    take_step(matter, process, Taken(StepKind.PROPOSED, matter.state, matter.seats, code, said), by=by)
    record_step(events.PROPOSED, matter, process, code, by=by, said=said)
    tell_signers(matter, process, proposal, by=by)


def _refuse_unable(matter: Matter, process: Process, seat: str, unit_id: int) -> None:
    """Raises UserError where nobody at the unit could go on from any state in which the seat's turn comes."""
    states = [code for code, state in process.states.items() if state.seat == seat]
    moves = [move for code in states for move in process.moves_from(code).values() if move.by.hand is Hand.HOLDER]
    unit = Unit.objects.filter(pk=unit_id, closed_on__isnull=True).first()
    if unit is None or not able_at(unit_id, matter, {move.by.permission for move in moves}):
        raise UserError(
            "XZ-MAT-10",
            zh=f"{unit.full_title.zh if unit else '该单位'}现在没有人能承办此事项",
            en=f"nobody at {unit.full_title.en if unit else 'that unit'} can take this matter in hand",
            todo_zh="换一个单位,或先授予岗位",
            todo_en="choose another unit, or have a post granted first",
        )


def _refuse_too_many(matter: Matter, code: str) -> None:
    row = MatterClock.objects.filter(matter=matter, code=code).first()
    version = gateway.deadline(code).on(clock.today())
    extension = version.extension if version else None
    if extension is None or (row is not None and row.extensions >= extension.times):
        times = extension.times if extension else 0
        raise UserError(
            "XZ-MAT-11",
            zh=f"至多延期 {times} 次,已用完",
            en=f"it may be extended {times} times at most, and was",
            todo_zh="在期限内办结,逾期须说明",
            todo_en="finish it, and say why it is late",
        )
