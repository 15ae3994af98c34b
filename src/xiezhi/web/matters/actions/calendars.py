"""Years of the working calendar: entered by an administrator, or taken from a library as a beginning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import chinese_calendar
from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.scope import entered, system_scope_of
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record
from xiezhi.web.matters import events
from xiezhi.web.matters.actions.stepping import nearest_end, reckon
from xiezhi.web.matters.gateway import WorkingCalendar
from xiezhi.web.matters.models import CalendarDay, CalendarYear, Matter, MatterClock, Task
from xiezhi.web.matters.queries.calendars import forget, working_calendar
from xiezhi.web.matters.queries.matters import steps_of

Day = tuple[bool, str]
"""Whether it is worked, and what it is called."""

LIBRARY = "chinesecalendar"
SATURDAY = 5


@transaction.atomic
def enter_year(year: int, days: Mapping[date, Day], *, source: str, by: Viewer) -> CalendarYear:
    """A year as the State Council arranged it, in place of what was entered of it before. `days`: those unlike the week.

    Clocks that ended in it unknown are reckoned now; those whose end was known before are reckoned anew: an arrangement that
    was corrected moves them. Raises UserError for a day of another year, one that is as the week has it, a year without a day.
    """
    require(by, Permission.CALENDAR_MANAGE)
    WorkingCalendar.of(((day, works) for day, (works, _name) in days.items()), [year])
    CalendarYear.objects.filter(year=year).delete()
    made = CalendarYear.objects.create(year=year, source=source[:200], entered_at=clock.now(), entered_by=by.username)
    CalendarDay.objects.bulk_create(
        CalendarDay(day=day, year=made, works=works, name=name[:60]) for day, (works, name) in days.items()
    )
    forget()
    record(events.YEAR_ENTERED, by=by, on=made, after={"days": len(days), "source": source})
    _reckon_running()
    return made


def seed_years(*, by: Viewer) -> list[int]:
    """The years that the library knows and nobody entered. What an administrator entered is never touched."""
    there = set(CalendarYear.objects.values_list("year", flat=True))
    missing = sorted({day.year for day in chinese_calendar.holidays} - there)
    for year in missing:
        enter_year(year, _known_of(year), source=LIBRARY, by=by)
    return missing


def _known_of(year: int) -> dict[date, Day]:
    free = {
        day: (False, name) for day, name in chinese_calendar.holidays.items() if day.year == year and day.weekday() < SATURDAY
    }
    worked = {
        day: (True, name) for day, name in chinese_calendar.workdays.items() if day.year == year and day.weekday() >= SATURDAY
    }
    return free | worked


def _reckon_running() -> None:
    """Every clock that runs, by the calendar as it is now."""
    with entered(system_scope_of("matters")):
        calendar = working_calendar()
        for matter in Matter.objects.filter(pk__in=MatterClock.objects.filter(stopped_at=None).values("matter")).iterator():
            steps = steps_of(matter)
            for row in MatterClock.objects.filter(matter=matter, stopped_at=None):
                reckon(matter, row.code, steps, calendar)
            due = nearest_end(matter)
            Matter.objects.filter(pk=matter.pk).update(due_at=due)
            Task.objects.filter(matter=matter).update(due_at=due)
