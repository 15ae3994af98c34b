"""Which workbooks are written anew before they are read."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter
from tests.core.intake.reading import rewrite_zip
from tests.core.intake.test_readers_workbook import sheet_xml

from xiezhi.intake.workbook_repair import needs_repair

ERROR = '<c r="A2" t="e"><v>#SPILL!</v></c>'


def book(path: Path, *sheets: str) -> Path:
    """A workbook with shared texts, and a sheet of one row for each name."""
    with xlsxwriter.Workbook(str(path)) as made:
        for name in sheets:
            made.add_worksheet(name).write_row(0, 0, ["姓名", "金额"])
    return path


def test_a_workbook_that_the_reader_reads_as_it_stands_is_left_alone(tmp_path: Path) -> None:
    assert not needs_repair(book(tmp_path / "a.xlsx", "一", "二"))


def test_one_sheet_with_an_error_is_enough(tmp_path: Path) -> None:
    plain = book(tmp_path / "a.xlsx", "一", "二")
    wrong = sheet_xml(plain).replace("</sheetData>", f'<row r="2">{ERROR}</row></sheetData>')
    rewrite_zip(plain, tmp_path / "b.xlsx", {"xl/worksheets/sheet2.xml": wrong.encode()})
    assert needs_repair(tmp_path / "b.xlsx")
