"""What a workbook hides is told, and what lies under it is not taken unseen: rows, columns, struck cells, merged cells."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from tests.core.intake.receiving import HEADER, Site, payment

from xiezhi.intake.files import delivered
from xiezhi.intake.receipts.receipt import Receipt
from xiezhi.intake.workbooks import merged_cells
from xiezhi.intake.workbooks.marks import Marks

AMOUNT, AGENCY = HEADER.index("补贴金额"), HEADER.index("发放单位")
Change = Callable[[Any, Any], object]


def book(path: Path, change: Change, rows: int = 4, above: int = 0) -> Path:
    """Payments in a sheet, then `change(page, book)`."""
    with xlsxwriter.Workbook(path) as made:
        page = made.add_worksheet("明细 & 表")
        for number, cells in enumerate([HEADER, *(payment(at) for at in range(1, rows + 1))], start=above):
            for place, cell in enumerate(cells):
                page.write_string(number, place, cell)
        change(page, made)
    return path


def note(receipt: Receipt) -> str:
    return "".join(one.zh for one in receipt.notes)


HIDDEN: dict[str, Change] = {
    "隐藏或筛选掉的 2 行": lambda page, _: (
        page.set_row(2, None, None, {"hidden": 1}),
        page.set_row(3, None, None, {"hidden": 1}),
    ),
    "隐藏的 3 列": lambda page, _: page.set_column(8, 200, None, None, {"hidden": 1}),
    "带删除线的 1 个单元格": lambda page, made: page.write_string(
        2, AGENCY, "民政局", made.add_format({"font_strikeout": 1, "bold": 1})
    ),
    "1 条批注": lambda page, _: page.write_comment(2, AMOUNT, "已退回"),
}


@pytest.mark.parametrize("told", HIDDEN)
def test_what_is_hidden_or_struck_is_read_and_told(told: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(book(tmp_path / "a.xlsx", HIDDEN[told]))
    assert (receipt.accepted, receipt.set_aside) == (4, 0)
    assert told in note(receipt)
    assert [other for other in HIDDEN if other in note(receipt)] == [told]


def test_all_of_it_in_one_note(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(book(tmp_path / "a.xlsx", lambda *both: [change(*both) for change in HIDDEN.values()]))
    assert len(receipt.notes) == 1
    assert all(told in note(receipt) for told in HIDDEN)


def test_an_ordinary_workbook_has_no_note(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(book(tmp_path / "a.xlsx", lambda page, _: page.merge_range(20, 0, 21, 3, "")))
    assert (receipt.accepted, receipt.notes) == (4, [])


def rewritten(path: Path, old: bytes, new: bytes, part: str = "sheet1.xml") -> Path:
    """The workbook with another text in its sheet, or another part."""
    copy = path.with_suffix(".copy")
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as out:
        for name in archive.namelist():
            data = archive.read(name)
            if name.endswith(part):
                assert old in data
                data = data.replace(old, new)
            out.writestr(name, data)
    shutil.move(copy, path)
    return path


@pytest.mark.parametrize("tag", [b'<row r="3"', b"<row spans='1:11' r = '3'"])
def test_a_row_that_stands_twice_refuses_its_sheet(tag: bytes, site: Site, tmp_path: Path) -> None:
    path = rewritten(book(tmp_path / "a.xlsx", lambda *_: None), b'<row r="4"', tag)
    [receipt] = site.receive(path)
    assert receipt.refusal is not None
    assert (receipt.refusal.code, "第 3 行" in receipt.refusal.zh) == ("row_twice", True)


def test_rows_out_of_order_are_no_row_twice(site: Site, tmp_path: Path) -> None:
    path = rewritten(book(tmp_path / "a.xlsx", lambda *_: None), b'<row r="5"', b'<row r="9"')
    assert site.receive(path)[0].refused is False


def merge(top: int, left: int, bottom: int, right: int, under: dict[tuple[int, int], str], shown: str) -> Change:
    def change(page: Any, _: Any) -> None:
        page.merge_range(top, left, bottom, right, "")
        page.write_string(top, left, shown)
        for (row, column), value in under.items():
            page.write_string(row, column, value)

    return change


@pytest.mark.parametrize("above", [0, 2])
def test_another_value_under_a_merged_cell_sets_its_row_aside(above: int, site: Site, tmp_path: Path) -> None:
    under = {(above + 2, AMOUNT): "900", (above + 3, AMOUNT): "100"}
    change = merge(above + 1, AMOUNT, above + 3, AMOUNT, under, "100")
    [receipt] = site.receive(book(tmp_path / "a.xlsx", change, above=above))
    assert [(one.row, one.reason, one.count) for one in receipt.reasons] == [(above + 3, "under_merged", 1)]
    assert receipt.accepted == 3


def test_a_value_to_the_right_under_a_merged_cell(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(book(tmp_path / "a.xlsx", merge(2, 9, 2, 10, {(2, 10): "民政局"}, "990101001001")))
    assert [(one.row, one.reason) for one in receipt.reasons] == [(3, "under_merged")]


def test_what_a_merged_cell_shows_is_said_of_every_row_beside_it(site: Site, tmp_path: Path) -> None:
    blank = {(row, AGENCY): "" for row in (2, 3)}
    [receipt] = site.receive(book(tmp_path / "a.xlsx", merge(1, AGENCY, 3, AGENCY, blank, "甲镇财政所")))
    assert (receipt.accepted, receipt.set_aside) == (4, 0)
    found = {row["payment_id"]: row["agency"] for row in site.rows("subsidy_payment", "payment_id, agency")}
    assert list(found.values()).count("甲镇财政所") == 3


def test_a_style_written_without_attributes_counts_among_the_styles(site: Site, tmp_path: Path) -> None:
    struck = HIDDEN["带删除线的 1 个单元格"]
    path = book(tmp_path / "a.xlsx", struck)
    plain = b'<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    [receipt] = site.receive(rewritten(path, plain, b'<cellXfs count="2"><xf/>', "styles.xml"))
    assert "带删除线的 1 个单元格" in note(receipt)


def test_a_value_under_a_merged_cell_of_the_header_is_told(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(book(tmp_path / "a.xlsx", merge(0, 10, 0, 11, {(0, 11): "备注"}, "发放单位")))
    assert (receipt.accepted, "第 1 行的合并单元格" in note(receipt)) == (4, True)


def test_a_row_number_beyond_all_bounds_does_no_harm(site: Site, tmp_path: Path) -> None:
    path = rewritten(book(tmp_path / "a.xlsx", lambda *_: None), b'<row r="4"', b'<row r="' + b"9" * 30 + b'"')
    assert len(site.receive(path)) == 1


def test_merged_cells_without_end_are_refused(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivered, "APART", frozenset())  # what is changed here is not changed in another process
    monkeypatch.setattr(merged_cells, "MOST", 2)
    [receipt] = site.receive(book(tmp_path / "a.xlsx", merge(1, AGENCY, 4, AGENCY, {}, "民政局")))
    assert receipt.refused


def test_only_what_is_marked_is_told() -> None:
    assert Marks().note(3) is None
    told = Marks(hidden_rows=2, hidden_columns=[(2, 9)]).note(3)
    assert told is not None
    assert told.zh.startswith("表中有隐藏或筛选掉的 2 行、隐藏的 2 列:")
