"""Tables in HTML, which many systems export under the name .xls. A page is one delivery."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from xiezhi.intake.files.encoding import Utf8File, as_utf8
from xiezhi.intake.pages.html_pages import Together, put_together
from xiezhi.intake.pages.merged import repeat_down, rows_that_share
from xiezhi.intake.pages.parser import Page
from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheets.sheet import MOST_FOOTERS, BrokenRow, HeaderScore, Limits, Part, Sheet
from xiezhi.intake.workbooks.merged_cells import MERGED_AMOUNT, TooManyMerged
from xiezhi.kernel.words import Words

READS = frozenset({"html"})

_BLOCK = 1 << 18
_LIGHTER = 8
"""By how much a page must be smaller: its cells are Python texts while it is read."""


def open_sheets(part: Part, _kind: str, limits: Limits, scratch: Path, score: HeaderScore | None) -> Iterator[Sheet]:
    """The page's table, or tables of one header. It is held in memory, so the page must be smaller than a workbook might be."""
    size = part.path.stat().st_size
    if size > limits.max_workbook_bytes // _LIGHTER:
        raise refuse("workbook_size", part.file, member=part.member, what=f"{size} bytes")
    with as_utf8(part, scratch) as text:
        page = _parsed(text, part, limits)
        together = put_together(page, part, limits, score)
        hidden = page.hidden + together.hidden
        if together.hidden:  # what is written beside a table on a sheet that is not turned up is as hidden as the table
            together = put_together(_parsed(text, part, limits, hidden_too=True), part, limits, score)
        yield HtmlSheet(part, together, text.encoding, limits, scratch, hidden)


def _parsed(text: Utf8File, part: Part, limits: Limits, *, hidden_too: bool = False) -> Page:
    page = Page(hidden_too=hidden_too)
    with text.path.open(encoding="utf-8", newline="") as handle:
        handle.seek(text.start)
        while block := handle.read(_BLOCK):
            page.feed(block)
            _check_size(page, part, limits)
    page.close()
    _check_size(page, part, limits)
    return page


def _check_size(page: Page, part: Part, limits: Limits) -> None:
    """A short tag may span thousands of cells."""
    if page.size.columns > limits.max_columns:
        what = {"columns": page.size.columns, "most": limits.max_columns}
        raise refuse("too_many_columns", part.file, member=part.member, **what)
    if page.size.cells > limits.max_workbook_cells:
        raise refuse("workbook_size", part.file, member=part.member, what=f"{page.size.cells} cells")


class HtmlSheet(Sheet):
    """The tables of a page that are one; `_row` counts their rows."""

    format = "xls"

    def __init__(self, part: Part, tables: Together, encoding: str, limits: Limits, scratch: Path, hidden: int = 0) -> None:
        super().__init__(part, tables.heading, limits, scratch)
        self.encoding = encoding
        self.notes += [*tables.notes, *([_hidden(hidden)] if hidden else [])]
        self.height = len(tables.rows)
        self._numbered, self._merged, self._below = tables.rows, tables.merged, tables.below

    def _rows(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        named = len(self.header)
        names = [*(f"c{place}" for place in range(named)), "_row"]
        sharing = self._rows_that_share()
        for start in range(0, len(self._numbered), batch_rows):
            every = self._numbered[start : start + batch_rows]
            fitting = [(number, row) for number, row in every if self._fits(number, row, number - 1 in sharing)]
            padded = [row[:named] + [""] * (named - len(row)) for _, row in fitting]
            columns = [pa.array([row[place] for row in padded], pa.string()) for place in range(named)]
            yield pa.RecordBatch.from_arrays([*columns, pa.array([number for number, _ in fitting], pa.int64())], names=names)
        self.footers += self._below[: MOST_FOOTERS - len(self.footers)]

    def _rows_that_share(self) -> frozenset[int]:
        """Rows, counted from 0, that have one amount together; all others get what merged cells show beside them."""
        if not self._merged:
            return frozenset()
        rows = {number - 1: row for number, row in self._numbered}
        try:
            sharing = rows_that_share(self._merged, self.amounts | self.figures, rows)
        except TooManyMerged as error:
            raise refuse("workbook_size", self.file, member=self.member, what=error) from error
        repeat_down(self._merged, self.amounts | self.figures, rows)
        return sharing

    def _fits(self, number: int, row: list[str], shares: bool) -> bool:
        """Browsers show a short row with empty cells at its end; a long one does not fit."""
        if not (shares or any(row[len(self.header) :])):
            return True
        self.broken.append(BrokenRow(number, "\t".join(row), MERGED_AMOUNT if shares else "column_count", tuple(row)))
        return False


def _hidden(count: int) -> Words:
    return Words(
        zh=f"网页中有 {count} 处不显示的行或单元格,也已读入",
        en=f"{count} rows or cells that the page does not show were read, too",
    )
