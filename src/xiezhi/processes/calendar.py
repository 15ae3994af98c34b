"""Which days are worked. The State Council arranges every year anew: holidays on weekdays, and weekends worked in exchange."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from xiezhi.kernel.errors import UserError

DAY = timedelta(days=1)
SATURDAY = 5


class UnknownYear(UserError):
    """Nobody entered the `year` that had to be looked at."""

    def __init__(self, code: str, *, zh: str, en: str, todo_zh: str, todo_en: str, year: int) -> None:
        super().__init__(code, zh, en, todo_zh, todo_en)
        self.year = year


@dataclass(frozen=True)
class Year:
    """One year as it was arranged: the weekdays that are free, and the days of a weekend that are worked."""

    free: frozenset[date]
    worked: frozenset[date]

    def works(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.free)


@dataclass(frozen=True)
class WorkingCalendar:
    """Years by number. Of a year that is not there nothing is guessed: it is asked for by name."""

    years: Mapping[int, Year]

    @classmethod
    def of(cls, exceptions: Iterable[tuple[date, bool]], years: Iterable[int]) -> Self:
        """From (day, whether it is worked) of what is not as the week has it; `years` are known whole, with or without any.

        Raises UserError: XZ-CAL-02 for a day of a year that is not among them, XZ-CAL-03 for one that is as the week has it
        anyway, XZ-CAL-04 for a year of which no day is worked.
        """
        known = sorted(set(years))
        free: dict[int, set[date]] = {year: set() for year in known}
        worked: dict[int, set[date]] = {year: set() for year in known}
        for day, works in exceptions:
            if day.year not in free:
                raise _foreign(day)
            if works == (day.weekday() < SATURDAY):
                raise _needless(day)
            (worked if works else free)[day.year].add(day)
        arranged = {year: Year(frozenset(free[year]), frozenset(worked[year])) for year in known}
        for number, year in arranged.items():
            if not any(year.works(day) for day in _days_of(number)):
                raise _idle(number)
        return cls(arranged)

    def works(self, day: date) -> bool:
        """Whether the day is worked. Raises UserError XZ-CAL-01 where nobody entered its year."""
        year = self.years.get(day.year)
        if year is None:
            raise _unknown(day.year)
        return year.works(day)

    def from_day(self, day: date) -> date:
        """The day itself if it is worked, else the next one that is."""
        while not self.works(day):
            day += DAY
        return day

    def after(self, day: date, working_days: int) -> date:
        """The last of so many working days after `day`, which is not counted itself; of none: `day` itself."""
        while working_days > 0:
            day = self.from_day(day + DAY)
            working_days -= 1
        return day

    def before(self, day: date, working_days: int) -> date:
        """The first of so many working days before `day`, which is not counted itself; of none: `day` itself."""
        while working_days > 0:
            day -= DAY
            working_days -= self.works(day)
        return day

    def between(self, first: date, last: date) -> int:
        """How many working days lie after `first`, up to and with `last`; 0 where `last` is not after it."""
        return sum(self.works(first + DAY * number) for number in range(1, (last - first).days + 1))


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += DAY


def _unknown(year: int) -> UnknownYear:
    return UnknownYear(
        "XZ-CAL-01",
        zh=f"工作日历没有 {year} 年",
        en=f"the working calendar has no year {year}",
        todo_zh="按国务院办公厅的放假安排录入这一年",
        todo_en="enter the year as the State Council arranged it",
        year=year,
    )


def _foreign(day: date) -> UserError:
    return UserError(
        "XZ-CAL-02",
        zh=f"{day} 不在所录入的年份里",
        en=f"{day} is of none of the years that are entered",
        todo_zh="把这一年一并录入,或去掉这一天",
        todo_en="enter its year as well, or leave the day out",
    )


def _needless(day: date) -> UserError:
    said = ("工作日", "a working day") if day.weekday() < SATURDAY else ("休息日", "a day off")
    return UserError(
        "XZ-CAL-03",
        zh=f"{day} 本来就是{said[0]}",
        en=f"{day} is {said[1]} anyway",
        todo_zh="核对日期是否写错",
        todo_en="see whether the date is right",
    )


def _idle(year: int) -> UserError:
    return UserError(
        "XZ-CAL-04",
        zh=f"{year} 年没有一个工作日",
        en=f"no day of {year} is worked",
        todo_zh="核对放假安排",
        todo_en="see what was arranged",
    )
