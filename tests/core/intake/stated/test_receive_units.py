"""Money in the unit that the sheet states, wherever it states it; a unit that cannot be used refuses the sheet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import xlsxwriter
from tests.core.intake.hurtful_reader import Harmless
from tests.core.intake.receiving import HEADER, Site, citizen, payment, write_csv

from xiezhi.identity.keyring import Keyring
from xiezhi.intake.receipts.receipt import Receipt, UnitUsed
from xiezhi.intake.sheets.sheet import Heading, Limits, Part
from xiezhi.intake.stated.units import check_below
from xiezhi.kernel.errors import Place, RefusedDelivery

AMOUNT = HEADER.index("补贴金额")
YUAN, WAN = 100, 1_000_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("site"), Keyring.fresh())
    yield made
    made.close()


@pytest.fixture
def serial() -> int:
    """A number that no other payment of this module has."""
    serial.count = getattr(serial, "count", 0) + 1  # type: ignore[attr-defined]
    return 100 + serial.count  # type: ignore[attr-defined,no-any-return]


def named(header: str) -> list[str]:
    return [*HEADER[:AMOUNT], header, *HEADER[AMOUNT + 1 :]]


def book(path: Path, above: Sequence[Sequence[str]], rows: Sequence[Sequence[str]], *, header: Sequence[str] = HEADER,
         sheet: str = "Sheet1") -> Path:  # fmt: skip
    with xlsxwriter.Workbook(path) as made:
        page = made.add_worksheet(sheet)
        for number, cells in enumerate([*above, header, *rows]):
            for place, cell in enumerate(cells):
                page.write_string(number, place, cell)
    return path


def amount(site: Site, receipt: Receipt) -> int:
    assert (receipt.refused, receipt.set_aside) == (False, 0), (receipt.refusal, receipt.reasons)
    [row] = [row for row in site.rows("subsidy_payment", "amount, _delivery") if row["_delivery"] == receipt.delivery]
    return int(row["amount"])


def amounts(site: Site, receipts: Sequence[Receipt]) -> list[int]:
    """The amount of the one row of each delivery."""
    assert [one.file for one in receipts if one.refused or one.set_aside] == []
    held = {row["_delivery"]: row["amount"] for row in site.rows("subsidy_payment", "amount, _delivery, _row")}
    return [held[one.delivery] for one in receipts]


READ = {
    "补贴金额": 5 * YUAN,
    "补贴金额(千元)": 5_000 * YUAN,
    "补贴金额（亿元）": 500_000_000 * YUAN,
    "补贴金额[百元]": 500 * YUAN,
    "补贴金额【百万元】": 5_000_000 * YUAN,
    "补贴金额(万)": 5 * WAN,
    "补贴金额(角)": 50,
    "补贴金额(分)": 5,
    "补贴金额/仟元": 5_000 * YUAN,
    "补贴金额千万元": 50_000_000 * YUAN,
    "补贴金额_万元": 5 * WAN,
    "补贴金额：万元": 5 * WAN,
    "补贴金额(金额单位：人民币万元)": 5 * WAN,
    "补贴金额(含税，万元)": 5 * WAN,
    "补贴金额(RMB'000)": 5_000 * YUAN,
    "amount (ten thousand yuan)": 5 * WAN,
    "amount in RMB million": 5_000_000 * YUAN,
    "补贴金额(人民币)": 5 * YUAN,
    "补贴金额(必填)": 5 * YUAN,
    "补贴金额\n(万元)": 5 * WAN,
    "补贴金额\n万元": 5 * WAN,
    "补贴金额(万元": 5 * WAN,
    "补贴金额(單位:萬圓)": 5 * WAN,
    "补贴金额(单位千元)": 5_000 * YUAN,
    "补贴金额(元/人)": 5 * YUAN,
}
"""Headers above a 5, and what it comes to in fen. A test delivers all files at once: a call takes longer than a file."""


def test_a_header_says_the_unit(site: Site, tmp_path: Path) -> None:
    paths = [
        write_csv(tmp_path / f"{at}.csv", [payment(300 + at, 补贴金额="5")], header=named(one)) for at, one in enumerate(READ)
    ]
    receipts = site.receive(*paths)
    assert amounts(site, receipts) == list(READ.values())
    for header, receipt in zip(READ, receipts, strict=True):
        [used] = receipt.units
        assert (used.field, used.source) == ("amount", "contract" if READ[header] == 5 * YUAN and "/" not in header else "header")


REFUSED = {
    "补贴金额(美元)": "unit_foreign",
    "补贴金额（万美元）": "unit_foreign",
    "补贴金额(USD)": "unit_foreign",
    "补贴金额/港币": "unit_foreign",
    "补贴金额欧元": "unit_foreign",
    "补贴金额(€)": "unit_foreign",
    "补贴金额(美圓)": "unit_foreign",
    "补贴金额(kUSD)": "unit_unknown",
    "补贴金额(kCNY)": "unit_unknown",
    "补贴金额(元、角、分)": "unit_mixed",
    "补贴金额(元角分)": "unit_mixed",
    "补贴金额(元)(万元)": "unit_mixed",
    "补贴金额(元/万元)": "unit_unfit",
    "补贴金额(百亿元)": "unit_unknown",
    "补贴金额(k)": "unit_unknown",
    "补贴金额(元以上)": "unit_unknown",
    "补贴金额(元/亩)": "unit_unfit",
    "补贴金额(元/年)": "unit_unfit",
    "补贴金额(公斤)": "unit_unfit",
    "补贴金额(%)": "unit_unfit",
    "补贴金额(斤)": "unit_unfit",
}


def test_a_unit_that_cannot_be_used_refuses_the_sheet(site: Site, tmp_path: Path) -> None:
    paths = [
        write_csv(tmp_path / f"{at}.csv", [payment(400 + at, 补贴金额="5")], header=named(one)) for at, one in enumerate(REFUSED)
    ]
    refusals = [receipt.refusal for receipt in site.receive(*paths)]
    assert {one: refusal and refusal.code for one, refusal in zip(REFUSED, refusals, strict=True)} == REFUSED
    for refusal in refusals:
        assert refusal
        assert "补贴金额" in refusal.zh
        assert refusal.todo_zh
        assert refusal.en


ABOVE = [
    [["2021年补贴发放明细表"], ["单位：万元"]],
    [["2021年补贴发放明细表"], ["填报单位：民政局", "", "", "", "金额单位:人民币万元"]],
    [["补贴发放表"], ["", "计量单位（万元）"]],
    [["补贴发放表（万元）"]],
    [["补贴发放表(单位:万元)"]],
    [["补贴发放表 万元"], ["制表人：张三"]],
    [["补贴发放表"], ["编制单位：宏元镇人民政府      单位：万元     2021年3月"]],
    [["补贴发放表"], ["单位：", "万元"]],
    [["补贴发放表"], ["单位：户、万元、%"]],
    [["Payments"], ["Unit: ten thousand yuan"]],
    [["补贴发放表"], ["币种：人民币", "单位：万元"]],
    [["补贴发放表"], ["以下金额均以万元为单位"]],
    [["补贴发放表"], ["注：金额按人民币万元填报"]],
    [["补贴发放表"], ["金额单位万元"]],
    [["补贴发放表"], ["表内单位：萬元"]],
    [["Payments"], ["All figures in ten thousands of yuan"]],
]


def test_a_title_says_the_unit(site: Site, tmp_path: Path) -> None:
    paths = [book(tmp_path / f"{at}.xlsx", above, [payment(500 + at, 补贴金额="5")]) for at, above in enumerate(ABOVE)]
    receipts = site.receive(*paths)
    assert amounts(site, receipts) == [5 * WAN] * len(ABOVE)
    for above, receipt in zip(ABOVE, receipts, strict=True):
        [used] = receipt.units
        assert (used.unit, used.source, used.row) == ("万元", "title", 1 if len(above) == 1 or "万元" in above[0][0] else 2)
        page = site.lake.paths.receipt(receipt.delivery, "html").read_text(encoding="utf-8")
        assert f"万元(标题第 {used.row} 行" in page
        told = json.loads(site.lake.paths.receipt(receipt.delivery, "json").read_text(encoding="utf-8"))
        assert told["units"][0]["source"] == "title"


SILENT = [
    [["填报单位：民政局"], ["主管单位：财政局(章)"]],
    [["补贴发放表"], ["单位：宏元建材有限公司"]],
    [["单笔5万元以上补贴发放明细"]],
    [["补贴发放表"], ["总金额：5 万元"]],
    [["补贴发放表"], ["币种：人民币"]],
    [["补贴发放表"], ["单位：户"]],
    [["补贴发放表"], ["各单位以5万元为限按月发放"]],
    [["补贴发放表"], ["单位公章", "单位负责人：张元"]],
]


def test_a_title_that_says_no_unit_says_none(site: Site, tmp_path: Path) -> None:
    paths = [book(tmp_path / f"{at}.xlsx", above, [payment(600 + at, 补贴金额="5")]) for at, above in enumerate(SILENT)]
    receipts = site.receive(*paths)
    assert amounts(site, receipts) == [5 * YUAN] * len(SILENT)
    assert {receipt.units[0].source for receipt in receipts} == {"contract"}


UNUSABLE = [
    ([["单位：万美元"]], "补贴金额", "unit_foreign"),
    ([["币种：USD"]], "补贴金额", "unit_foreign"),
    ([["单位：元、角、分"]], "补贴金额", "unit_mixed"),
    ([["金额单位：铢"]], "补贴金额", "unit_unknown"),
    ([["单位：百亿元"]], "补贴金额", "unit_unknown"),
    ([["发放表（万元）"], ["单位：元"]], "补贴金额", "unit_contradictory"),
    ([["单位：万元"]], "补贴金额(元)", "unit_contradictory"),
    ([["单位：元/亩"]], "补贴金额", "unit_unfit"),
]


def test_a_title_that_cannot_be_used_refuses_the_sheet(site: Site, tmp_path: Path) -> None:
    paths = [
        book(tmp_path / f"{at}.xlsx", [["补贴发放表"], *above], [payment(700 + at, 补贴金额="5")], header=named(header))
        for at, (above, header, _) in enumerate(UNUSABLE)
    ]
    codes = [receipt.refusal and receipt.refusal.code for receipt in site.receive(*paths)]
    assert codes == [code for *_, code in UNUSABLE]


SETTLEMENT = ["结算流水号", "身份证号", "定点机构名称", "就诊类别", "入院日期", "出院日期", "诊断编码"]
STAY = [citizen(1), "某医院", "住院", "2021-03-01", "2021-03-05", "I10"]


def test_the_foot_of_a_table_must_agree(site: Site, tmp_path: Path) -> None:
    feet = {
        "注：金额单位为万元": "unit_contradictory",
        "单位：千元": "unit_contradictory",
        "说明：以上金额以万元计": "unit_contradictory",
        "币种：美元": "unit_foreign",
        "单位：元": None,
        "填报单位：民政局": None,
        "合计5万元": None,
    }
    paths = []
    for at, foot in enumerate(feet):
        rows = [payment(800 + at, 补贴金额="5"), [foot]]
        paths += [write_csv(tmp_path / f"{at}.csv", rows), book(tmp_path / f"{at}.xlsx", [], rows)]
    codes = [receipt.refusal and receipt.refusal.code for receipt in site.receive(*paths)]
    assert codes == [code for code in feet.values() for _ in range(2)]


def test_a_header_may_be_the_exception_to_a_title(site: Site, tmp_path: Path) -> None:
    header = [*SETTLEMENT, "费用总额(元)", "基金支付金额", "个人支付金额"]
    [receipt] = site.receive(book(tmp_path / "b.xlsx", [["单位：千元"]], [["S1", *STAY, "8000", "5", "3"]], header=header))
    assert not receipt.refused, receipt.refusal
    assert {used.field: (used.unit, used.source) for used in receipt.units} == {
        "total_fee": ("元", "header"),
        "fund_pay": ("千元", "title"),
        "self_pay": ("千元", "title"),
    }
    [row] = site.rows("med_settlement", "total_fee, fund_pay, self_pay")
    assert list(row.values()) == [8_000 * YUAN, 5_000 * YUAN, 3_000 * YUAN]


@pytest.mark.parametrize(
    ("name", "sheet", "source"), [("b.xlsx", "补贴(万元)", "sheet"), ("补贴发放(单位：万元).xlsx", "一月", "file")]
)
def test_a_name_says_the_unit(site: Site, tmp_path: Path, serial: int, name: str, sheet: str, source: str) -> None:
    [receipt] = site.receive(book(tmp_path / name, [], [payment(serial, 补贴金额="5")], sheet=sheet))
    assert amount(site, receipt) == 5 * WAN
    assert receipt.units[0].source == source


def test_a_row_of_units_below_the_names_is_part_of_the_header(site: Site, tmp_path: Path, serial: int) -> None:
    units = [""] * len(HEADER)
    units[AMOUNT] = "（万元）"
    rows = [units, payment(serial, 补贴金额="5")]
    for path in (book(tmp_path / "b.xlsx", [], rows), write_csv(tmp_path / "b.csv", [units, payment(serial + 50, 补贴金额="5")])):
        [receipt] = site.receive(path)
        assert amount(site, receipt) == 5 * WAN
        assert receipt.delivered == 1


def test_a_group_of_a_header_in_two_rows_says_the_unit(site: Site, tmp_path: Path) -> None:
    top = [*SETTLEMENT, "费用(万元)", "", ""]
    bottom = [*[""] * len(SETTLEMENT), "费用总额", "基金支付金额", "个人支付金额(元)"]
    [receipt] = site.receive(book(tmp_path / "b.xlsx", [top], [["S2", *STAY, "0.8", "0.5", "3000"]], header=bottom))
    assert not receipt.refused, receipt.refusal
    assert [used.unit for used in receipt.units] == ["万元", "万元", "元"]


@pytest.mark.parametrize(("column", "said", "code"), [
    ("金额单位", "万元", "unit_contradictory"), ("币种", "美元", "unit_foreign"), ("单位", "千元", "unit_contradictory"),
    ("货币单位", "铢", "unit_unknown"),
])  # fmt: skip
def test_a_column_of_units_must_agree(site: Site, tmp_path: Path, serial: int, column: str, said: str, code: str) -> None:
    rows = [[*payment(serial), "元"], [*payment(serial + 50), said]]
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", rows, header=[*HEADER, column]))
    assert receipt.refusal
    assert receipt.refusal.code == code


@pytest.mark.parametrize(("column", "said"), [("金额单位", "元"), ("币种", "人民币"), ("单位", "民政局"), ("计量单位", "户")])
def test_a_column_of_units_that_agrees_or_names_something_else(
    site: Site, tmp_path: Path, serial: int, column: str, said: str
) -> None:
    [receipt] = site.receive(write_csv(tmp_path / "a.csv", [[*payment(serial), said]], header=[*HEADER, column]))
    assert amount(site, receipt) == (100 + serial) * YUAN + 50


def test_a_unit_in_the_cell_goes_before_the_column_and_is_not_multiplied_twice(site: Site, tmp_path: Path, serial: int) -> None:
    cells = ["5万元", "500元", "5"]
    rows = [payment(serial + 50 * place, 补贴金额=cell) for place, cell in enumerate(cells)]
    [receipt] = site.receive(book(tmp_path / "b.xlsx", [["单位：千元"]], rows))
    found = [row["amount"] for row in site.rows("subsidy_payment", "amount, _delivery") if row["_delivery"] == receipt.delivery]
    assert found == [5 * WAN, 500 * YUAN, 5_000 * YUAN]


def test_keys_of_json_lines_say_the_unit(site: Site, tmp_path: Path, serial: int) -> None:
    path = tmp_path / "a.jsonl"
    row = dict(zip(named("补贴金额(千元)"), payment(serial, 补贴金额="5"), strict=True))
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    [receipt] = site.receive(path)
    assert amount(site, receipt) == 5_000 * YUAN


def test_rows_that_go_back_keep_the_unit_that_a_title_stated(site: Site, tmp_path: Path, serial: int) -> None:
    rows = [payment(serial, 补贴金额="5", 发放日期="待定")]
    path = tmp_path / "b.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([["补贴发放表"], ["单位：万元"], HEADER, *rows])
    [receipt] = site.receive(path)
    assert (receipt.set_aside, receipt.units[0].unit) == (1, "万元")
    assert receipt.returned
    mended = tmp_path / "mended.csv"
    back = (site.lake.paths.root / receipt.returned).read_text(encoding="utf-8")
    mended.write_text(back.replace("待定", "2021-03-15"), encoding="utf-8")
    [again] = site.receive(mended)
    assert amount(site, again) == 5 * WAN


@pytest.mark.parametrize(
    ("quantity", "price", "code"),
    [
        ("数量(公斤)", "单价(元/公斤)", None),
        ("数量(kg)", "单价(元/千克)", None),
        ("数量", "单价(元)", None),
        ("数量(斤)", "单价(元/公斤)", "unit_unfit"),
        ("数量(吨)", "单价", "unit_unfit"),
        ("数量", "单价(元/斤)", "unit_unfit"),
        ("数量(元)", "单价", "unit_unfit"),
    ],
)
def test_weights_and_prices_per_weight(site: Site, tmp_path: Path, quantity: str, price: str, code: str | None) -> None:
    header = ["采购单号", "学校名称", "采购日期", "食材名称", quantity, price, "供应商统一社会信用代码"]
    row = [f"C{quantity}{price}", "某小学", "2021-03-01", "大米", "10", "5", "91990101000000010R"]
    [receipt] = site.receive(write_csv(tmp_path / "食堂.csv", [row], header=header))
    assert (receipt.refusal.code if receipt.refusal else None) == code, (receipt.refusal, receipt.reasons)
    if not code:
        assert receipt.units[0].unit == "元"


def test_a_refusal_for_the_foot_of_a_table_names_its_sheet(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    sheet = Harmless(Part(path, "b.zip", path), Heading(["补贴金额"], 3), Limits(), tmp_path, sheet="明细")
    used = [UnitUsed(field="amount", unit="元", source="contract")]
    check_below(sheet, used, ["注:金额单位为元"])
    for text, code in (("注:金额单位为万元", "unit_contradictory"), ("注:金额单位为美元", "unit_foreign")):
        with pytest.raises(RefusedDelivery) as refused:
            check_below(sheet, used, [text])
        assert (refused.value.code, refused.value.place) == (code, Place(str(path), "明细", 3))
