"""Numbers where days and months are expected: what a spreadsheet keeps is not what was typed.

A day without its format is the number of days since 1899-12-30, or since 1904-01-01 in workbooks of old Macs. A month typed as
2024.10 is kept as 2024.1, which 2024.1 is too.
"""

from __future__ import annotations

import re
import zipfile
from datetime import date, time, timedelta
from typing import Any

from xiezhi.contracts.moments import AS_NUMBER, YEAR
from xiezhi.intake.sheets.sheet import Part

EPOCH_1904 = 1462
"""Days from the usual epoch of spreadsheets to 1904-01-01."""

AS_DATE = "(日期)"
"""Written behind a date that a workbook keeps in a column of codes, so that the text 2025-01-02 of a sender is no such date."""

TWO_MONTHS = f"{YEAR}[.]10*"
"""A number that is January or October."""

_MOST_DAYS = 100_000
_FLAG = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true|on)[\"']")
_RECORD = re.compile(rb"\x22\x00\x02\x00\x01\x00\x0e\x00\x02\x00")
"""BIFF8's Date1904, set, and CalcPrecision, which always follows it ([MS-XLS] 2.1.7.20.3)."""

_HEAD = 1 << 20


def day_number(cell: Any, late: int, *, month: bool) -> str | None:
    """How a number in a column of days or months is written, so that the judge sees what it stands for; None: as it is.

    `late` days lie between the workbook's epoch and the usual one.
    """
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    if month and re.fullmatch(TWO_MONTHS, f"{cell:.6f}"):
        return f"{cell:.1f}{AS_NUMBER}"
    if late and 0 <= cell < _MOST_DAYS and not (month and re.fullmatch(YEAR, str(int(cell)))):
        return f"{cell + late:.10f}".rstrip("0").rstrip(".")
    return None


def counts_from_1904(part: Part, kind: str) -> bool:
    """Whether a workbook counts its days from 1904. It was checked before: it opens, and its parts are no larger than allowed."""
    if kind == "xlsx":
        with zipfile.ZipFile(part.path) as archive:
            books = [name for name in archive.namelist() if re.split(r"[/\\]", name.lower())[-1] == "workbook.xml"]
            return any(_FLAG.search(archive.read(name)) for name in books)
    with part.path.open("rb") as handle:
        return bool(_RECORD.search(handle.read(_HEAD)))


def is_moment(cell: Any) -> bool:
    """Whether a workbook keeps a cell as a day or a time of day (of 3:10 it makes one, too)."""
    return isinstance(cell, date | time | timedelta)
