"""Tables in HTML, which many systems export under the name .xls. A page is one delivery."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa

from xiezhi.intake.encoding import as_utf8
from xiezhi.intake.html_pages import Together, put_together
from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheet import BrokenRow, HeaderScore, Limits, Part, Sheet
from xiezhi.kernel.words import Words

READS = frozenset({"html"})

_BLOCK = 1 << 20
_CELLS = ("td", "th")
_MOST_SPAN = 200
_ASIDE = ("sup", "sub", "s", "strike", "del")
"""Footnote marks and what was struck out: kept apart by brackets, or 2521 with a note 1 would be 25211."""

_VOID = ("br", "img", "input", "hr", "wbr", "col", "link", "meta")
"""Tags that nothing ends."""

_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_LIGHTER = 8
"""By how much a page must be smaller: its cells are Python texts while it is read."""


def open_sheets(part: Part, _kind: str, limits: Limits, scratch: Path, score: HeaderScore | None) -> Iterator[Sheet]:
    """The page's table, or tables of one header. It is held in memory, so the page must be smaller than a workbook might be."""
    size = part.path.stat().st_size
    if size > limits.max_workbook_bytes // _LIGHTER:
        raise refuse("workbook_size", part.file, member=part.member, what=f"{size} bytes")
    with as_utf8(part, scratch) as text:
        page = _Page()
        with text.path.open(encoding="utf-8", newline="") as handle:
            handle.seek(text.start)
            while block := handle.read(_BLOCK):
                page.feed(block)
        page.close()
        yield HtmlSheet(part, put_together(page.tables, part, limits, score), text.encoding, limits, scratch, page.hidden)


class HtmlSheet(Sheet):
    """The tables of a page that are one; `_row` counts their rows."""

    format = "xls"

    def __init__(self, part: Part, tables: Together, encoding: str, limits: Limits, scratch: Path, hidden: int = 0) -> None:
        super().__init__(part, tables.heading, limits, scratch)
        self.encoding = encoding
        self.notes += [*tables.notes, *([_hidden(hidden)] if hidden else [])]
        self._numbered = tables.rows

    def _rows(self, batch_rows: int) -> Iterator[pa.RecordBatch]:
        named = len(self.header)
        names = [*(f"c{place}" for place in range(named)), "_row"]
        for start in range(0, len(self._numbered), batch_rows):
            fitting = [pair for pair in self._numbered[start : start + batch_rows] if self._fits(*pair)]
            padded = [row[:named] + [""] * (named - len(row)) for _, row in fitting]
            columns = [pa.array([row[place] for row in padded], pa.string()) for place in range(named)]
            yield pa.RecordBatch.from_arrays([*columns, pa.array([number for number, _ in fitting], pa.int64())], names=names)

    def _fits(self, number: int, row: list[str]) -> bool:
        """Browsers show a short row with empty cells at its end; a long one does not fit."""
        if not any(row[len(self.header) :]):
            return True
        self.broken.append(BrokenRow(number, "\t".join(row), "column_count", tuple(row)))
        return False


class _Page(HTMLParser):
    """Collects the tables of a page. A cell that spans columns leaves empty cells behind it, as in a spreadsheet."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._cell: list[str] | None = None
        self._span = 1
        self._below: dict[int, int] = {}
        self.hidden = 0
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("tr", *_CELLS):
            self.hidden += _is_hidden(dict(attrs))
        elif self._cell is not None and tag not in _VOID and (self._unseen or _is_hidden(dict(attrs))):
            self._unseen.append(tag)
        if tag == "table":
            self._open.append([])
            self.tables.append(self._open[-1])
            self._below = {}
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].append([])
        elif tag in _CELLS and self._open and self._open[-1]:
            self._end_cell()
            self._begin_cell(dict(attrs))
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")
        elif tag in _ASIDE and self._cell is not None and not self._unseen:
            self._cell.append("[")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen and tag == self._unseen[-1]:
            self._unseen.pop()
        elif tag in _ASIDE and self._cell is not None:
            self._cell.append("]")
        if tag in (*_CELLS, "tr", "table"):
            self._end_cell()
        if tag == "table" and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._unseen:
            self._cell.append(data)

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        row = self._open[-1][-1]
        self._pass_merged(row)
        self._span, down = (_span(attributes.get(name)) for name in ("colspan", "rowspan"))
        if down > 1:
            self._below.update(dict.fromkeys(range(len(row), len(row) + self._span), down))
        self._cell, self._unseen = [], []

    def _pass_merged(self, row: list[str]) -> None:
        """Leave empty the places that a cell of an earlier row reaches down to."""
        while self._below.get(len(row), 0) > 1:
            self._below[len(row)] -= 1
            row.append("")

    def _end_cell(self) -> None:
        if self._cell is None or not self._open or not self._open[-1]:
            return
        text = "".join(self._cell).replace("\xa0", " ").strip()
        self._open[-1][-1].extend([text, *[""] * (self._span - 1)])
        self._cell = None


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    return "hidden" in attributes or bool(_UNSEEN.search((attributes.get("style") or "").lower()))


def _hidden(count: int) -> Words:
    return Words(
        zh=f"网页中有 {count} 处不显示的行或单元格,也已读入",
        en=f"{count} rows or cells that the page does not show were read, too",
    )


def _span(text: str | None) -> int:
    return min(int(text), _MOST_SPAN) if text and text.isdigit() and int(text) else 1
