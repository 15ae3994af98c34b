"""The working calendar as it was entered."""

from __future__ import annotations

from xiezhi.web.matters.gateway import WorkingCalendar
from xiezhi.web.matters.models import CalendarDay, CalendarYear


def working_calendar() -> WorkingCalendar:
    """Every year that was entered. Of another nothing is guessed: whoever asks for it is told."""
    years = CalendarYear.objects.values_list("year", flat=True)
    return WorkingCalendar.of(CalendarDay.objects.values_list("day", "works"), years)
