"""The text around the tables of a page, in lines: of each stretch between two tables, those nearest to them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

MOST_LINES = 10
"""Lines next to a table that are looked at: titles and units stand there, menus farther off."""

MOST_CHARACTERS = 400
"""Of one line; of a longer one its beginning and its end, where a note states its unit."""

LONGEST = 10 * MOST_CHARACTERS
"""Characters of a line that are gathered at all: what is longer is an article."""


@dataclass
class _Stretch:
    first: list[list[str]] = field(default_factory=list)
    last: deque[list[str]] = field(default_factory=lambda: deque(maxlen=MOST_LINES))

    def lines(self) -> list[list[str]]:
        return [*self.first, *self.last]


def _parts(cell: str) -> list[str]:
    return [cell] if len(cell) <= MOST_CHARACTERS else [cell[:MOST_CHARACTERS], cell[-MOST_CHARACTERS:]]


class PageLines:
    """Lines by their place: the number of tables that began or ended before them."""

    def __init__(self) -> None:
        self._at: dict[int, _Stretch] = defaultdict(_Stretch)
        self._places: list[int] = []

    def add(self, place: int, cells: Sequence[str]) -> None:
        shown = [part for cell in cells if cell.strip() for part in _parts(cell)]
        if shown:
            stretch = self._at[place]
            (stretch.first if len(stretch.first) < MOST_LINES else stretch.last).append(shown)

    def before(self, place: int) -> list[list[str]]:
        """The last lines up to a place."""
        return self._between(-1, place)[-MOST_LINES:]

    def between(self, start: int, end: int | None) -> list[list[str]]:
        """The first and the last lines from one place to another, or to the end."""
        found = self._between(start, end)
        return found[:MOST_LINES] + found[MOST_LINES:][-MOST_LINES:]

    def _between(self, start: int, end: int | None) -> list[list[str]]:
        if len(self._places) < len(self._at):
            self._places = sorted(self._at)
        last = len(self._places) if end is None else bisect_right(self._places, end)
        places = self._places[bisect_left(self._places, start) : last]
        return [line for place in places for line in self._at[place].lines()]
