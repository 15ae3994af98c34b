"""Days and months through the door: numbers of workbooks and JSON, the epoch of 1904, moments with a zone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from tests.core.intake.receiving import HEADER, Site, payment, write_csv

from xiezhi.identity.keyring import Keyring
from xiezhi.intake.sheets.sheet import Part
from xiezhi.intake.workbooks.day_numbers import counts_from_1904

MONTH, DAY = HEADER.index("所属月份"), HEADER.index("发放日期")
EPOCH = datetime(1904, 1, 1)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("site"), Keyring.fresh())
    yield made
    made.close()


def book(path: Path, number: int, *, month: object = "2021-03", day: object = "2021-03-15", from_1904: bool = False) -> Path:
    """One payment; `month` and `day` as text, number, or a datetime with its format."""
    with xlsxwriter.Workbook(path, {"date_1904": from_1904}) as made:
        page, dated = made.add_worksheet(), made.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, HEADER)
        cells: list[object] = list(payment(number))
        cells[MONTH], cells[DAY] = month, day
        for place, cell in enumerate(cells):
            if isinstance(cell, datetime):
                page.write_datetime(1, place, cell, dated)
            else:
                page.write(1, place, cell)
    return path


def held(site: Site, number: int) -> dict[str, object] | None:
    rows = site.rows("subsidy_payment", "payment_id, benefit_month, pay_date, _delivery, _row")
    return next((row for row in rows if row["payment_id"] == f"P{number:05d}"), None)


@pytest.mark.parametrize(
    ("number", "month", "first"),
    [
        (1, "2024.1", date(2024, 1, 1)),
        (2, "2024.10", date(2024, 10, 1)),
        (3, 2024.11, date(2024, 11, 1)),
        (4, 2024.3, date(2024, 3, 1)),
        (5, 2024.01, date(2024, 1, 1)),
        (6, 202410, date(2024, 10, 1)),
        (7, datetime(2024, 10, 1), date(2024, 10, 1)),
        (8, 45566, date(2024, 10, 1)),
        (9, 2024.1, "month_ambiguous"),
        (10, 2019.10, "month_ambiguous"),
        (11, 20241, "date_malformed"),
        (12, 20249, "date_malformed"),
        (13, 2024, "date_malformed"),
        (14, 2024.13, "date_impossible"),
    ],
)
def test_a_month_in_a_workbook(site: Site, tmp_path: Path, number: int, month: object, first: date | str) -> None:
    [receipt] = site.receive(book(tmp_path / "b.xlsx", number, month=month))
    row = held(site, number)
    if isinstance(first, date):
        assert row, receipt.reasons
        assert row["benefit_month"] == first
    else:
        assert [(reason.column, reason.reason) for reason in receipt.reasons] == [("benefit_month", first)]
        assert row is None


def test_a_row_that_goes_back_unmended_is_no_clearer_the_second_time(site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(book(tmp_path / "b.xlsx", 20, month=2024.1))
    assert receipt.returned
    [again] = site.receive(site.lake.paths.root / receipt.returned)
    assert [reason.reason for reason in again.reasons] == ["month_ambiguous"]


@pytest.mark.parametrize(
    ("number", "month", "first"),
    [(30, "2024.1", "month_ambiguous"), (31, "2024.10", "month_ambiguous"), (32, '"2024.10"', date(2024, 10, 1)),
     (33, '"2024.1"', date(2024, 1, 1)), (34, "2024.11", date(2024, 11, 1)), (35, "202410", date(2024, 10, 1))],
)  # fmt: skip
def test_a_month_in_json(site: Site, tmp_path: Path, number: int, month: str, first: date | str) -> None:
    row = dict(zip(HEADER, payment(number), strict=True)) | {"所属月份": "MONTH"}
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False).replace('"MONTH"', month) + "\n", encoding="utf-8")
    [receipt] = site.receive(path)
    found = held(site, number)
    assert (found["benefit_month"] if found else receipt.reasons[0].reason) == first


@pytest.mark.parametrize(
    ("number", "day", "from_1904", "expected"),
    [
        (40, (datetime(2024, 3, 15) - EPOCH).days, True, date(2024, 3, 15)),
        (41, (datetime(1993, 10, 1) - EPOCH).days, True, date(1993, 10, 1)),
        (42, (datetime(2024, 3, 15) - EPOCH).days + 0.75, True, date(2024, 3, 15)),
        (43, datetime(2024, 3, 15), True, date(2024, 3, 15)),
        (44, 20240315, True, date(2024, 3, 15)),
        (45, "2024-03-15", True, date(2024, 3, 15)),
        (46, 45366, False, date(2024, 3, 15)),
    ],
)
def test_a_day_in_a_workbook(site: Site, tmp_path: Path, number: int, day: object, from_1904: bool, expected: date) -> None:
    [receipt] = site.receive(book(tmp_path / "b.xlsx", number, day=day, from_1904=from_1904))
    row = held(site, number)
    assert row, receipt.reasons
    assert row["pay_date"] == expected


def test_months_and_amounts_of_1904(site: Site, tmp_path: Path) -> None:
    """Months are days too; amounts are not."""
    site.receive(book(tmp_path / "b.xlsx", 50, month=(datetime(2024, 3, 1) - EPOCH).days, from_1904=True))
    row = held(site, 50)
    assert row
    assert row["benefit_month"] == date(2024, 3, 1)
    [amount] = [
        r["amount"] for r in site.rows("subsidy_payment", "payment_id, amount, _delivery, _row") if r["payment_id"] == "P00050"
    ]
    assert amount == 15050


def test_the_record_of_an_old_workbook(tmp_path: Path) -> None:
    path = tmp_path / "b.xls"
    for flag, expected in ((b"\1", True), (b"\0", False)):
        path.write_bytes(b"\xd0\xcf" + bytes(600) + b"\x22\x00\x02\x00" + flag + b"\x00\x0e\x00\x02\x00\x01\x00")
        assert counts_from_1904(Part(path, None, path), "xls") is expected


def test_a_moment_with_a_zone_falls_on_the_day_of_the_site(site: Site, tmp_path: Path) -> None:
    days = {
        "2024-03-01T16:30:00Z": date(2024, 3, 2),
        "2024-03-01T15:59:59Z": date(2024, 3, 1),
        "2018-11-27+01:00": date(2018, 11, 27),
        "2024-02-29T18:00:00-05:00": date(2024, 3, 1),
        "2024-03-01 24:00": date(2024, 3, 1),
        "2024/3/1 下午 11:30:00": date(2024, 3, 1),
    }
    rows = [payment(60 + at, 发放日期=day) for at, day in enumerate(days)]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [*rows, *(payment(70 + at, 发放日期=day) for at, day in enumerate(
        ["03/04/2024", "24-03-01", "2024-03-01 25:00", "3月1日"]))]))  # fmt: skip
    for at, day in enumerate(days.values()):
        row = held(site, 60 + at)
        assert row, receipt.reasons
        assert row["pay_date"] == day
    assert {(reason.reason, reason.count) for reason in receipt.reasons} == {("date_malformed", 3), ("date_impossible", 1)}


def test_moments_lie_in_the_lake_in_utc(site: Site, tmp_path: Path) -> None:
    header = ["标段编号", "招标人统一社会信用代码", "标段名称", "项目类别", "最高限价", "公告日期", "开标时间"]
    opened = {
        "2024-02-01": datetime(2024, 1, 31, 16),
        "2024-01-31 24:00": datetime(2024, 1, 31, 16),
        "2024-02-01 下午 2:30": datetime(2024, 2, 1, 6, 30),
        "2024-02-01T09:00:00+01:00": datetime(2024, 2, 1, 8),
    }
    rows = [
        [f"L{at}", "119901010000000014", "某路工程", "施工", "1000000", "2024-01-02T17:00:00Z", said]
        for at, said in enumerate(opened)
    ]
    [receipt] = site.receive(write_csv(tmp_path / "标段.csv", rows, header=header))
    found = site.rows("tender_lot")
    assert [row["open_time"] for row in found] == list(opened.values()), receipt.reasons
    assert {row["notice_date"] for row in found} == {date(2024, 1, 3)}
