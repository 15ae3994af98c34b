"""Values left under merged cells: the sheet shows one value for all of them, the others are there and nobody sees them.

Programs that merge equal cells leave the same value in each: that is what is seen. Another value is what nobody meant to send,
or what nobody knows to be missing; its row is set aside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from xiezhi.intake.sheets.footers import footer_kind, is_total

UNDER_MERGED, MERGED_AMOUNT = "under_merged", "merged_amount"
"""The reasons, as words.REASONS spells them."""

MOST = 2_000_000
"""Rows under merged cells, counted once for each, that are looked at; no sheet that a person sees has as many."""

Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell (row, column), from 0."""


class TooManyMerged(ValueError):
    """Merged cells over and over the whole sheet."""


class Covered:
    """Which cells of a sheet are covered, and by which; ask it row after row. `left`: column of the rows' first cell."""

    def __init__(self, ranges: Sequence[Range], rows: int, left: int) -> None:
        self._under: dict[int, list[tuple[int, int, tuple[int, int]]]] = defaultdict(list)
        self._shown: dict[tuple[int, int], str] = {}
        self._tall: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
        count = 0
        for (top, first), (bottom, last) in ranges:
            count += max(0, min(bottom, rows) - top + 1)
            if count > MOST:
                raise TooManyMerged(f"more than {MOST} rows under merged cells")
            for row in range(top, min(bottom, rows) + 1):
                if bottom > top:
                    self._tall[row].append((top, min(bottom, rows), first - left, last - left))
                self._under[row].append((first - left, last - left, (top, first - left)))

    def __contains__(self, row: int) -> bool:
        """Whether a row has merged cells at all; nearly none has."""
        return row in self._under

    @property
    def rows_together(self) -> bool:
        """Whether any merged cell reaches over several rows."""
        return bool(self._tall)

    def reaching(self, row: int) -> Iterator[tuple[int, int]]:
        """(top row, column) of each merged cell over several rows that shows its value in this row, too."""
        yield from ((top, first) for top, _, first, _ in self._tall.get(row, ()) if first >= 0)

    def shares(self, row: int, columns: AbstractSet[int], rows: Mapping[int, Sequence[str]]) -> bool:
        """Whether one of these columns shows one value for this row and others that hold none: whose share is how much?

        `rows`: those of the table that have merged cells, all of them.
        """
        for top, bottom, first, last in self._tall.get(row, ()):
            shared = [column for column in columns if first <= column <= last]
            if any(not _plain(rows[one][column]) for column in shared for one in range(top, bottom + 1) if one in rows):
                return True
        return False

    def hides(self, row: int, cells: Sequence[str]) -> bool:
        """Whether a row (from 0) holds a value that a merged cell covers and does not show."""
        hidden = False
        for first, last, anchor in self._under.get(row, ()):
            start = max(first, 0)
            if anchor[0] == row:
                self._shown[anchor] = _plain(cells[first]) if 0 <= first < len(cells) else ""
                start = first + 1
            shown = self._shown.get(anchor, "")
            hidden |= any(_plain(cell) not in ("", shown) for cell in cells[max(start, 0) : last + 1])
        return hidden


def repeats_in(cells: Sequence[str]) -> bool:
    """Whether what a merged cell shows is said of this row beside it, too.

    Not of one that has nothing of its own, or is a footer: 小计 behind the village is still one.
    """
    return any(cells) and not (footer_kind(cells, len(cells)) or is_total(cells))


def _plain(cell: str) -> str:
    return cell.strip()
