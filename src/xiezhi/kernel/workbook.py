"""Workbooks that leave: one way to open and fill them, in which nothing a cell says is ever computed, linked or counted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import xlsxwriter

_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def new_workbook(target: Path | IO[bytes], *, row_by_row: bool = False) -> xlsxwriter.Workbook:
    """A workbook to be written to `target`. `row_by_row`: rows are written in their order, and none is held in memory."""
    kept = {"constant_memory": True} if row_by_row else {"in_memory": True}
    return xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, _AS_TEXT | kept)


def write_texts(sheet: Any, row: int, cells: Sequence[str], form: Any = None) -> None:
    """A row of texts, from the first column on."""
    for column, cell in enumerate(cells):
        sheet.write_string(row, column, cell, form)
