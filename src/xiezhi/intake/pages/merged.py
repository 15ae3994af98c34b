"""Cells of an HTML table that reach over several rows: what they show is each row's, but an amount is all of theirs together."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from xiezhi.intake.workbooks.merged_cells import Covered, Range, repeats_in

Rows = dict[int, list[str]]
"""Rows of cells by their number less one."""


def rows_that_share(merged: Sequence[Range], amounts: AbstractSet[int], rows: Rows) -> frozenset[int]:
    """The rows, by their number less one, that are one amount's with others: nobody knows how much of it is theirs.

    Raises TooManyMerged.
    """
    tall = [(start, end) for start, end in merged if any(start[1] <= column <= end[1] for column in amounts)]
    covered = Covered(tall, max(rows, default=0), 0)
    widest = max(amounts, default=0) + 1
    texts = {at: [*row, *[""] * (widest - len(row))] for at, row in rows.items() if at in covered and any(row)}
    return frozenset(at for at in texts if covered.shares(at, amounts, texts))


def repeat_down(merged: Sequence[Range], figures: AbstractSet[int], rows: Rows) -> None:
    """Write what a merged cell shows into each row that it stands beside.

    Not into columns of `figures`: an amount or an area over three rows is the sum of them or what each has, nobody knows.
    """
    for (top, column), (bottom, _) in merged:
        shown = rows[top][column]
        for at in range(top + 1, bottom + 1) if column not in figures else ():
            row = rows[at]
            if column < len(row) and not row[column] and repeats_in(row):
                row[column] = shown
