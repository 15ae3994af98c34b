"""Which tables of an HTML page are one delivery: a system that prints writes one table a page, each with the header again.

The largest table says what the header is. Tables with that header, and tables of the same width that go on without one, are
read as one. A table with another known header is another delivery: it refuses the page, so that its rows are not lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from xiezhi.intake.heading import find_heading
from xiezhi.intake.refusals import refuse
from xiezhi.intake.second_headers import LEAST
from xiezhi.intake.sheet import HeaderScore, Heading, Limits, Part
from xiezhi.kernel.errors import RefusedDelivery
from xiezhi.kernel.words import Words

Rows = list[list[str]]
_LOOK_AT = 60


@dataclass
class Together:
    """The tables of a page read as one: numbered rows below the header, and what is said of tables that are not read."""

    heading: Heading
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    notes: list[Words] = field(default_factory=list)


def put_together(tables: list[Rows], part: Part, limits: Limits, score: HeaderScore | None) -> Together:
    """The delivery of a page. Rows are numbered through all tables that are read, headers and titles counted.

    Raises RefusedDelivery `no_header`, `too_many_columns`, or `tables_differ`.
    """
    largest = max(tables, key=len, default=[])
    wanted, _ = find_heading(largest[:_LOOK_AT], part, None, limits.max_columns, score)
    found: Together | None = None
    notes: list[Words] = []
    number = 0
    for place, table in enumerate(tables, start=1):
        heading, taken = _heading(table, part, limits, score)
        if heading and heading.names == wanted.names:
            found = _with_titles(found or Together(Heading(wanted.names, number + heading.row)), heading.title_rows)
        elif heading and score and score(heading.names) >= LEAST and len(table) > taken:
            raise refuse("tables_differ", part.file, member=part.member, place=place, rows=len(table) - taken)
        elif found and _goes_on(table, len(wanted.names)):
            taken = 0
        else:
            notes += _passed_over(place, table)
            continue
        found.rows.extend(enumerate(table[taken:], start=number + taken + 1))
        number += len(table)
    assert found is not None, "the largest table has its own header"
    found.notes = notes
    return found


def _heading(table: Rows, part: Part, limits: Limits, score: HeaderScore | None) -> tuple[Heading | None, int]:
    try:
        return find_heading(table[:_LOOK_AT], part, None, limits.max_columns, score)
    except RefusedDelivery:
        return None, 0


def _with_titles(found: Together, titles: Rows) -> Together:
    """Titles may state a unit: those of a later page count as well, if they say anything else."""
    found.heading.title_rows.extend(row for row in titles if row not in found.heading.title_rows)
    return found


def _goes_on(table: Rows, width: int) -> bool:
    """A table without a header whose rows have as many cells as the header."""
    return width >= LEAST and bool(table) and all(len(row) == width for row in table)


def _passed_over(place: int, table: Rows) -> list[Words]:
    """Layout tables are none of the sender's business; a table of several rows and columns may be."""
    if len(table) < 2 or max(map(_filled, table)) < LEAST:
        return []
    zh = f"网页里第 {place} 张表({len(table)} 行)的列不同,也没有认得的表头,没有读取"
    en = f"table {place} of the page ({len(table)} rows) has other columns and no known header: it was not read"
    return [Words(zh=zh, en=en)]


def _filled(row: list[str]) -> int:
    return sum(1 for cell in row if cell.strip())
