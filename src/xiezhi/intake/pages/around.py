"""What a page shows around the tables that are read, put where a sheet has it: with the titles, or below the rows.

Before the first table that is read it is a title. Later it is a footer: what heads a later table, or ends the page, is no word
about the rows above it, and what it states otherwise than they were read must refuse the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from xiezhi.contracts.units import read_unit
from xiezhi.intake.pages.lines import MOST_LINES, PageLines
from xiezhi.intake.pages.table import PageTable
from xiezhi.intake.sheets.footers import Footer, FooterKind, footer_kind
from xiezhi.intake.sheets.second_headers import LEAST

Line = list[str]

_STATES = re.compile(r"单位|币种|币别|货币|\bunit|\bcurrency", re.IGNORECASE)
_LABEL = re.compile(r"(?:计量|金额|货币|计价)?单位|币种|币别|货币", re.IGNORECASE)
_TELLS = re.compile(rf"{_STATES.pattern}|[元圆]|[合总共]计|总[额数]|共\s*\d|yuan|rmb", re.IGNORECASE)
"""A line below a table that says something of it; © and 返回首页 do not."""


def keep_words(table: PageTable, lines: PageLines, *, stated_only: bool) -> None:
    """A table that is not read is text around the others; of one with rows of its own only what may be said of others, too."""
    for place, cells in table.lines():
        lines.add(place, _stated(cells) if stated_only else cells)


def titles_from(lines: PageLines, table: PageTable, other: int) -> list[Line]:
    """What stands before the first table that is read. `other`: where the last table before it ended that has rows of its own.

    What stands before that, such as 汇总表(万元), heads it; only 单位:万元 may be said of the whole page. A row of several cells
    is one text: it is no header of this table.
    """
    far = [stated for line in lines.before(other - 1) if (stated := _stated(line))]
    near = lines.between(other, table.start)
    return [line if len(line) < LEAST else ["  ".join(line)] for line in (*far, *near)[-MOST_LINES:]]


class Below:
    """Lines that are footers of a table of `width` columns, unless they repeat a title or each other."""

    def __init__(self, titles: Iterable[Line], width: int) -> None:
        self.footers: list[Footer] = []
        self._known, self._width = set(map(tuple, titles)), width

    def put(self, lines: Iterable[Line], row: int, *, step: int = 0) -> None:
        """Lines from `row` on, each footer `step` rows below the last.

        Their cells stand in no column of the table: a total is one text, or its figures would be held against any column.
        """
        for line in lines:
            kind = footer_kind(line, self._width) or (FooterKind.NOTE if any(map(_TELLS.search, line)) else None)
            if kind and tuple(line) not in self._known:
                self._known.add(tuple(line))
                self.footers.append(Footer(row, kind, ("  ".join(line),) if kind is FooterKind.TOTAL else tuple(line)))
                row += step


def _stated(cells: Line) -> Line:
    """Cells that name a unit by its label; also where 单位 stands in one and 万元 in the next."""
    pairs = [
        f"{label}:{said}"
        for label, said in pairwise(cells)
        if _LABEL.fullmatch(label.strip(" :：")) and read_unit(said, bare=False, whole=True)
    ]
    return [*(cell for cell in cells if _STATES.search(cell)), *pairs]
