"""Which months a fact reaches: where it begins, where it ends, and months between that lack rows which should be there.

Whether an empty month is a gap is a matter of numbers: a register of three deaths a month may well have none in May, but not
none from May to July. What is expected is the median of the months around it; where fewer than REGULAR of those have rows
(an item paid once a year, the thin first years of a register) nothing is expected.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import median

AROUND = 6
"""So many months before and after say what is usual."""

REGULAR = 0.6
"""Share of the months around that must have rows for a month to be missed."""

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


def reach_of(rows: Mapping[date, int]) -> Reach:
    """What the rows a month tell, from the first month named to the last. At least one is."""
    months = list(_months(min(rows), max(rows)))
    counts = [rows.get(month, 0) for month in months]
    return Reach(months[0], months[-1], {months[place]: missing for place, missing in _lacking(counts)})


def _lacking(counts: list[int]) -> Iterator[tuple[int, int]]:
    """(place, rows missing) of every month that lacks rows."""
    for empty, run in groupby(range(len(counts)), key=lambda place: counts[place] == 0):
        places = list(run)
        if empty:
            expected = _expected(counts, places[0], places[-1])
            if expected * len(places) >= CERTAIN:
                yield from ((place, round(expected)) for place in places)
        else:
            for place in places:
                expected = _expected(counts, place, place)
                if _thin(counts[place], expected):
                    yield place, round(expected) - counts[place]


def _expected(counts: list[int], first: int, last: int) -> float:
    """What is usual around the months from `first` to `last`; 0 where nothing is."""
    around = counts[max(0, first - AROUND) : first] + counts[last + 1 : last + 1 + AROUND]
    filled = sum(count > 0 for count in around)
    return float(median(around)) if around and filled >= REGULAR * len(around) else 0.0


def _thin(count: int, expected: float) -> bool:
    return count < THIN * expected and expected - count > DEVIATIONS * math.sqrt(expected)


def _months(first: date, last: date) -> Iterator[date]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield date(number // 12, number % 12 + 1, 1)
