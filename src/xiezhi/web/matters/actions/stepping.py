"""A step written down: step, clocks, caches and tasks agree, for they are made of each other in one place.

Whoever moves a matter may hand it to people whose rows they do not see, so the rows are written in the name of the platform;
who may was asked before, in theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xiezhi.kernel import clock
from xiezhi.web.accounts.scope import entered, system_scope_of
from xiezhi.web.audit.record import Actor
from xiezhi.web.matters import gateway
from xiezhi.web.matters.gateway import Clock, Happened, Process, UnknownYear, WorkingCalendar
from xiezhi.web.matters.models import Matter, MatterClock, Proposal, Step, Task
from xiezhi.web.matters.models.step import StepKind
from xiezhi.web.matters.models.task import TaskKind
from xiezhi.web.matters.policies.registry import Changes, subject_of
from xiezhi.web.matters.queries.calendars import working_calendar
from xiezhi.web.matters.queries.matters import clock_events, steps_of, waiting_proposal

WHAT = {
    "begin": Happened.BEGUN,
    "stop": Happened.STOPPED,
    "suspend": Happened.SUSPENDED,
    "resume": Happened.RESUMED,
    "extend": Happened.EXTENDED,
}

NOTHING: Changes = {}


@dataclass(frozen=True)
class Taken:
    """What happened. `state` and `seats` after it; `clocks`: (what, clock) as a process names it."""

    kind: StepKind
    state: str
    seats: Mapping[str, int]
    move: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    clocks: Sequence[tuple[str, str]] = ()


def take_step(matter: Matter, process: Process, taken: Taken, *, by: Actor, changes: Changes = NOTHING) -> Step:
    """Write the step of a locked matter, and bring it, its clocks and tasks in step. Inside a transaction.

    `changes`: what its effects changed of the app's own row.
    """
    now = clock.now()
    with entered(system_scope_of("matters")):
        step = Step.objects.create(
            matter=matter,
            number=matter.steps_count + 1,
            at=now,
            kind=taken.kind,
            move=taken.move,
            by_user=by.user_id,
            by_username=by.username,
            by_name=getattr(by, "display_name", "")[:64],
            by_role=str(getattr(by.role, "value", by.role) or "")[:40],
            by_unit_id=getattr(by, "unit_id", None),
            by_unit_name=(by.unit_name or "")[:100],
            state_before=matter.state,
            state=taken.state,
            seats=dict(taken.seats),
            data=dict(taken.data),
            clocks=[change_of(matter, process, what, code, now) for what, code in taken.clocks],
        )
        _bring_in_step(matter, process, step, changes)
    return step


def change_of(matter: Matter, process: Process, what: str, code: str, now: datetime) -> dict[str, Any]:
    """What a step keeps of a change of a clock: where it begins or is extended, the limit that was in force on the day."""
    change: dict[str, Any] = {"clock": code, "what": WHAT[what].value}
    if what not in ("begin", "extend"):
        return change
    version = gateway.deadline(code).on(clock.local(now).date())
    if version is None:
        raise LookupError(f"the deadline {code} of {process.code} had no version in force then")
    if what == "begin":
        limit = version.limit_for(matter.facts)
    else:
        assert version.extension is not None, f"lint lets no process extend {code}"
        limit = version.extension.limit.limit(strict=version.strict)
    return change | {"number": limit.number, "unit": limit.unit.value, "strict": limit.strict}


def _bring_in_step(matter: Matter, process: Process, step: Step, changes: Changes) -> None:
    steps = steps_of(matter)
    touched = {change["clock"] for change in step.clocks}
    if touched:
        calendar = working_calendar()
        for code in sorted(touched):
            reckon(matter, code, steps, calendar)
    apply(matter, process, step)
    matter.due_at = nearest_end(matter)
    matter.save()
    renew_tasks(matter, process)
    subject_of(matter.process).follow(matter, step, changes)


def apply(matter: Matter, process: Process, step: Step) -> None:
    """Bring the columns that lists read in step with a step: state, seats, holder, end."""
    state = process.states[step.state]
    matter.state, matter.seats, matter.steps_count, matter.moved_at = step.state, step.seats, step.number, step.at
    matter.holder_id = step.seats.get(state.seat) if state.seat else None
    matter.holders = sorted(set(step.seats.values()))
    matter.ended_at = (matter.ended_at or step.at) if state.final else None


def reckon(matter: Matter, code: str, steps: Sequence[Step], calendar: WorkingCalendar, *, save: bool = True) -> MatterClock:
    """Bring one clock in step with what the steps did to it. An end that lies in a year nobody entered is unknown, and says so.

    `save=False`: of a matter that has none yet; the row is the caller's to save.
    """
    found = MatterClock.objects.filter(matter=matter, code=code).first() if save else None
    row = found or MatterClock(matter=matter, code=code)
    show(row, steps, calendar)
    if save:
        row.save()
    return row


def show(row: MatterClock, steps: Sequence[Step], calendar: WorkingCalendar) -> None:
    """Bring the columns of a clock in step with what the steps did to it; what was told of it stays."""
    try:
        running = gateway.clock_at(clock_events(steps, row.code), clock.now(), calendar)
    except UnknownYear as unknown:
        begun = next(event for event in reversed(clock_events(steps, row.code)) if event.what is Happened.BEGUN)
        row.begun_at, row.lacks_year = begun.at, unknown.year
        row.ends_at = row.warns_at = row.alarm_at = None
    else:
        assert running is not None, f"a clock {row.code} that no step began"
        _show(row, running, calendar)


def _show(row: MatterClock, running: Clock, calendar: WorkingCalendar) -> None:
    deadline = gateway.deadline(row.code)
    row.begun_at, row.ends_at, row.lacks_year = running.begun, running.end.moment, None
    row.suspended_at, row.stopped_at, row.extensions = running.suspended, running.stopped, running.extensions
    row.warns_at = gateway.warns_at(running, deadline.warning, calendar)
    coming = gateway.alarms(running, deadline.reminders, deadline.escalations, calendar)
    row.alarm_at = next((alarm.moment for alarm in coming if alarm.key not in row.told), None)


def nearest_end(matter: Matter) -> datetime | None:
    """Of the clocks that run; None where none does whose end is known."""
    running = MatterClock.objects.filter(matter=matter, stopped_at=None, suspended_at=None, ends_at__isnull=False)
    return running.order_by("ends_at").values_list("ends_at", flat=True).first()


def renew_tasks(matter: Matter, process: Process) -> None:
    """What waits now, in place of what waited before."""
    Task.objects.filter(matter=matter).delete()
    Task.objects.bulk_create(tasks_of(matter, process, waiting_proposal(matter)))


def tasks_of(matter: Matter, process: Process, proposal: Proposal | None) -> Iterable[Task]:
    """The task that a matter is: for whoever signs next, else for whoever's turn it is; none where it has ended."""
    state = process.states[matter.state]
    shared = {
        "matter": matter,
        "since": matter.moved_at,
        "due_at": matter.due_at,
        "unit_path": matter.unit_path,
        "line": matter.line,
        "cadre_level": matter.cadre_level,
        "label": matter.label,
        "subject_key": matter.subject_key,
        "parties": matter.parties,
        "holders": matter.holders,
    }
    if proposal is not None:
        asked = proposal.signatures[proposal.signed]
        signed = [one["by"] for one in proposal.signatures[: proposal.signed]]
        yield Task(
            kind=TaskKind.SIGN,
            unit_id=asked["unit"],
            region_path=asked["region"],
            permissions=[asked["permission"]],
            besides=[proposal.proposed_by, *signed],
            **shared,
        )
    elif not state.final:
        hands = (gateway.Hand.HOLDER,) if matter.holder_id else (gateway.Hand.ANY, gateway.Hand.HOLDER)
        moves = [move for move in process.moves_from(matter.state).values() if move.by.hand in hands]
        permissions = sorted({move.by.permission for move in moves})
        yield Task(kind=TaskKind.ACT, unit_id=matter.holder_id, permissions=permissions, **shared)
