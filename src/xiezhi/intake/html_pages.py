"""Which tables of an HTML page are one delivery: a system that prints writes one table a page, each with the header again.

The largest table says what the header is. Tables with that header, and tables of the same width that go on without one, are
read as one. A table with another known header is another delivery: it refuses the page, so that its rows are not lost.

What else the page shows stands where a sheet has it: before the first table that is read, with the titles; later, with the
footers. A title of a later table is no word about the first: what it states otherwise than the page was read must refuse it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from xiezhi.intake.footers import Footer, FooterKind, footer_kind
from xiezhi.intake.heading import find_heading
from xiezhi.intake.merged_cells import Range
from xiezhi.intake.page_lines import PageLines
from xiezhi.intake.page_parser import Page
from xiezhi.intake.page_table import PageTable
from xiezhi.intake.refusals import refuse
from xiezhi.intake.second_headers import LEAST
from xiezhi.intake.sheet import HeaderScore, Heading, Limits, Part
from xiezhi.kernel.errors import RefusedDelivery
from xiezhi.kernel.words import Words

Rows = list[list[str]]
_LOOK_AT = 60
_STATES = re.compile(r"单位|币种|币别|货币|\bunit|\bcurrency", re.IGNORECASE)
"""A cell of a table that is not read which may be a word about the one that is; others, such as 金额(万元), are its own."""

_TELLS = re.compile(rf"{_STATES.pattern}|[元圆]|[合总共]计|总[额数]|共\s*\d|yuan|rmb", re.IGNORECASE)
"""A line below a table that says something of it; © and 返回首页 do not."""


@dataclass
class Together:
    """The tables of a page read as one: numbered rows below the header, and what is said of tables that are not read.

    `merged`: cells that reach over several of the rows, by the rows' numbers less one. `below`: what is shown after the header
    and is no row.
    """

    heading: Heading
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    notes: list[Words] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    below: list[Footer] = field(default_factory=list)

    def take(self, table: PageTable, number: int, taken: int) -> None:
        """A table's rows below its header of `taken` rows; `number`: rows of the tables before it."""
        self.rows.extend(enumerate(table.rows[taken:], start=number + taken + 1))
        for (top, left), (bottom, right) in table.merged:
            if top >= taken:
                self.merged.append(((number + top, left), (number + min(bottom, len(table.rows) - 1), right)))

    def put_below(self, row: int, lines: Iterable[list[str]], step: int = 0) -> None:
        """Lines that are footers, unless they only repeat what stands above. The next line is `step` rows further down."""
        for line in lines:
            kind = footer_kind(line, len(self.heading.names)) or (FooterKind.NOTE if any(map(_TELLS.search, line)) else None)
            if kind and line not in self.heading.title_rows and tuple(line) not in {one.cells for one in self.below[-_LOOK_AT:]}:
                self.below.append(Footer(row, kind, tuple(line)))
                row += step


def put_together(page: Page, part: Part, limits: Limits, score: HeaderScore | None) -> Together:
    """The delivery of a page. Rows are numbered through all tables that are read, headers and titles counted.

    Raises RefusedDelivery `no_header`, `too_many_columns`, or `tables_differ`.
    """
    largest = max((table.rows for table in page.tables), key=_area, default=[])
    wanted, _ = find_heading(largest[:_LOOK_AT], part, None, limits.max_columns, score)
    found = Together(Heading(wanted.names, 0))
    read: list[tuple[PageTable, int, Rows]] = []
    number = 0
    for place, table in enumerate(page.tables, start=1):
        heading, taken = _heading(table.rows, part, limits, score)
        if heading and heading.names == wanted.names:
            found.heading.row = found.heading.row or number + heading.row
        elif heading and score and score(heading.names) >= LEAST and len(table.rows) > taken:
            raise refuse("tables_differ", part.file, member=part.member, place=place, rows=len(table.rows) - taken)
        elif read and _goes_on(table, len(wanted.names)):
            taken = 0
        else:
            told = _passed_over(place, table)
            found.notes += told
            _keep_words(table, page.lines, stated_only=bool(told))
            continue
        read.append((table, number, heading.title_rows if heading and taken else []))
        found.take(table, number, taken)
        number += len(table.rows)
    _put_around(found, read, page.lines, number)
    return found


def _put_around(found: Together, read: list[tuple[PageTable, int, Rows]], lines: PageLines, number: int) -> None:
    """Titles first as they are counted, the page's own words behind them; what comes later below, before the table it heads."""
    first, _, titles = read[0]
    found.heading.title_rows = [*titles, *lines.before(first.start)]
    for (table, _, _), (following, start, titles) in zip(read, read[1:], strict=False):
        found.put_below(start + 1, lines.between(table.end, following.start))
        found.put_below(start + 1, titles, step=1)
    found.put_below(number + 1, lines.between(read[-1][0].end, None), step=1)


def _keep_words(table: PageTable, lines: PageLines, *, stated_only: bool) -> None:
    """A table that is not read is text around the others; of one with data of its own only what may be said of others, too."""
    for place, cells in table.lines():
        lines.add(place, [cell for cell in cells if _STATES.search(cell)] if stated_only else cells)


def _area(rows: Rows) -> int:
    """How large a table looks. One that serves the layout may have more rows than the one inside it."""
    return len(rows) * max(map(_filled, rows[:_LOOK_AT]), default=0)


def _heading(table: Rows, part: Part, limits: Limits, score: HeaderScore | None) -> tuple[Heading | None, int]:
    try:
        return find_heading(table[:_LOOK_AT], part, None, limits.max_columns, score)
    except RefusedDelivery:
        return None, 0


def _goes_on(table: PageTable, width: int) -> bool:
    """A table without a header whose rows have as many cells as the header."""
    return width >= LEAST and bool(table.rows) and not table.holding and all(len(row) == width for row in table.rows)


def _passed_over(place: int, table: PageTable) -> list[Words]:
    """Layout tables are none of the sender's business; a table of several rows and columns may be."""
    rows = table.rows
    if len(rows) < 2 or table.holding or max(map(_filled, rows)) < LEAST:
        return []
    zh = f"网页里第 {place} 张表({len(rows)} 行)的列不同,也没有认得的表头,没有读取"
    en = f"table {place} of the page ({len(rows)} rows) has other columns and no known header: it was not read"
    return [Words(zh=zh, en=en)]


def _filled(row: list[str]) -> int:
    return sum(1 for cell in row if cell.strip())
