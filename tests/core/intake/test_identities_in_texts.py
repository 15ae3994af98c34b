"""No text of the lake keeps what has the shape of an id, a card or a phone, whatever column it was written in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.core.intake.receiving import HEADER, Site, citizen, payment, write_csv
from tests.core.intake.rows.test_receive_chronology import HELP

SHAPES = re.compile(r"(?<!\d)([1-9]\d{5}(?:18|19|20)\d{9}[\dXx]|62\d{14,17}|1[3-9]\d{9})(?!\d)")
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
CARD, MOBILE = "6217000000000012345", "13812345678"


@pytest.mark.parametrize("written", [citizen(7), CARD, MOBILE, "990101500101001"])
def test_a_required_text_that_is_an_identity_sets_its_row_aside(written: str, site: Site, tmp_path: Path) -> None:
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [payment(1), payment(2, 补贴项目编码=written)]))
    assert [(reason.column, reason.reason, reason.count) for reason in receipt.reasons] == [("item", "identity_in_text", 1)]
    assert [row["item"] for row in site.rows("subsidy_payment", "item")] == ["ELD80"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f"民政局 联系人{citizen(7)}", "民政局 联系人[号码已隐去]"),
        (f"{CARD},{MOBILE}", "[号码已隐去],[号码已隐去]"),
        ("农商行代发 9558801234567890123", "农商行代发 [号码已隐去]"),
        ("卡4367421234567890123,456351123456789012", "卡[号码已隐去],[号码已隐去]"),
        ("订单5101052024010100012", "订单5101052024010100012"),
        (f"电话{MOBILE}", "电话[号码已隐去]"),
        (f"电话{MOBILE[:3]}-{MOBILE[3:7]} {MOBILE[7:]}", "电话[号码已隐去]"),
        (f"经办{citizen(7)[:6]} {citizen(7)[6:14]} {citizen(7)[14:]}号", "经办[号码已隐去]号"),
        (f"卡{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:16]} {CARD[16:]}", "卡[号码已隐去]"),
        ("手机" + MOBILE.translate(WIDE), "手机[号码已隐去]"),
        ("证件" + citizen(7).translate(WIDE), "证件[号码已隐去]"),
        ("采购ID990101197511130003", "采购ID[号码已隐去]"),
        (f"采购TEL{MOBILE}", "采购TEL[号码已隐去]"),
        ("采购990101197511130003x", "采购[号码已隐去]x"),
        (f"采购{MOBILE}a", "采购[号码已隐去]a"),
        ("采购990101\u20091975\u20091113\u20090003", "采购[号码已隐去]"),
        ("采购990101\t19751113\t0003", "采购[号码已隐去]"),
        ("采购990,101,197,511,130,003", "采购[号码已隐去]"),
        ("采购990101.19751113.0003", "采购[号码已隐去]"),
        ("采购138.1234.5678", "采购[号码已隐去]"),
        ("采购（138）12345678", "采购（[号码已隐去]"),
        (f"采购+86{MOBILE}", "采购[号码已隐去]"),
        ("采购DH19031200015", "采购DH19031200015"),
        ("采购NO19031200015", "采购NO19031200015"),
        ("采购P990101202401150012", "采购P990101202401150012"),
        ("采购990101.20240315.0012", "采购990101.20240315.0012"),
        ("1,234,567,890.12", "1,234,567,890.12"),
        ("编号990101-20190312-0012", "编号990101-20190312-0012"),
        ("项目131-2024-0001号", "项目131-2024-0001号"),
        ("6200-2024-0315-0012", "6200-2024-0315-0012"),
        ("2024-03-15 10:20:30", "2024-03-15 10:20:30"),
        ("批次20240315000012345678", "批次20240315000012345678"),
        ("文号〔2024〕123456789012", "文号〔2024〕123456789012"),
    ],
)
def test_an_identity_within_a_text_is_taken_out(written: str, kept: str, site: Site, tmp_path: Path) -> None:
    row = HELP | {"与申请人关系": written}
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [list(row.values())], header=list(row)), contract="dibao_member")
    assert [one["relation"] for one in site.rows("dibao_member", "relation")] == [kept]
    assert [repair.repair for repair in receipt.repairs] == (["identity_removed"] if kept != written else [])


def test_a_key_that_is_an_identity_sets_its_row_aside_and_long_numbers_stay_keys(site: Site, tmp_path: Path) -> None:
    rows = [
        payment(1, 流水号=citizen(7)),
        payment(2, 流水号=f"{CARD}-1"),
        payment(3, 流水号="20240315000012345678"),
        payment(4, 流水号=MOBILE),
    ]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows))
    assert sorted(row["payment_id"] for row in site.rows("subsidy_payment", "payment_id")) == [MOBILE, "20240315000012345678"]
    assert receipt.set_aside == 2


def test_columns_shifted_by_one_carry_nothing_into_a_text(site: Site, tmp_path: Path) -> None:
    for shift in range(1, len(HEADER)):
        cells = payment(shift)
        write_csv(tmp_path / f"{shift}.csv", [cells[shift:] + cells[:shift], payment(100 + shift)])
    site.receive(*sorted(tmp_path.glob("*.csv")))
    for table in ("subsidy_payment", "subsidy_payment__set_aside"):
        for row in site.rows(table):
            assert not [value for value in row.values() if isinstance(value, str) and SHAPES.search(value)], row


SHIFTED_NAMES = ("诸葛亮明", "孙悟空", "霁川市青山县云岭镇石桥村三组12号")


def test_names_of_shifted_columns_are_not_kept_of_rows_set_aside(site: Site, tmp_path: Path) -> None:
    """A name under the item is a text like any other; kept beside the table, it would name somebody in a stolen lake."""
    for number, name in enumerate(SHIFTED_NAMES):
        cells = payment(number, 姓名=name, 收款人姓名=name, 发放单位="安平镇")
        for shift in range(1, len(HEADER)):
            write_csv(tmp_path / f"{number}-{shift}.csv", [cells[shift:] + cells[:shift]])
    site.receive(*sorted(tmp_path.glob("*.csv")))
    kept = site.rows("subsidy_payment__set_aside")
    assert len(kept) > len(HEADER), "of three files a shift; some rows came again under a key that shifting made equal"
    said = {value for row in kept for value in row.values() if isinstance(value, str)}
    assert said.isdisjoint(SHIFTED_NAMES)


def test_an_office_that_accepted_rows_name_is_kept_of_rows_set_aside(site: Site, tmp_path: Path) -> None:
    rows = [
        payment(1, 发放单位="安平镇"),
        payment(2, 发放单位="安平镇", 补贴金额="abc"),
        payment(3, 发放单位="孙悟空", 补贴金额="abc"),
    ]
    site.receive(write_csv(tmp_path / "a.csv", rows))
    assert [row["agency"] for row in site.rows("subsidy_payment__set_aside", "agency, _delivery, _row")] == ["安平镇", None]
