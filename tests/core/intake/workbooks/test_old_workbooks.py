"""An .xls says what an .xlsx says: errors, codes by their format, per cent, what is hidden; else its sender is told so."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import xlrd
import xlwt
from tests.core.intake.receiving import HEADER, Site, citizen, payment
from tests.core.intake.workbooks.test_workbook_marks import HIDDEN as TOLD

from xiezhi.intake.files import delivered
from xiezhi.intake.receipts.receipt import Receipt

AMOUNT, AGENCY = HEADER.index("补贴金额"), HEADER.index("发放单位")
SHARE = ("统一社会信用代码", "身份证号", "人员角色", "持股比例", "起始日期", "退出日期")
HOLDER = ["91990101000000010R", citizen(1), "股东", "", "2020-01-01", ""]


def write(row: int, column: int, number: float, code: str, sheet: Any) -> None:
    """A number in the format of this code."""
    sheet.write(row, column, number, xlwt.easyxf(num_format_str=code))


def old_book(path: Path, change: Callable[[Any], object] = lambda _: None, *, header: Any = HEADER, rows: Any = None) -> Path:
    """Four payments in a sheet, from its third row and second column on, then `change(sheet)`."""
    made = xlwt.Workbook(encoding="utf-8")
    sheet = made.add_sheet("明细", cell_overwrite_ok=True)
    for number, cells in enumerate([header, *(rows or [payment(at) for at in range(1, 5)])]):
        for place, cell in enumerate(cells):
            sheet.write(number + 2, place + 1, cell)
    change(sheet)
    made.save(str(path))
    return path


def note(receipt: Receipt) -> str:
    return "".join(one.zh for one in receipt.notes)


@pytest.mark.parametrize(("code", "key"), [
    ("00000000", "00000042"), ('"P"00000', "P00042"), ("0", "42"), ("#,##0", "42"), ("General", "42"),
])  # fmt: skip
def test_a_number_shown_with_noughts_is_the_code_that_is_shown(code: str, key: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(old_book(tmp_path / "a.xls", partial(write, 3, 1, 42, code)))
    assert receipt.set_aside == 0
    assert [row["payment_id"] for row in site.rows("subsidy_payment", "payment_id")] == [key, "P00002", "P00003", "P00004"]


@pytest.mark.parametrize("error", [0x07, 0x0F, 0x17, 0x1D, 0x24])
def test_an_error_is_an_error_and_no_empty_cell(error: int, site: Site, tmp_path: Path) -> None:
    """#DIV/0! and the like, in a column that may be empty. (#N/A is a word for nothing, in every kind of file.)"""
    path = old_book(tmp_path / "a.xls", lambda sheet: sheet.row(3).set_cell_error(6, error), header=SHARE, rows=[HOLDER])
    [receipt] = site.receive(path)
    assert [(one.column, one.reason, one.row) for one in receipt.reasons] == [("valid_to", "error_cell", 4)]


@pytest.mark.parametrize(("code", "kept", "share"), [("0%", 0.6, 60), ("0.00%", 0.1234, 12.34), ("0.00", 0.6, 0.6)])
def test_a_share_shown_in_per_cent_is_read_as_shown(code: str, kept: float, share: float, site: Site, tmp_path: Path) -> None:
    change = partial(write, 3, 4, kept, code)
    site.receive(old_book(tmp_path / "a.xls", change, header=SHARE, rows=[HOLDER]))
    assert [row["share"] for row in site.rows("enterprise_person", "share")] == [share]


@pytest.mark.parametrize(("code", "aside"), [
    ('0.00"万"', 1), ("#,##0,", 1), ("[$$-409]#,##0.00", 1), ('"￥"#,##0.00', 0), ("General", 0), ("0.00", 0),
])  # fmt: skip
def test_an_amount_shown_in_another_unit_is_not_guessed(code: str, aside: int, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(old_book(tmp_path / "a.xls", partial(write, 3, 1 + AMOUNT, 12345, code)))
    assert (receipt.accepted, receipt.set_aside) == (4 - aside, aside)
    assert [row["amount"] for row in site.rows("subsidy_payment", "amount") if row["amount"] == 12345_00] == [12345_00] * (
        1 - aside
    )


def _rows(sheet: Any) -> None:
    sheet.row(4).hidden = sheet.row(5).hidden = True


def _columns(sheet: Any) -> None:
    for place in (9, 10, 11, *range(12, 200)):
        sheet.col(place).hidden = True


MARKED: dict[str, Callable[[Any], object]] = {
    "隐藏或筛选掉的 2 行": _rows,
    "隐藏的 3 列": _columns,
    "带删除线的 1 个单元格": lambda sheet: sheet.write(4, 1 + AGENCY, "民政局", xlwt.easyxf("font: struck_out on")),
}


@pytest.mark.parametrize("told", MARKED)
def test_what_is_hidden_or_struck_is_read_and_told(told: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(old_book(tmp_path / "a.xls", MARKED[told]))
    assert (receipt.accepted, receipt.set_aside) == (4, 0)
    assert [one for one in TOLD if one in note(receipt)] == [told]


def test_an_ordinary_workbook_has_no_note(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(old_book(tmp_path / "a.xls"))
    assert (receipt.accepted, receipt.set_aside, receipt.notes) == (4, 0, [])


@pytest.mark.parametrize("failure", [xlrd.XLRDError("x"), struct.error("x"), AssertionError("x"), IndexError("x")])
def test_a_workbook_of_which_formats_cannot_be_read_says_so(
    failure: Exception, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The values are there; that noughts in front would have been lost must not be silent."""

    def fails(**_: Any) -> None:
        raise failure

    monkeypatch.setattr(delivered, "APART", frozenset())  # what is changed here is not changed in another process
    monkeypatch.setattr(xlrd, "open_workbook", fails)
    [receipt] = site.receive(old_book(tmp_path / "a.xls"))
    assert (receipt.accepted, receipt.set_aside) == (4, 0)
    assert "单元格格式读不出来" in note(receipt)


def test_a_cut_workbook_is_refused(site: Site, tmp_path: Path) -> None:
    path = old_book(tmp_path / "a.xls")
    path.write_bytes(path.read_bytes()[:1500])
    [receipt] = site.receive(path)
    assert receipt.refusal is not None
    assert receipt.refusal.code == "workbook_damaged"
