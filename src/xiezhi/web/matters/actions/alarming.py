"""What clocks have to tell: reminders before their end to the holder, escalations after it to the level above. Once each."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from xiezhi.kernel import clock
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
    each alarm's step, its notices and that it was told are of one transaction."""
    done = dict.fromkeys(DONE.values(), 0)
    while True:
        check()
        with transaction.atomic(), entered(system_scope_of("matters")):
            row = _next()
            if row is None:
                break
            for alarm in _ring(row, by, working_calendar()):
                done[DONE[alarm.kind]] += 1
    with transaction.atomic():
        if any(done.values()):
            record(events.ALARMED, by=by, on="matters", after=done)
    return done


def _next() -> MatterClock | None:
    """The clock that has waited longest to tell something, its matter locked."""
    due = MatterClock.objects.filter(alarm_at__lte=clock.now()).order_by("alarm_at", "pk")
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
