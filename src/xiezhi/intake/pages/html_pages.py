"""Which tables of an HTML page are one delivery: a system that prints writes one table a page, each with the header again.

The largest table says what the header is. Tables with that header, and tables of the same width that go on without one, are
read as one. A table with another known header is another delivery: it refuses the page, so that its rows are not lost.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from xiezhi.intake.pages.around import Below, keep_words, titles_from
from xiezhi.intake.pages.lines import PageLines
from xiezhi.intake.pages.parser import Page
from xiezhi.intake.pages.table import PageTable
from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheets.footers import Footer, footer_kind
from xiezhi.intake.sheets.heading import find_heading
from xiezhi.intake.sheets.second_headers import LEAST
from xiezhi.intake.sheets.sheet import HeaderScore, Heading, Limits, Part
from xiezhi.intake.workbooks.merged_cells import Range
from xiezhi.kernel.errors import RefusedDelivery
from xiezhi.kernel.words import Words

Rows = list[list[str]]
_LOOK_AT = 60


@dataclass
class Together:
    """The tables of a page read as one: numbered rows below the header, and what is said of tables that are not read.

    `merged`: cells that reach over several of the rows, by the rows' numbers less one. `below`: what is shown after the header
    and is no row. `hidden`: tables that are read and not shown.
    """

    heading: Heading
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    notes: list[Words] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    below: list[Footer] = field(default_factory=list)
    hidden: int = 0


@dataclass
class _Seen:
    """A table and its header, of `taken` rows with its titles. `known`: it is one that a contract has.

    `layout`: such tables stand in this one. `number`: rows of those that are read before it.
    """

    table: PageTable
    heading: Heading | None
    taken: int
    known: bool
    layout: bool = False
    number: int = 0

    @property
    def has_rows(self) -> bool:
        """Whether it is data of its own, and not a line of text or two."""
        return not self.layout and len(self.table.rows) > 1 and max(map(_filled, self.table.rows)) > 1


def put_together(page: Page, part: Part, limits: Limits, score: HeaderScore | None) -> Together:
    """The delivery of a page. Rows are numbered through all tables that are read, headers and titles counted.

    Raises RefusedDelivery `no_header`, `too_many_columns`, or `tables_differ`.
    """
    largest = max((table.rows for table in page.tables), key=_area, default=[])
    names = find_heading(largest[:_LOOK_AT], part, None, limits.max_columns, score)[0].names
    found, read, number, other = Together(Heading(names, 0)), list[_Seen](), 0, -1
    for place, one in enumerate(_look(page, names, part, limits, score), start=1):
        if not one.heading or one.heading.names != names:
            if one.known and len(one.table.rows) > one.taken:
                raise refuse("tables_differ", part.file, member=part.member, place=place, rows=len(one.table.rows) - one.taken)
            if not (read and _goes_on(one, read[-1], len(names))):
                found.notes += _passed_over(place, one, after=bool(read) and one.table.start >= read[-1].table.end)
                keep_words(one.table, page.lines, stated_only=one.has_rows)
                other = one.table.end if one.has_rows and not read else other
                continue
            one.heading, one.taken = None, 0
        one.number, number = number, number + len(one.table.rows)
        read.append(one)
    _take_rows(found, read)
    _put_around(found, read, page.lines, other)
    return found


def _look(page: Page, names: list[str], part: Part, limits: Limits, score: HeaderScore | None) -> list[_Seen]:
    """Every table of the page; `names`: what the header of those to be read says."""
    seen = []
    for table in page.tables:
        heading, taken = _heading(table.rows, part, limits, score)
        known = bool(heading and (heading.names == names or (score and score(heading.names) >= LEAST)))
        seen.append(_Seen(table, heading, taken, known))
    starts = [one.table.start for one in seen if one.known]
    for one in seen:
        one.layout = bisect_left(starts, one.table.end) > bisect_right(starts, one.table.start)
    return seen


def _take_rows(found: Together, read: list[_Seen]) -> None:
    for one in read:
        found.heading.row = found.heading.row or (one.number + one.heading.row if one.heading else 0)
        found.hidden += one.table.hidden
        found.rows.extend(enumerate(one.table.rows[one.taken :], start=one.number + one.taken + 1))
        for (top, left), (bottom, right) in one.table.merged:
            if top >= one.taken:
                found.merged.append(((one.number + top, left), (one.number + bottom, right)))


def _put_around(found: Together, read: list[_Seen], lines: PageLines, other: int) -> None:
    """The first table's titles as they are counted, the page's own words behind them; later ones below the rows before them."""
    titles, width = found.heading.title_rows, len(found.heading.names)
    titles += [*(read[0].heading.title_rows if read[0].heading else []), *titles_from(lines, read[0].table, other)]
    below = Below(titles, width)
    for before, after in zip(read, [*read[1:], None], strict=True):
        row = before.number + len(before.table.rows) + 1
        below.put(lines.between(before.table.end, after.table.start if after else None), row, step=0 if after else 1)
        below.put(after.heading.title_rows if after and after.heading else [], row, step=1)
    found.below = below.footers


def _area(rows: Rows) -> int:
    """How large a table looks. One that serves the layout may have more rows than the one inside it."""
    return len(rows) * max(map(_filled, rows[:_LOOK_AT]), default=0)


def _heading(table: Rows, part: Part, limits: Limits, score: HeaderScore | None) -> tuple[Heading | None, int]:
    try:
        return find_heading(table[:_LOOK_AT], part, None, limits.max_columns, score)
    except RefusedDelivery:
        return None, 0


def _goes_on(one: _Seen, before: _Seen, width: int) -> bool:
    """A table without a header whose rows have as many cells as the header. One in a cell of the table before it is its value."""
    rows = one.table.rows
    alone = not one.layout and one.table.start >= before.table.end
    return alone and width >= LEAST and bool(rows) and all(len(row) == width for row in rows)


def _passed_over(place: int, one: _Seen, *, after: bool) -> list[Words]:
    """Layout tables are none of the sender's business; a table of several rows and columns may be.

    One row may be one, too, where it stands `after` what was read and has a figure: in a menu there is none.
    """
    rows = len(one.table.rows)
    likely = [
        row
        for row in one.table.rows
        if _filled(row) >= LEAST and not all(footer_kind([cell], LEAST) for cell in row if cell.strip())
    ]
    alone = rows == 1 and after and any(character.isdigit() for cell in one.table.rows[0] for character in cell)
    if not (likely and (one.has_rows or (alone and not one.layout))):
        return []
    zh = f"网页里第 {place} 张表({rows} 行)的列不同,也没有认得的表头,没有读取"
    en = f"table {place} of the page ({rows} rows) has other columns and no known header: it was not read"
    return [Words(zh=zh, en=en)]


def _filled(row: list[str]) -> int:
    return sum(1 for cell in row if cell.strip())
