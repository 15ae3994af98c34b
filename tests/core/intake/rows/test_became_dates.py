"""A code of which a spreadsheet made a date is no code any more; a date in any other text is one."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter
from tests.core.intake.receiving import HEADER, Site, payment, write_csv


def book(path: Path, column: str, cell: date | time) -> Path:
    """Two payments, in the second of which a column holds a date."""
    with xlsxwriter.Workbook(path) as made:
        page, shown = made.add_worksheet(), made.add_format({"num_format": 'm"月"d"日"' if isinstance(cell, date) else "h:mm"})
        for number, cells in enumerate([HEADER, payment(1), payment(2)]):
            for place, text in enumerate(cells):
                page.write_string(number, place, text)
        page.write_datetime(2, HEADER.index(column), cell, shown)
    return path


@pytest.mark.parametrize("cell", [date(2025, 1, 2), datetime(2025, 1, 2, 3, 4), time(3, 10)])
@pytest.mark.parametrize("column", ["流水号", "补贴项目编码"])
def test_a_date_in_a_column_of_codes_sets_its_row_aside(cell: date, column: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(book(tmp_path / "a.xlsx", column, cell))
    assert [(one.row, one.reason, one.count) for one in receipt.reasons] == [(3, "key_became_date", 1)]
    assert receipt.accepted == 1


def test_a_date_in_a_column_of_names_is_no_name(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(book(tmp_path / "a.xlsx", "发放单位", date(2025, 1, 2)))
    assert [(one.row, one.column, one.reason) for one in receipt.reasons] == [(3, "agency", "name_malformed")]


@pytest.mark.parametrize("key", ["2-Jan", "Jan-25", "1月2日", "12月31日", "02-Jan-25", " 2-Jan"])
def test_dates_as_spreadsheets_write_them_to_csv(key: str, site: Site, tmp_path: Path) -> None:
    rows = [payment(1), payment(2, 流水号=key), payment(3, 补贴项目编码=key)]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert sorted((one.column, one.reason) for one in receipt.reasons) == [
        ("item", "key_became_date"),
        ("payment_id", "key_became_date"),
    ]
    assert (receipt.accepted + receipt.repaired, receipt.set_aside) == (1, 2)


@pytest.mark.parametrize("key", ["2025-01-02", "1-2", "Jan-2025-01", "JAN-25", "13月2日", "P1月2日", "2-January", "20250102"])
def test_keys_that_only_look_like_dates_are_keys(key: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [payment(1, 流水号=key)]))
    assert (receipt.accepted, receipt.reasons) == (1, [])
