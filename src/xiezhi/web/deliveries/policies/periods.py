"""When a dataset is due. Pure functions over days: the same deliveries on the same day always give the same calendar.

A contract says how often (cadence) and how many days after the end of a period are still on time (grace). A delivery counts
for the periods its own rows are for; where the data does not say, for the period that had ended when it came. Periods are
expected from the first one that was ever delivered, to the one that is running.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from xiezhi.web.deliveries.states import WORST_FIRST, PeriodState

MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
DAYS = {"daily": 1, "weekly": 7}
HISTORY = 12
"""Rows of so many different periods are no stragglers: somebody handed over everything since the first of them."""
EARLY_SHARE = 4
"""A delivery in the last quarter of a running period is for that period, if the one before it has come."""


@dataclass(frozen=True, order=True)
class Period:
    """From `start` to `end`, both included."""

    start: date
    end: date


@dataclass(frozen=True)
class Came:
    """A delivery as the calendar needs it: the day, whether it was refused, and from–to of its rows where the data says it."""

    on: date
    refused: bool = False
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Expectation:
    """One period of a dataset: until when it is on time, and how it stands. `came`: the day it first came whole."""

    period: Period
    due: date
    state: PeriodState
    came: date | None = None


def period_of(day: date, cadence: str) -> Period:
    """The period a day lies in. Weeks begin on Monday; quarters, half-years and years with their calendar months."""
    if cadence in DAYS:
        start = day - timedelta(days=day.weekday()) if cadence == "weekly" else day
        return Period(start, start + timedelta(days=DAYS[cadence] - 1))
    length = MONTHS[cadence]
    first = (day.month - 1) // length * length + 1
    return Period(date(day.year, first, 1), _last_day(day.year, first + length - 1))


def before(period: Period, cadence: str) -> Period:
    return period_of(period.start - timedelta(days=1), cadence)


def between(first: Period, last: Period, cadence: str) -> Iterator[Period]:
    """Every period from `first` to `last`."""
    while first <= last:
        yield first
        first = period_of(first.end + timedelta(days=1), cadence)


def covered(low: date, high: date, distinct: int, cadence: str) -> tuple[date, date]:
    """What a delivery is for, by the smallest and largest day in its period column and how many different ones there are.

    A few stragglers of old months among this month's rows do not make it a delivery of everything in between: unless at least
    half of the periods can have been named, or very many, it is for the newest alone.
    """
    first, last = period_of(low, cadence), period_of(high, cadence)
    several = sum(1 for _one in between(first, last, cadence))
    start = first if distinct * 2 >= several or distinct >= HISTORY else last
    return start.start, last.end


def expectations(cadence: str, grace: int, came: Sequence[Came], today: date) -> list[Expectation]:
    """Every expected period, oldest first; none where nothing ever came: nobody waits for what was never agreed to start."""
    if not came:
        return []
    taken, refused = _by_period(cadence, sorted(came, key=lambda one: (one.on, one.refused)))
    opened = min(one.on for one in came)
    current = period_of(today, cadence)
    begun = [*taken, *refused] or [period_of(opened, cadence)]  # all rows dated after the day they came: waiting began that day
    first = min([*begun, current])
    return [
        _judge(period, grace, taken.get(period), period in refused, opened, today) for period in between(first, current, cadence)
    ]


def worst(found: Sequence[Expectation]) -> PeriodState | None:
    """The state to show for several periods at once."""
    states = {one.state for one in found}
    return next((state for state in WORST_FIRST if state in states), None)


def _judge(period: Period, grace: int, came: date | None, refused: bool, opened: date, today: date) -> Expectation:
    due = period.end + timedelta(days=grace)
    if came is not None:
        # What was handed in when the department was first connected is history, not lateness.
        on_time = came <= max(due, opened)
        return Expectation(period, due, PeriodState.RECEIVED if on_time else PeriodState.LATE, came)
    if refused:
        return Expectation(period, due, PeriodState.REFUSED)
    if today > due:
        return Expectation(period, due, PeriodState.OVERDUE)
    return Expectation(period, due, PeriodState.DUE if today > period.end else PeriodState.NOT_DUE)


def _by_period(cadence: str, came: Sequence[Came]) -> tuple[dict[Period, date], set[Period]]:
    """The day each period first came, and the periods for which something was refused."""
    taken: dict[Period, date] = {}
    refused: set[Period] = set()
    for one in came:
        for period in _meant(one, cadence, taken):
            if one.refused:
                refused.add(period)
            else:
                taken.setdefault(period, one.on)
    return taken, refused


def _meant(one: Came, cadence: str, taken: dict[Period, date]) -> Iterator[Period]:
    running = period_of(one.on, cadence)
    if one.first is not None and one.last is not None:
        # Rows dated after the day they came are mistakes; no future period is ever filled by them.
        yield from between(period_of(one.first, cadence), min(period_of(one.last, cadence), running), cadence)
        return
    ended = before(running, cadence)
    left, length = (running.end - one.on).days, (running.end - running.start).days + 1
    yield running if ended in taken and left * EARLY_SHARE < length else ended


def _last_day(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
