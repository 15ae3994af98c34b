"""Moments that cannot be are set aside: before another of their row, or after the day on which they were received."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from tests.core.intake.receiving import HEADER, Site, citizen, payment, write_csv

from xiezhi.identity.keyring import Keyring
from xiezhi.intake.receipts.receipt import Receipt
from xiezhi.kernel.clock import standing_at

NOW = datetime.fromisoformat("2026-03-15T23:30:00+08:00")
"""In UTC it is still the afternoon; on the site's clock the last half hour of the 15th."""

DEATH = {"身份证号": citizen(1), "姓名": "王小明", "死亡日期": "2026-03-10", "信息来源": "火化"}  # born 1951-01-01
STAY = {"结算流水号": "S1", "身份证号": citizen(1), "定点机构名称": "县医院", "就诊类别": "住院", "入院日期": "2026-03-01",
        "出院日期": "2026-03-09", "基金支付金额": "100"}  # fmt: skip
LOT = {"招标人统一社会信用代码": "91990101000000010R", "标段名称": "道路", "公告日期": "2026-03-10"}
HELP = {"低保证号": "D1", "身份证号": citizen(1), "姓名": "王小明", "低保类别": "农村低保", "起始月份": "2025-01",
        "停保月份": "2025-06", "状态日期": "2026-03-01"}  # fmt: skip

OPEN = HELP | {"停保月份": ""}


def received(folder: Path, contract: str, *rows: Mapping[str, str]) -> Receipt:
    return delivered(folder, contract, list(rows[0]), [list(row.values()) for row in rows])


def delivered(folder: Path, contract: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Receipt:
    site = Site(folder, Keyring.fresh())
    with standing_at(NOW):
        [receipt] = site.receive(write_csv(folder / "a.csv", rows, header=header), contract=contract)
    site.close()
    assert receipt.refusal is None
    return receipt


@pytest.mark.parametrize(
    ("contract", "row", "sound", "wrong", "reason"),
    [
        ("death_registry", DEATH, {"死亡日期": "1951-01-01"}, {"死亡日期": "1950-12-31"}, "death_date=before_other"),
        ("death_registry", DEATH, {"死亡日期": "2026-03-15"}, {"死亡日期": "2026-03-16"}, "death_date=in_the_future"),
        ("death_registry", DEATH, {"死亡日期": "2026/3/1"}, {"死亡日期": "2062/3/1"}, "death_date=in_the_future"),
        ("med_settlement", STAY, {"出院日期": "2026-03-01"}, {"出院日期": "2026-02-28"}, "discharge=before_other"),
        ("dibao_member", HELP, {"停保月份": "2025-01"}, {"停保月份": "2024-12"}, "end_month=before_other"),
        ("dibao_member", OPEN, {"起始月份": "2027-03"}, {"起始月份": "2027-04"}, "start_month=in_the_future"),
        ("dibao_member", HELP, {"状态日期": "2026-04-15"}, {"状态日期": "2026-04-16"}, "status_date=in_the_future"),
    ],
)
def test_what_cannot_be_is_set_aside_and_what_just_can_is_not(
    tmp_path: Path, contract: str, row: dict[str, str], sound: dict[str, str], wrong: dict[str, str], reason: str
) -> None:
    for name in ("sound", "wrong"):
        (tmp_path / name).mkdir()
    assert received(tmp_path / "sound", contract, row | sound).set_aside == 0
    receipt = received(tmp_path / "wrong", contract, row | wrong)
    assert receipt.set_aside == 1
    assert [f"{one.column}={one.reason}" for one in receipt.reasons] == [reason]


def test_a_time_is_compared_with_a_day_by_the_site_s_clock(tmp_path: Path) -> None:
    times = ("2026-03-10 00:30", "2026-03-09 23:59")
    receipt = received(tmp_path, "tender_lot", *(LOT | {"标段编号": f"L{time}", "开标时间": time} for time in times))
    assert [(one.column, one.count) for one in receipt.reasons if one.reason == "before_other"] == [("open_time", 1)]


def test_of_many_rows_those_that_cannot_be_are_named_by_their_number(tmp_path: Path) -> None:
    # Lists of payments come before the day they are paid on, by two months at most.
    paid = [payment(number, 发放日期="2026-05-16" if number == 7 else "2026-05-15") for number in range(1, 10)]
    receipt = delivered(tmp_path, "subsidy_payment", HEADER, paid)
    [reason] = receipt.reasons
    assert (reason.reason, reason.count, [example.row for example in reason.examples]) == ("in_the_future", 1, [8])
    assert reason.examples[0].shown == "2026-05-16"
