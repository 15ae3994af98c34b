"""The working calendar as it was entered."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from xiezhi.web.matters.gateway import WorkingCalendar
from xiezhi.web.matters.models import CalendarDay, CalendarYear


def working_calendar() -> WorkingCalendar:
    """Every year that was entered. Of another nothing is guessed: whoever asks for it is told."""
    return _as_entered(tuple(CalendarYear.objects.values_list("year", "entered_at")))


def forget() -> None:
    """After a year was entered: of two that are entered at one moment the second counts."""
    _as_entered.cache_clear()


@lru_cache(maxsize=4)
def _as_entered(years: tuple[tuple[int, datetime], ...]) -> WorkingCalendar:
    """Of years that were entered then: a year that is entered anew has another moment."""
    return WorkingCalendar.of(CalendarDay.objects.values_list("day", "works"), [year for year, _ in years])
