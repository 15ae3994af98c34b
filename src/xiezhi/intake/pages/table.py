"""One table of an HTML page as it is being read. Cells that reach over columns and rows leave empty places, as in a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from xiezhi.intake.pages.lines import MOST_CHARACTERS, MOST_LINES
from xiezhi.intake.pages.visible_text import VisibleText
from xiezhi.intake.workbooks.merged_cells import Range


@dataclass
class Size:
    """Cells of all tables of a page, and of its widest row: one short tag may stand for thousands."""

    cells: int = 0
    columns: int = 0


@dataclass
class PageTable:
    """Rows of texts. `start` and `end` say where in the page it stands, `at` where each row does.

    `merged`: cells with a text that reach over several rows. `holding`: cells that hold tables of their own, the text of which
    is seen in them.
    """

    start: int
    hidden: bool
    size: Size
    end: int = 0
    rows: list[list[str]] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    holding: set[tuple[int, int]] = field(default_factory=set)
    cell: VisibleText | None = None
    _inner: list[str] = field(default_factory=list)
    _spans: tuple[int, int] = (1, 1)
    _below: dict[int, int] = field(default_factory=dict)
    _covered: dict[int, int] = field(default_factory=dict)
    _row_open: bool = False
    _of_group: int = 0

    def begin_row(self, at: int) -> None:
        self.end_row()
        self.rows.append([])
        self.at.append(at)
        self._covered = self._below
        self._below = {column: rows - 1 for column, rows in self._below.items() if rows > 1}
        self._row_open = True

    def begin_cell(self, at: int, across: int, down: int) -> None:
        if not self._row_open:
            self.begin_row(at)
        while len(self.rows[-1]) in self._covered:
            self.rows[-1].append("")
        self.cell, self._inner, self._spans = VisibleText(), [], (across, down)

    def hold(self, text: str) -> None:
        """Text of the open cell, or of a table in it, that comes before what is said next."""
        self._inner.append(text)

    @property
    def holds(self) -> bool:
        """Whether the open cell holds a table."""
        return bool(self._inner)

    def end_cell(self, text: str) -> None:
        row, across, down = self.rows[-1], *self._spans
        here, column = len(self.rows) - 1, len(row)
        if self._inner:
            self.holding.add((here, column))
            text = "\n".join(filter(None, [*self._inner, text]))
        row.extend([text, *[""] * (across - 1)])
        if down > 1:
            self._below.update(dict.fromkeys(range(column, column + across), down - 1))
        if down > 1 and text:
            self.merged.append(((here, column), (here + down - 1, column + across - 1)))
        self.size.columns = max(self.size.columns, len(row))
        self.cell, self._inner = None, []

    def end_row(self) -> None:
        """A cell that reaches down into a row's end is used up by it, though no later cell begins there."""
        if not self._row_open:
            return
        row = self.rows[-1]
        row.extend([""] * (max(self._covered, default=-1) + 1 - len(row)))
        self._row_open = False
        self.size.cells += 1 + len(row)
        self.size.columns = max(self.size.columns, len(row))

    def end_group(self) -> None:
        """No cell reaches from a table's head into its body, nor beyond its last row."""
        self.end_row()
        self._below, last = {}, len(self.rows) - 1
        reaching = [(start, (min(bottom, last), right)) for start, (bottom, right) in self.merged[self._of_group :]]
        self.merged[self._of_group :] = [(start, end) for start, end in reaching if start[0] < end[0]]
        self._of_group = len(self.merged)

    def text(self) -> str:
        """What a cell that holds this table shows, or its beginning: enough to see that it is no value."""
        found: list[str] = []
        for row in self.rows[:MOST_LINES]:
            found += filter(None, row)
        return "\n".join(found)[:MOST_CHARACTERS]

    def lines(self) -> Iterator[tuple[int, list[str]]]:
        """Its first and last rows as text around another table, each with its place, without what inner tables say."""
        last = max(MOST_LINES, len(self.rows) - MOST_LINES)
        for number in (*range(min(MOST_LINES, len(self.rows))), *range(last, len(self.rows))):
            own = [cell for column, cell in enumerate(self.rows[number]) if cell and (number, column) not in self.holding]
            if own and not self.hidden:
                yield self.at[number], [part for cell in own for part in cell.split("\n")]
