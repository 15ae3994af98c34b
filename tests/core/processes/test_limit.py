"""When a limit ends: to the last moment and the next, over weekends, Spring Festival and New Year."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.core.processes.arranged import CALENDAR, at
from xiezhi.kernel.clock import as_read
from xiezhi.processes.limit import Limit, Unit, end_of, extended


@pytest.mark.parametrize(
    ("number", "unit", "strict", "begun", "last_moment"),
    [
        (3, Unit.WORKING_DAYS, False, "2025-01-06 09:00", "2025-01-09 23:59"),
        (3, Unit.WORKING_DAYS, False, "2025-01-09 17:59", "2025-01-14 23:59"),
        (3, Unit.WORKING_DAYS, False, "2025-01-11 10:00", "2025-01-15 23:59"),  # begun on a Saturday: Monday is the first
        (3, Unit.WORKING_DAYS, False, "2025-01-06 23:30", "2025-01-09 23:59"),  # begun at night: the same as by day
        (3, Unit.WORKING_DAYS, False, "2025-01-24 09:00", "2025-02-05 23:59"),  # 26 and 27 January, then Spring Festival
        (1, Unit.WORKING_DAYS, False, "2024-12-31 09:00", "2025-01-02 23:59"),
        (10, Unit.DAYS, False, "2025-01-06 09:00", "2025-01-16 23:59"),
        (10, Unit.DAYS, False, "2025-01-19 09:00", "2025-02-05 23:59"),  # the 29th is Spring Festival
        (5, Unit.DAYS, False, "2025-01-21 09:00", "2025-01-26 23:59"),  # a Sunday that is worked
        (2, Unit.DAYS, False, "2024-12-30 09:00", "2025-01-02 23:59"),
        (1, Unit.MONTHS, False, "2025-01-31 09:00", "2025-02-28 23:59"),
        (1, Unit.MONTHS, False, "2024-01-31 09:00", "2024-02-29 23:59"),
        (3, Unit.MONTHS, False, "2024-11-30 09:00", "2025-02-28 23:59"),
        (2, Unit.MONTHS, False, "2024-12-15 09:00", "2025-02-17 23:59"),  # the 15th is a Saturday
        (3, Unit.MONTHS, True, "2025-01-10 15:00", "2025-04-09 23:59"),
        (7, Unit.DAYS, True, "2025-01-25 15:00", "2025-01-31 23:59"),  # no holiday prolongs it
        (1, Unit.DAYS, True, "2025-01-25 15:00", "2025-01-25 23:59"),
    ],
)
def test_it_ends_with_its_last_moment(number: int, unit: Unit, strict: bool, begun: str, last_moment: str) -> None:
    end = end_of(Limit(number, unit, strict), at(begun), CALENDAR)
    assert as_read(end.moment - timedelta(seconds=1)) == last_moment


def test_hours_are_hours_by_night_and_on_holidays_too() -> None:
    assert as_read(end_of(Limit(24, Unit.HOURS), at("2025-01-28 21:30"), CALENDAR).moment) == "2025-01-29 21:30"
    assert as_read(end_of(Limit(24, Unit.HOURS, strict=True), at("2024-12-31 21:30"), CALENDAR).moment) == "2025-01-01 21:30"


@pytest.mark.parametrize(
    ("limit", "more", "begun", "last_moment"),
    [
        (Limit(3, Unit.WORKING_DAYS), Limit(2, Unit.WORKING_DAYS), "2025-01-06 09:00", "2025-01-13 23:59"),
        (Limit(10, Unit.DAYS), Limit(5, Unit.DAYS), "2025-01-19 09:00", "2025-02-05 23:59"),  # from 29 January, not 5 February
        (Limit(3, Unit.MONTHS, strict=True), Limit(3, Unit.MONTHS, strict=True), "2025-01-10 15:00", "2025-07-09 23:59"),
        (Limit(7, Unit.DAYS, strict=True), Limit(3, Unit.DAYS, strict=True), "2025-01-25 15:00", "2025-02-03 23:59"),
    ],
)
def test_an_extension_goes_on_from_the_day_as_it_was_counted(limit: Limit, more: Limit, begun: str, last_moment: str) -> None:
    end = extended(end_of(limit, at(begun), CALENDAR), more, CALENDAR)
    assert as_read(end.moment - timedelta(seconds=1)) == last_moment


def test_hours_are_extended_by_hours() -> None:
    end = extended(end_of(Limit(8, Unit.HOURS), at("2025-01-06 09:00"), CALENDAR), Limit(16, Unit.HOURS), CALENDAR)
    assert as_read(end.moment) == "2025-01-07 09:00"


@pytest.mark.parametrize(
    ("number", "unit", "strict"), [(0, Unit.DAYS, False), (-1, Unit.HOURS, False), (3, Unit.WORKING_DAYS, True)]
)
def test_what_can_be_no_limit_is_refused(number: int, unit: Unit, strict: bool) -> None:
    with pytest.raises(ValueError, match=r"limit of|working days"):
        Limit(number, unit, strict)
