"""Rows above the header that are data: a sort that took the header along, or another table on the same sheet.

Titles, units and the labels of a form stand there rightly. What holds a citizen id, or what the columns below would take as their
own, is a row that would vanish without a trace: the sheet is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from xiezhi.contracts.header_matching import HeaderMap
from xiezhi.contracts.kinds import FieldKind
from xiezhi.contracts.model import Field, Table
from xiezhi.intake.refusals import refuse
from xiezhi.intake.sheets.footers import is_example
from xiezhi.intake.sheets.sheet import Sheet
from xiezhi.kernel.identity_kind import IdentityKind

_CITIZEN_ID = re.compile(r"'?[1-9]\d{5}(?:(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]|\d{9})", re.ASCII)
_NUMBER = re.compile(r"[-+]?[￥¥]? ?\d[\d,]*(?:[.]\d+)?", re.ASCII)
_DAY = re.compile(r"(?:19|20)\d{2}[-./年]?\d{1,2}(?:[-./月]?(?:\d{1,2}日?)?)?.{0,9}", re.ASCII)

_FORMS = {
    FieldKind.MONEY: _NUMBER,
    FieldKind.DECIMAL: _NUMBER,
    FieldKind.INTEGER: _NUMBER,
    FieldKind.DATE: _DAY,
    FieldKind.MONTH: _DAY,
    FieldKind.TIMESTAMP: _DAY,
    FieldKind.REGION: re.compile(r"\d{6}(?:\d{3}){0,2}", re.ASCII),
    IdentityKind.CITIZEN_ID: _CITIZEN_ID,
    IdentityKind.BANK_ACCOUNT: re.compile(r"\d{12,30}", re.ASCII),
    IdentityKind.CREDIT_CODE: re.compile(r"[0-9A-Z]{18}"),
    IdentityKind.PHONE: re.compile(r"1\d{10}", re.ASCII),
}
"""What a cell looks like in columns that do not take just any text."""

LEAST = 3
"""Filled cells of a row of data, and of a table's header; titles, and the labels of most forms, have fewer."""

FITTING = 2
"""Cells that must look like their columns: one number of a form may stand above a column of numbers by chance."""


def check_rows_above(sheet: Sheet, table: Table, header: HeaderMap) -> None:
    """Raises RefusedDelivery `rows_above` with the rows above the header that are data."""
    found = [row for row, cells in enumerate(sheet.title_rows, start=1) if _is_data(cells, table, header)]
    if found:
        where = sheet.sheet or sheet.member
        rows = f"{found[0]}–{found[-1]}" if len(found) > 1 else str(found[0])
        raise refuse("rows_above", sheet.file, member=where, row=found[0], count=len(found), rows=rows)


def _is_data(cells: Sequence[str], table: Table, header: HeaderMap) -> bool:
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    if len(filled) < LEAST or is_example([cell or "" for cell in cells]) or _numbers_columns(filled):
        return False
    return any(map(_CITIZEN_ID.fullmatch, filled)) or _fits(cells, table, header)


def _fits(cells: Sequence[str], table: Table, header: HeaderMap) -> bool:
    """Whether at least half of the columns are filled, and nearly all that stands in columns of a form has it."""
    placed = {name: (cells[place] or "").strip() for name, place in header.columns.items() if place < len(cells)}
    filled = {name: cell for name, cell in placed.items() if cell}
    formed = [(cell, form) for name, cell in filled.items() if (form := _form(table.field(name)))]
    fitting = sum(bool(form.fullmatch(cell)) for cell, form in formed)
    return len(filled) * 2 >= len(header.columns) and fitting >= FITTING and fitting * 2 > len(formed)


def _form(field: Field) -> re.Pattern[str] | None:
    return _FORMS.get(field.identity if field.identity else field.kind)


def _numbers_columns(filled: Sequence[str]) -> bool:
    """The numbers of the columns, as printed forms have them: 1, 2, 3 …"""
    return all(cell.isascii() and cell.isdigit() for cell in filled) and [int(cell) for cell in filled] == list(
        range(int(filled[0]), int(filled[0]) + len(filled))
    )
