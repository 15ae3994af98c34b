"""A limit of time: so many hours, days, working days or months from a moment, and when it ends.

As the Civil Code counts (民法典第二百条至第二百零四条): the day on which it begins is not counted; months end on the day of the
same number, or on the month's last; what ends on a day off ends on the next day that is worked; a day ends at midnight.
A limit on somebody's freedom is counted otherwise: from the day itself, and no holiday prolongs it (刑事诉讼法第一百零五条).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from xiezhi.kernel import clock
from xiezhi.processes.calendar import DAY, WorkingCalendar


class Unit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


@dataclass(frozen=True)
class Limit:
    """`number` of `unit`, 1 at least. `strict`: on somebody's freedom, where the first day counts and none is added."""

    number: int
    unit: Unit
    strict: bool = False

    def __post_init__(self) -> None:
        if self.number < 1:
            raise ValueError(f"a limit of {self.number} {self.unit} ends before it begins")
        if self.strict and self.unit is Unit.WORKING_DAYS:
            raise ValueError("nobody is held by working days")

    def last_day(self, first: date, calendar: WorkingCalendar) -> date:
        """The day on which a limit ends that began on `first`, before holidays are looked at. Not of hours."""
        match self.unit:
            case Unit.DAYS:
                last = first + DAY * self.number
            case Unit.WORKING_DAYS:
                return calendar.after(first, self.number)
            case Unit.MONTHS:
                last = _months_after(first, self.number)
            case Unit.HOURS:
                raise ValueError("hours end at a moment, not on a day")
        return last - DAY if self.strict else last


@dataclass(frozen=True)
class End:
    """When a limit ends. `last_day`: before holidays were looked at, from which an extension goes on; None for hours."""

    moment: datetime
    last_day: date | None


def end_of(limit: Limit, begun: datetime, calendar: WorkingCalendar) -> End:
    """When `limit` ends that began at `begun`. Raises UserError where the calendar lacks a year that it reaches into."""
    if limit.unit is Unit.HOURS:
        return End(begun.astimezone(UTC) + timedelta(hours=limit.number), None)
    return end_on(limit.last_day(clock.local(begun).date(), calendar), calendar, strict=limit.strict)


def extended(end: End, limit: Limit, calendar: WorkingCalendar) -> End:
    """The end moved by another limit. It goes on from the last day as it was counted, not from where a holiday put it."""
    if end.last_day is None or limit.unit is Unit.HOURS:
        return end_of(limit, end.moment, calendar)
    last = limit.last_day(end.last_day, calendar)
    return end_on(last + DAY if limit.strict else last, calendar, strict=limit.strict)


def end_on(last: date, calendar: WorkingCalendar, *, strict: bool = False) -> End:
    """The end of a limit whose last day is `last`: its midnight, or that of the next day that is worked."""
    return End(midnight_after(last if strict else calendar.from_day(last)), last)


def midnight_after(day: date) -> datetime:
    """24:00 of a day on the site's clock, in UTC: what happens then is late, what happened before is in time."""
    return datetime.combine(day + DAY, time(0), clock.ZONE).astimezone(UTC)


def _months_after(day: date, number: int) -> date:
    years, month = divmod(day.month - 1 + number, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
