"""Workbooks with a sheet that is hidden, headless or damaged, or under the name of another kind; and what refusals say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import xlsxwriter
from tests.core.intake.receiving import HEADER, Site, payment, write_csv
from tests.core.intake.stated.test_receive_units import book
from tests.core.intake.workbooks.test_old_workbooks import old_book

SHEETS = {"明细": [HEADER, payment(1), payment(2)], "留底": [HEADER, payment(3)]}


def sheets(path: Path, tables: dict[str, list[list[str]]], hide: str = "", how: str = "hide") -> Path:
    with xlsxwriter.Workbook(path) as made:
        for name, rows in tables.items():
            page = made.add_worksheet(name)
            for number, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    page.write_string(number, place, cell)
            if name == hide:
                getattr(page, how)()
    return path


@pytest.mark.parametrize("how", ["hide", "very_hidden"])
def test_a_hidden_sheet_is_read_and_told(how: str, site: Site, tmp_path: Path) -> None:
    first, hidden = site.receive(sheets(tmp_path / "a.xlsx", SHEETS, "留底", how))
    assert (first.accepted, hidden.accepted) == (2, 1)
    assert [any("隐藏" in note.zh for note in one.notes) for one in (first, hidden)] == [False, True]


@pytest.mark.parametrize("headless", [[payment(3), payment(4)], [["封面"], ["2024 年"]], [["1", "2"], ["3", "4"]]])
@pytest.mark.parametrize("first", [False, True])
def test_a_sheet_without_a_header_is_refused_alone(headless: list[list[str]], first: bool, site: Site, tmp_path: Path) -> None:
    tables = {"明细": SHEETS["明细"], "续表": headless}
    path = sheets(tmp_path / "a.xlsx", dict(reversed(tables.items())) if first else tables)
    receipts = {one.sheet: one for one in site.receive(path)}
    assert (receipts["明细"].refused, receipts["明细"].accepted) == (False, 2)
    assert receipts["续表"].refused
    assert len(site.rows("subsidy_payment")) == 2


@pytest.mark.parametrize("name", ["a.xls", "a.XLS", "a.xlsb", "a.ods"])
def test_an_xlsx_under_another_name_is_read(name: str, site: Site, tmp_path: Path) -> None:
    made = sheets(tmp_path / "made.xlsx", {"明细": SHEETS["明细"]})
    shutil.move(made, tmp_path / name)
    [receipt] = site.receive(tmp_path / name)
    assert (receipt.refused, receipt.accepted) == (False, 2)


@pytest.mark.parametrize("name", ["a.xlsx", "a.XLSM", "a.xls", "a.et"])
def test_an_xls_under_another_name_is_read(name: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(old_book(tmp_path / name))
    assert (receipt.refused, receipt.accepted) == (False, 4)


@pytest.mark.parametrize(("ending", "code"), [
    (".xlsx", "workbook_damaged"), (".xlsm", "workbook_damaged"), (".zip", "archive_damaged"), ("", "archive_damaged"),
])  # fmt: skip
def test_a_cut_workbook_is_told_as_a_workbook(ending: str, code: str, site: Site, tmp_path: Path) -> None:
    whole = sheets(tmp_path / "made.xlsx", SHEETS).read_bytes()
    (tmp_path / f"a{ending}").write_bytes(whole[: len(whole) // 2])
    [receipt] = site.receive(tmp_path / f"a{ending}")
    assert receipt.refusal is not None
    assert receipt.refusal.code == code


@pytest.mark.parametrize("twice", ["补贴金额", "实发金额", "身份证号"])
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_header_that_occurs_twice_is_named(twice: str, ending: str, site: Site, tmp_path: Path) -> None:
    header, row, path = [*HEADER, twice], [*payment(1), "88"], tmp_path / f"a{ending}"
    [receipt] = site.receive(write_csv(path, [row], header=header) if ending == ".csv" else book(path, [], [row], header=header))
    assert receipt.refusal is not None
    assert "subsidy_payment 有几列是同一项" in receipt.refusal.zh
    assert twice in receipt.refusal.zh
    assert "多数列不认识" not in receipt.refusal.zh


@pytest.mark.parametrize("cell", ["100元/月", "1.5万元/年", "￥100元每月", "1,200 元起"])
@pytest.mark.parametrize("last", [False, True])
def test_an_amount_that_cannot_be_read_is_no_footer(cell: str, last: bool, site: Site, tmp_path: Path) -> None:
    rows = [payment(1), payment(2, 补贴金额=cell)]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows if last else rows[::-1]))
    assert (receipt.refused, receipt.accepted, receipt.set_aside) == (False, 1, 1)


@pytest.mark.parametrize("cell", ["注:金额单位为万元", "1、金额单位:万元", "2024年金额单位:万元"])
def test_a_unit_stated_at_the_foot_still_refuses(cell: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [payment(1), [cell, *[""] * (len(HEADER) - 1)]]))
    assert receipt.refusal is not None
    assert receipt.refusal.code == "unit_contradictory"
