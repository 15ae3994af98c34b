"""Which months a fact reaches: where it begins, where it ends, and months between that lack rows which should be there.

Whether an empty month is a gap is a matter of numbers: a register of three deaths a month may well have none in May, but not
none from May to July. What is expected is the median of the months that have rows; of a fact that has rows in fewer than
REGULAR of its months (an item paid once a year) nothing is expected.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import median

REGULAR = 0.6
"""Share of the months from first to last that must have rows for the others to be missed."""

CERTAIN = 7.0
"""So many rows expected and none there: by chance once in a thousand (Poisson)."""

THIN, DEVIATIONS = 0.6, 4.0
"""A month with less than this share of what is expected lacks rows, if it also lies so many standard deviations below."""


@dataclass(frozen=True)
class Reach:
    """Months as their first days. `lacking`: month → rows that are missing (estimated)."""

    first: date
    last: date
    lacking: Mapping[date, int]


def reach_of(rows: Mapping[date, int]) -> Reach | None:
    """What the rows a month tell; None where there are none at all."""
    if not rows:
        return None
    months = list(_months(min(rows), max(rows)))
    counts = [rows.get(month, 0) for month in months]
    filled = [count for count in counts if count]
    if len(filled) < REGULAR * len(counts):
        return Reach(months[0], months[-1], {})
    return Reach(months[0], months[-1], dict(_lacking(months, counts, float(median(filled)))))


def _lacking(months: list[date], counts: list[int], expected: float) -> Iterator[tuple[date, int]]:
    for empty, run in groupby(zip(months, counts, strict=True), key=lambda pair: pair[1] == 0):
        here = list(run)
        if empty and expected * len(here) >= CERTAIN:
            yield from ((month, round(expected)) for month, _ in here)
        elif not empty:
            yield from ((month, round(expected) - count) for month, count in here if _thin(count, expected))


def _thin(count: int, expected: float) -> bool:
    return count < THIN * expected and expected - count > DEVIATIONS * math.sqrt(expected)


def _months(first: date, last: date) -> Iterator[date]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield date(number // 12, number % 12 + 1, 1)
