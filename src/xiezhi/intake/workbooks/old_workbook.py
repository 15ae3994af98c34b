"""What an .xls says beside the values its reader gives: errors, numbers as their format shows them, what is hidden or struck out.

The reader gives nothing for an error and the number alone for 000042 or 60 %, as it does of an .xlsx; there the file is mended
before (`repair`). An .xls is asked a second library, which knows formats and is too slow to read all values with.
"""

from __future__ import annotations

import struct
from io import StringIO
from pathlib import Path
from typing import Any

import xlrd
from xlrd.compdoc import CompDocError

from xiezhi.intake.workbooks.marks import Marks
from xiezhi.intake.workbooks.number_formats import Show, number_text, show_of
from xiezhi.kernel.words import Words

UNSEEN = Words(
    zh="这个 .xls 的单元格格式读不出来:错误值读作空,以 000042 显示的 42 读作 42,请另存为 .xlsx 后重新报送",
    en="the formats of this .xls cannot be read: errors are empty, and 42 shown as 000042 is 42. Save it as .xlsx, deliver again",
)

_FAILS = (
    xlrd.XLRDError,
    CompDocError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
    struct.error,
)
"""What the library raises, besides its own errors, on files that other programs wrote."""


def look_at(path: Path) -> dict[str, Marks] | None:
    """Each worksheet by its name; None where the library cannot read the file, though the reader can."""
    content, doubts = path.read_bytes(), StringIO()
    try:
        with xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=doubts) as book:
            styles = _Styles(book)
            return {sheet.name: _look(sheet, styles) for sheet in book.sheets()}
    except _FAILS:
        return None


class _Styles:
    """How the cell styles of a workbook show numbers, each looked up once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._shows: dict[int, Show | None] = {}

    def show(self, style: int) -> Show | None:
        """None where numbers stand as they are."""
        if style not in self._shows:
            self._shows[style] = show_of(self._book.format_map[self._book.xf_list[style].format_key].format_str)
        return self._shows[style]

    def strikes(self, style: int) -> bool:
        return bool(self._book.font_list[self._book.xf_list[style].font_index].struck_out)


def _look(sheet: Any, styles: _Styles) -> Marks:
    marks = Marks()
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            style = sheet.cell_xf_index(row, column)
            marks.struck += styles.strikes(style)
            text = _shown(kind, sheet.cell_value(row, column), styles.show(style))
            if text is not None:
                marks.shown.setdefault(row, {})[column] = text
    marks.hidden_rows = sum(bool(info.hidden) for row, info in sheet.rowinfo_map.items() if row < sheet.nrows)
    marks.hidden_columns = [(column + 1, column + 1) for column, info in sheet.colinfo_map.items() if info.hidden]
    marks.comments = len(sheet.cell_note_map)
    return marks


def _shown(kind: int, value: Any, show: Show | None) -> str | None:
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, "#VALUE!"))
    return show(number_text(value)) if kind == xlrd.XL_CELL_NUMBER and show else None
