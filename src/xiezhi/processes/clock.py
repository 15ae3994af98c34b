"""A limit that runs: begun, suspended, resumed, extended, stopped, begun again; and what was true of it at any moment.

Computed from what happened, never kept: whoever asks for a past day is told what was true then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from xiezhi.kernel import clock
from xiezhi.processes.calendar import DAY, UnknownYear, WorkingCalendar
from xiezhi.processes.limit import End, Limit, Unit, end_of, end_on, extended, midnight_after


class Happened(StrEnum):
    BEGUN = "begun"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    EXTENDED = "extended"
    STOPPED = "stopped"


@dataclass(frozen=True)
class ClockEvent:
    """`limit`: of what was begun, or by how much it was extended."""

    what: Happened
    at: datetime
    limit: Limit | None = None


class Lamp(StrEnum):
    """`still`: suspended. `kept` and `broken`: it was stopped, in time or late."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    STILL = "still"
    KEPT = "kept"
    BROKEN = "broken"


@dataclass(frozen=True)
class Clock:
    """What is true of it. `end`: when it ends, or would have ended when it was suspended or stopped."""

    limit: Limit
    begun: datetime
    end: End
    extensions: int = 0
    suspended: datetime | None = None
    stopped: datetime | None = None

    def late(self, at: datetime) -> bool:
        """Whether its end has passed: what happens at the very end is late. While it is suspended no time passes for it."""
        return (self.suspended or self.stopped or at) >= self.end.moment


def clock_at(events: Iterable[ClockEvent], at: datetime, calendar: WorkingCalendar) -> Clock | None:
    """The clock as it was at a moment, from `events` in the order of their happening; None where it had not begun.

    Raises ValueError for what cannot follow on what was before: the process lets no such thing happen.
    """
    running: Clock | None = None
    for event in events:
        if event.at > at:
            break
        running = _after(running, event, calendar)
    return running


def lamp_of(running: Clock, at: datetime, warning: int, calendar: WorkingCalendar) -> Lamp:
    """`warning`: how many working days before its end it turns yellow (of hours: how many hours); 0 for never."""
    if running.stopped:
        return Lamp.BROKEN if running.late(at) else Lamp.KEPT
    if running.late(at):
        return Lamp.RED
    if running.suspended:
        return Lamp.STILL
    return Lamp.YELLOW if warning and at >= _ahead(running, warning, calendar) else Lamp.GREEN


def _after(running: Clock | None, event: ClockEvent, calendar: WorkingCalendar) -> Clock:
    if event.what is Happened.BEGUN:
        if event.limit is None or (running is not None and running.stopped is None):
            raise ValueError(f"a clock that runs is not begun, nor one without a limit: {event}")
        return Clock(event.limit, event.at, end_of(event.limit, event.at, calendar))
    if running is None or running.stopped is not None:
        raise ValueError(f"no clock runs of which this could happen: {event}")
    match event.what:
        case Happened.STOPPED:
            return replace(running, stopped=event.at)
        case Happened.EXTENDED if event.limit is not None:
            end = extended(running.end, event.limit, calendar)
            return replace(running, end=end, extensions=running.extensions + 1)
        case Happened.SUSPENDED if running.suspended is None:
            return replace(running, suspended=event.at)
        case Happened.RESUMED if running.suspended is not None:
            return replace(running, end=_resumed(running, event.at, calendar), suspended=None)
    raise ValueError(f"it cannot happen to a clock as it was: {event}")


def _resumed(running: Clock, at: datetime, calendar: WorkingCalendar) -> End:
    """What was left goes on after the day on which it is resumed, as it would from a beginning. What was late stays late."""
    assert running.suspended is not None
    if running.late(running.suspended):
        return running.end
    last_day = running.end.last_day
    if last_day is None:
        return End(running.end.moment + (at - running.suspended), None)
    since, day = clock.local(running.suspended).date(), clock.local(at).date()
    if running.limit.unit is Unit.WORKING_DAYS:
        return end_on(calendar.after(day, calendar.between(since, last_day)), calendar)
    return end_on(day + max(last_day - since, timedelta(0)), calendar, strict=running.limit.strict)


class AlarmKind(StrEnum):
    REMINDER = "reminder"
    ESCALATION = "escalation"


@dataclass(frozen=True)
class Alarm:
    """Something to be told at a moment. `key` tells it from every other of the same clock: it is told once for each."""

    kind: AlarmKind
    number: int
    moment: datetime
    key: str


def warns_at(running: Clock, warning: int, calendar: WorkingCalendar) -> datetime | None:
    """When its lamp turns yellow; None for never. Counts as `lamp_of` does."""
    return _ahead(running, warning, calendar) if warning else None


def alarms(running: Clock, reminders: Sequence[int], escalations: Sequence[int], calendar: WorkingCalendar) -> list[Alarm]:
    """All that is told of a clock that runs, by the moment; of one that is suspended or stopped nothing.

    `reminders`: so many working days before its end (hours, where it is of hours); `escalations`: so many after it, 0 for at
    once. A reminder whose moment lies before the beginning is none. An end that was moved reminds anew. One whose moment lies in
    a year that nobody entered is not among them: they are asked for again once it is.
    """
    if running.suspended or running.stopped:
        return []
    told = [*_reminders(running, reminders, calendar), *_escalations(running, escalations, calendar)]
    return sorted(told, key=lambda alarm: alarm.moment)


def _reminders(running: Clock, reminders: Sequence[int], calendar: WorkingCalendar) -> Iterator[Alarm]:
    for number in reminders:
        moment = _ahead(running, number, calendar)
        if moment > running.begun:
            yield Alarm(AlarmKind.REMINDER, number, moment, _key(running, AlarmKind.REMINDER, number))


def _escalations(running: Clock, escalations: Sequence[int], calendar: WorkingCalendar) -> Iterator[Alarm]:
    for number in escalations:
        try:
            moment = _behind(running, number, calendar)
        except UnknownYear:
            continue
        yield Alarm(AlarmKind.ESCALATION, number, moment, _key(running, AlarmKind.ESCALATION, number))


def _key(running: Clock, kind: AlarmKind, number: int) -> str:
    return f"{running.begun.isoformat()} {running.end.moment.isoformat()} {kind} {number}"


def _ahead(running: Clock, number: int, calendar: WorkingCalendar) -> datetime:
    """The morning of the day so many working days before the last one, or its beginning where that would lie before it.

    Not looked for before the beginning: that may lie in a year which nobody entered, and which it does not reach into.
    """
    if running.end.last_day is None:
        return running.end.moment - timedelta(hours=number)
    last = _shown_last_day(running.end)
    if calendar.between(clock.local(running.begun).date(), last) <= number:
        return running.begun
    return _morning(calendar.before(last, number))


def _behind(running: Clock, number: int, calendar: WorkingCalendar) -> datetime:
    if running.end.last_day is None:
        return running.end.moment + timedelta(hours=number)
    return midnight_after(calendar.after(_shown_last_day(running.end), number))


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(0), clock.ZONE)


def _shown_last_day(end: End) -> date:
    """The day at whose midnight it ends, holidays looked at."""
    return clock.local(end.moment).date() - DAY
