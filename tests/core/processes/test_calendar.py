"""Which days are worked: as arranged, and never guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.processes.arranged import CALENDAR
from xiezhi.kernel.errors import UserError
from xiezhi.processes.calendar import WorkingCalendar

DAYS = st.dates(date(2024, 1, 1), date(2025, 6, 30))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2025-01-24", True),
        ("2025-01-25", False),
        ("2025-01-26", True),
        ("2025-01-27", True),
        ("2025-01-28", False),
        ("2025-02-04", False),
        ("2025-02-05", True),
        ("2025-02-08", True),
        ("2025-02-09", False),
        ("2025-01-01", False),
        ("2024-12-31", True),
    ],
)
def test_days_are_worked_as_arranged(day: str, works: bool) -> None:
    assert CALENDAR.works(date.fromisoformat(day)) is works


@given(DAYS, st.integers(0, 60))
def test_so_many_working_days_after_a_day_are_counted_one_by_one(day: date, number: int) -> None:
    last = CALENDAR.after(day, number)
    assert CALENDAR.between(day, last) == number
    assert last == day or CALENDAR.works(last)
    assert CALENDAR.between(day, last - timedelta(days=1)) == max(number - 1, 0)


@given(st.dates(date(2024, 6, 1), date(2025, 12, 31)), st.integers(0, 60))
def test_before_is_the_other_way_of_after(day: date, number: int) -> None:
    first = CALENDAR.before(day, number)
    assert number == 0 or CALENDAR.works(first)
    assert CALENDAR.between(first - timedelta(days=1), day - timedelta(days=1)) == number


@pytest.mark.parametrize("asked", [lambda: CALENDAR.works(date(2026, 1, 1)), lambda: CALENDAR.after(date(2025, 12, 30), 5)])
def test_of_a_year_that_nobody_entered_nothing_is_guessed(asked: Callable[[], object]) -> None:
    with pytest.raises(UserError) as refused:
        asked()
    assert (refused.value.code, refused.value.zh) == ("XZ-CAL-01", "工作日历没有 2026 年")


@pytest.mark.parametrize(
    ("exceptions", "years", "code"),
    [
        ([(date(2027, 1, 1), False)], [2026], "XZ-CAL-02"),
        ([(date(2026, 1, 3), False)], [2026], "XZ-CAL-03"),
        ([(date(2026, 1, 5), True)], [2026], "XZ-CAL-03"),
        ([(date(2026, 1, 1) + timedelta(days=n), False) for n in range(365)
          if (date(2026, 1, 1) + timedelta(days=n)).weekday() < 5], [2026], "XZ-CAL-04"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_arrangement_is_refused(exceptions: list[tuple[date, bool]], years: list[int], code: str) -> None:
    with pytest.raises(UserError) as refused:
        WorkingCalendar.of(exceptions, years)
    assert refused.value.code == code
