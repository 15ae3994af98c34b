"""What clocks have to tell: reminders before their end to the holder, escalations after it to the level above. Once each."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.scope import entered, system_scope_of
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record
from xiezhi.web.matters import events, gateway
from xiezhi.web.matters.actions.stepping import Taken, reckon, take_step
from xiezhi.web.matters.actions.telling import tell_above, tell_holder
from xiezhi.web.matters.gateway import Alarm, AlarmKind, WorkingCalendar
from xiezhi.web.matters.models import Matter, MatterClock
from xiezhi.web.matters.models.step import StepKind
from xiezhi.web.matters.queries.calendars import working_calendar
from xiezhi.web.matters.queries.matters import clock_events, steps_of

KINDS = {AlarmKind.REMINDER: StepKind.REMINDED, AlarmKind.ESCALATION: StepKind.ESCALATED}
DONE = {AlarmKind.REMINDER: "reminded", AlarmKind.ESCALATION: "escalated"}


def ring(*, by: Viewer, check: Callable[[], None] = lambda: None) -> dict[str, int]:
    """Tell all that is due; how many were reminded of and escalated. Killed anywhere and begun again it tells nothing twice:
    each alarm's step, its notices and that it was told are of one transaction.

    One that cannot be told stands in the way of no other. Raises UserError at the end, naming the first of them.
    """
    done, stuck = dict.fromkeys(DONE.values(), 0), dict[UUID, UserError]()
    while True:
        check()
        told = _tell_next(by, stuck)
        if told is None:
            break
        for alarm in told:
            done[DONE[alarm.kind]] += 1
    with transaction.atomic():
        if any(done.values()):
            record(events.ALARMED, by=by, on="matters", after=done)
    if stuck:
        first = next(iter(stuck.values()))
        raise UserError(
            "XZ-MAT-19",
            zh=f"{len(stuck)} 个时限的提醒没有发出，第一个的原因：{first.zh}",
            en=f"{len(stuck)} clocks could not tell anybody; the first because: {first.en}",
            todo_zh=first.todo_zh,
            todo_en=first.todo_en,
        ) from first
    return done


def _tell_next(by: Viewer, stuck: dict[UUID, UserError]) -> list[Alarm] | None:
    """What the next clock had to tell; None where none has anything. `stuck`: those that could not, to which it may be added."""
    row: MatterClock | None = None
    try:
        with transaction.atomic(), entered(system_scope_of("matters")):
            row = _next(stuck)
            return _ring(row, by, working_calendar()) if row is not None else None
    except UserError as error:
        if row is None:
            raise
        stuck[row.pk] = error
        return []


def _next(besides: Collection[UUID]) -> MatterClock | None:
    """The clock that has waited longest to tell something, its matter locked."""
    due = MatterClock.objects.filter(alarm_at__lte=clock.now()).exclude(pk__in=besides).order_by("alarm_at", "pk")
    for row in due.only("matter_id")[:100]:
        if Matter.objects.filter(pk=row.matter_id).select_for_update(skip_locked=True).exists():
            return due.filter(pk=row.pk).first()
    return None


def _ring(row: MatterClock, by: Viewer, calendar: WorkingCalendar) -> list[Alarm]:
    """All that this clock has to tell by now. Of several reminders that were missed the last one is told."""
    matter, now = row.matter, clock.now()
    process, deadline = gateway.process_of(matter.process, matter.version), gateway.deadline(row.code)
    running = gateway.clock_at(clock_events(steps_of(matter), row.code), now, calendar)
    assert running is not None, f"a clock {row.code} that no step began"
    coming = gateway.alarms(running, deadline.reminders, deadline.escalations, calendar)
    due = [alarm for alarm in coming if alarm.moment <= now and alarm.key not in row.told]
    told = [alarm for alarm in due if alarm.kind is AlarmKind.ESCALATION] or due[-1:]
    row.told = [*row.told, *(alarm.key for alarm in due)]
    row.save(update_fields=["told"])
    for alarm in told:
        data = {"clock": row.code, "number": alarm.number}
        take_step(matter, process, Taken(KINDS[alarm.kind], matter.state, matter.seats, data=data), by=by)
        if alarm.kind is AlarmKind.ESCALATION:
            tell_above(matter, process, deadline, by=by)
        else:
            tell_holder(matter, process, deadline, by=by)
    reckon(matter, row.code, steps_of(matter), calendar)
    return told
