"""Spreadsheets: what a person sees in the sheet is what comes out."""

from __future__ import annotations

import datetime
import re
import zipfile
from pathlib import Path

import xlsxwriter
from tests.core.intake.reading import read, rewrite_zip

from xiezhi.intake.files.delivered import Limits
from xiezhi.intake.files.readers.workbook import open_sheets
from xiezhi.intake.sheets.sheet import Part, Sheet


def book(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def sheet_xml(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def test_cells_as_a_person_sees_them(tmp_path: Path) -> None:
    day = datetime.datetime(2025, 1, 15)
    cells = ["990105199001011234", 990105199001011234, 120.5, 0.1 + 0.2, 12.0, day, day.replace(hour=8), True, 1e-5, -3.10]
    path = book(tmp_path / "a.xlsx", {"一": [list("abcdefghij"), cells]})
    expected = ("990105199001011234", "9.90105199001011E+17", "120.5", "0.3", "12", "2025-01-15", "2025-01-15 08:00:00", "TRUE")
    assert read(path, tmp_path).rows[0] == [(2, *expected, "0.00001", "-3.1")]


def test_formulas_give_their_value(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "金额"])
        sheet.write_string(1, 0, "=HYPERLINK(1)")
        sheet.write_formula(1, 1, "=1+1", value=2)
    assert read(path, tmp_path).rows[0] == [(2, "=HYPERLINK(1)", "2")]


def test_all_sheets_titles_totals_and_rows_that_spill(tmp_path: Path) -> None:
    rows = [["2025年发放表"], ["单位:元"], ["姓名", "金额"], ["张三", 1], [], ["李四", 2, "多"], ["合 计", 3], ["王五", 4]]
    path = book(tmp_path / "a.xlsx", {"发放": rows, "空": [], "二": [["a", "b"], ["x", "y"]], "数": [[1, 2], [3, 4]]})
    found = read(path, tmp_path, batch_rows=2)
    assert [sheet.sheet for sheet in found.sheets] == ["发放", "二"]
    assert found.rows == [[(4, "张三", "1"), (8, "王五", "4")], [(2, "x", "y")]]
    assert {(broken.row, broken.reason) for broken in found.broken} == {(6, "column_count")}
    assert [(footer.row, footer.kind) for footer in found.sheets[0].footers] == [(7, "footer_total")]
    assert found.sheets[0].blank_rows == 1
    assert found.codes == ["no_header"]
    assert found.refused[0].place is not None
    assert found.refused[0].place.sheet == "数"


def test_a_hidden_sheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.add_worksheet("空")
        sheet = workbook.add_worksheet("隐藏")
        sheet.write_row(0, 0, ["姓名", "金额"])
        sheet.write_row(1, 0, ["张三", 5])
        sheet.hide()
    assert read(path, tmp_path).rows == [[(2, "张三", "5")]]


def test_a_merged_header_in_two_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.merge_range(0, 0, 0, 3, "发放明细")
        sheet.merge_range(1, 0, 2, 0, "姓名")
        sheet.merge_range(1, 1, 1, 2, "补贴")
        sheet.merge_range(1, 3, 2, 3, "备注")
        sheet.write_row(2, 1, ["金额", "月份"])
        sheet.write_row(3, 0, ["张三", 10, "2025-01"])
    found = read(path, tmp_path)
    assert found.sheets[0].header == ["姓名", "补贴金额", "补贴月份", "备注"]
    assert found.rows[0] == [(4, "张三", "10", "2025-01", "")]


def test_a_stale_dimension_loses_no_row(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"一": [["a", "b"], *([f"r{n}", n] for n in range(50))]})
    stale = re.sub(r'<dimension ref="[^"]*"/>', '<dimension ref="A1:A2"/>', sheet_xml(path))
    rewrite_zip(path, tmp_path / "b.xlsx", {"xl/worksheets/sheet1.xml": stale.encode()})
    assert len(read(tmp_path / "b.xlsx", tmp_path).rows[0]) == 50


def test_formatted_empty_cells_at_the_very_end_do_no_harm(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"一": [["a", "b"], ["x", 1]]})
    xml = sheet_xml(path).replace("</sheetData>", '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>')
    rewrite_zip(path, tmp_path / "b.xlsx", {"xl/worksheets/sheet1.xml": xml.encode()})
    assert read(tmp_path / "b.xlsx", tmp_path).rows[0] == [(2, "x", "1")]


def test_a_sheet_too_wide(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"一": [[f"c{n}" for n in range(30)], ["x"] * 30]})
    assert read(path, tmp_path, Limits(max_columns=20)).codes == ["too_many_columns"]


def test_of_hidden_columns_those_of_the_sheet_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("一")
        for row, cells in enumerate((["姓名", "金额", "备注"], ["张三", "5", "无"])):
            sheet.write_row(row, 0, cells)
        sheet.set_column(1, 200, None, None, {"hidden": 1})
    [found] = open_sheets(Part(path, None, path), "xlsx", Limits(), tmp_path, None)
    assert isinstance(found, Sheet)
    assert [note.en.startswith("the sheet has 2 hidden column(s):") for note in found.notes] == [True]
    assert [batch.column("_row").to_pylist() for batch in found.batches()] == [[2]]
