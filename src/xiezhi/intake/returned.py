"""Set-aside rows as a file of the sender's own format, with the reason in an extra column: mend it, deliver it again.

Only what was set aside goes back, under the delivered header, in the delivered encoding and with the delivered
delimiter. A cell that a spreadsheet would run as a formula gets an apostrophe, which intake takes off again.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from xiezhi.intake.json_stream import written

REASON_HEADER = "退回原因"
"""Header of the extra column. Intake ignores it when the mended file comes back."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"^[+-]?[\d.,]+$")


@dataclass(frozen=True)
class ReturnedRow:
    """The cells as delivered, and why they come back."""

    cells: Sequence[str | None]
    reason: str


@dataclass(frozen=True)
class Shape:
    """How the file was delivered: `csv` (with delimiter and encoding), `xlsx`, `jsonl` or `ocds`."""

    kind: str
    header: Sequence[str | None]
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = ""


def write_returned(path: Path, shape: Shape, rows: Iterable[ReturnedRow]) -> None:
    """Write the file. A reason column of an earlier return is dropped from the cells."""
    if shape.kind == "ocds":
        _ocds(path, rows)
        return
    kept = [number for number, name in enumerate(shape.header) if name != REASON_HEADER]
    header = [*(shape.header[number] or "" for number in kept), REASON_HEADER]
    cells = ([*_chosen(row, kept, len(shape.header)), row.reason] for row in rows)
    {"csv": _csv, "xlsx": _xlsx, "jsonl": _jsonl}[shape.kind](path, shape, header, cells)


def neutral(cell: str | None) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = cell or ""
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.match(text) else text


def _chosen(row: ReturnedRow, kept: Sequence[int], width: int) -> list[str | None]:
    """The cells under the header, then any beyond it (a row of too many cells comes back whole)."""
    return [row.cells[number] if number < len(row.cells) else None for number in kept] + list(row.cells[width:])


def _csv(path: Path, shape: Shape, header: list[str], rows: Iterator[list[str | None]]) -> None:
    with path.open("w", encoding=shape.encoding, errors="replace", newline="") as handle:
        out = csv.writer(handle, delimiter=shape.delimiter)
        out.writerow(header)
        out.writerows([neutral(cell) for cell in row] for row in rows)


def _xlsx(path: Path, shape: Shape, header: list[str], rows: Iterator[list[str | None]]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet(shape.sheet[:31] or None)
        _write_cells(sheet, 0, header)
        for number, row in enumerate(rows, start=1):
            _write_cells(sheet, number, [cell or "" for cell in row])


def _write_cells(sheet: xlsxwriter.worksheet.Worksheet, number: int, cells: Sequence[str]) -> None:
    for column, cell in enumerate(cells):
        sheet.write_string(number, column, cell)


def _jsonl(path: Path, shape: Shape, header: list[str], rows: Iterator[list[str | None]]) -> None:
    with path.open("w", encoding="utf-8") as handle:
        for row in rows:
            handle.write(written(dict(zip(header, row, strict=False))) + "\n")


def _ocds(path: Path, rows: Iterable[ReturnedRow]) -> None:
    """Releases as lines. The reason is a member of its own, which the standard allows and intake ignores."""
    with path.open("w", encoding="utf-8") as handle:
        for row in rows:
            text = row.cells[0] or ""
            try:
                release = json.loads(text)
            except ValueError:
                release = None
            said = (
                release | {REASON_HEADER: row.reason} if isinstance(release, dict) else {"text": text, REASON_HEADER: row.reason}
            )
            handle.write(written(said) + "\n")
