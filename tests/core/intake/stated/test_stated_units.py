"""In which unit a column of money is read, who said so, and in which words a unit that cannot be used is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.core.intake.hurtful_reader import Harmless
from tests.core.intake.receiving import contracts

from xiezhi.contracts.header_matching import map_header
from xiezhi.intake.receipts.receipt import UnitUsed
from xiezhi.intake.sheets.sheet import Heading, Limits, Part, Sheet
from xiezhi.intake.stated.units import check_below, check_unit_column, is_unit_column, names_currency, units_used
from xiezhi.intake.stated.weights import check_weights
from xiezhi.kernel.errors import Place, RefusedDelivery

PAYMENT, SETTLEMENT, CANTEEN = "subsidy_payment", "med_settlement", "canteen_purchase"


def sheet(
    header: Sequence[str] = ("补贴金额",), *titles: str, name: str | None = None, file: str = "a.xlsx", member: str | None = None
) -> Sheet:
    """A sheet whose header stands below its titles, each of which is a row (its cells apart by |)."""
    heading = Heading(list(header), len(titles) + 1, [title.split("|") for title in titles])
    return Harmless(Part(Path(file), member, Path(file)), heading, Limits(), Path(), sheet=name)


def used(of: Sheet, contract: str = PAYMENT) -> list[UnitUsed]:
    table = contracts().get(contract).table()
    return units_used(of, table, map_header(table, of.header))


def refused(ask: Callable[[], object]) -> RefusedDelivery:
    with pytest.raises(RefusedDelivery) as caught:
        ask()
    return caught.value


def by_contract(field: str = "amount") -> UnitUsed:
    return UnitUsed(field=field, unit="元", source="contract")


def by_title(text: str, row: int, unit: str = "万元", field: str = "amount") -> UnitUsed:
    return UnitUsed(field=field, unit=unit, source="title", row=row, text=text)


def by_header(text: str, unit: str = "万元", field: str = "amount") -> UnitUsed:
    return UnitUsed(field=field, unit=unit, source="header", text=text)


def test_each_column_of_money_is_read_by_its_header_else_by_the_sheet() -> None:
    header = ["个人支付金额", "费用总额(元)", "诊断编码", "基金支付金额(人民币)"]
    assert used(sheet(header, "医保结算", "|单位:万元"), SETTLEMENT) == [
        by_header("元", "元", "total_fee"),
        by_title("万元", 2, field="fund_pay"),
        by_title("万元", 2, field="self_pay"),
    ]
    assert used(sheet(header), SETTLEMENT) == [
        by_header("元", "元", "total_fee"),
        by_contract("fund_pay"),
        by_contract("self_pay"),
    ]


def test_a_sheet_without_a_column_of_money_has_no_unit_and_its_titles_are_not_held_against_it() -> None:
    assert used(sheet(["姓名", "所属月份(月)"], "单位:万美元")) == []


@pytest.mark.parametrize(
    ("of", "source", "text"),
    [
        (sheet(name="补贴(万元)"), "sheet", "万元"),
        (sheet(file="三月/补贴发放(单位：万元).xlsx"), "file", "万元"),
        (sheet(file="补贴发放_万元.csv.gz"), "file", "万元"),
        (sheet(file="全部(千元).zip", member="三月(百元)/补贴(万元).csv"), "file", "万元"),
        (sheet(name="补贴(万元)", file="补贴（万元）.xlsx"), "sheet", "万元"),
    ],
)
def test_a_name_says_the_unit(of: Sheet, source: str, text: str) -> None:
    assert used(of) == [UnitUsed(field="amount", unit="万元", source=source, text=text)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "of",
    [
        sheet(file="补贴发放(100).xlsx"),  # the number of a copy
        sheet(name="补贴发放(500元以上)"),
        sheet(file="补贴发放(户).xlsx"),
    ],
)
def test_a_name_that_says_no_unit_says_none(of: Sheet) -> None:
    assert used(of) == [by_contract()]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("单 位 : 万 元", "万元"),
        ("单位:万", "万"),
        ("表内单位:万元", "万元"),
        ("填报单位:民政局  单位:万元  2021年3月", "万元"),
        ("单位:万元  2021年3月", "万元"),
        ("币种:人民币|单位:万元", "万元"),
        ("Unit: ten thousand yuan", "ten thousand yuan"),
        ("以上金额按万元统计", "万元"),
        ("补贴发放表(万元)", "万元"),
        ("补贴发放表 万元", "万元"),
        ("补贴发放表(含税,万元)", "含税,万元"),
        ("补贴发放表(含税 万元)", "含税 万元"),
        ("补贴发放表(单价:万元)", "单价:万元"),
        ("补贴发放表(万)", "万"),
        ("万元 补贴发放表", "万元"),
        ("万元-补贴发放表", "万元"),
        ("万元", "万元"),
    ],
)
def test_a_title_says_the_unit(title: str, text: str) -> None:
    assert used(sheet(["补贴金额"], "补贴发放表", title)) == [by_title(text, 2)]


@pytest.mark.parametrize(
    "title",
    [
        "",
        "万",
        "单位:民政局",
        "单位:元氏县民政局",
        "填报单位:元氏县民政局",
        "填报单位:1000",  # what the office is numbered
        "金额单位:",
        "币种:人民币",
        "单位:户",
        "补贴发放表(十)",  # the tenth
        "补贴发放表(每人100元)",
        "补贴发放表(元氏县)",
        "元氏县 补贴发放表",
        "补贴发放表(不含税)",
        "共发放    万元,共计    人",  # a form that nobody filled in
    ],
)
def test_a_title_that_says_no_unit_says_none(title: str) -> None:
    assert used(sheet(["补贴金额"], "补贴发放表", title)) == [by_contract()]


ON_ROW_2, FOREIGN, UNKNOWN = "标题第 2 行的单位", "不是人民币", "无法识别"


@pytest.mark.parametrize(
    ("title", "zh"),
    [
        ("单位:万美元", f"{ON_ROW_2}“万美元”{FOREIGN}"),
        ("单位:百亿元", f"{ON_ROW_2}“百亿元”{UNKNOWN}"),
        ("金额单位:铢", f"{ON_ROW_2}“铢”{UNKNOWN}"),
        ("本表金额单位:铢", f"{ON_ROW_2}“铢”{UNKNOWN}"),
        ("金额单位:元氏县", f"{ON_ROW_2}“元氏县”{UNKNOWN}"),
        ("单位:元、角、分", "标题第 2 行写了几个单位“元、角、分”"),
        ("单位:元/亩", "补贴金额的单位“元/亩”不是契约所要的“元”"),
    ],
)
def test_a_title_that_cannot_be_used_is_refused_in_words(title: str, zh: str) -> None:
    assert refused(lambda: used(sheet(["补贴金额"], "补贴发放表", title))).zh == zh


def test_a_refusal_says_in_both_languages_where_the_unit_stands() -> None:
    titled = refused(lambda: used(sheet(["补贴金额"], "补贴表", "单位:美元", "三月", name="明细", file="b.zip", member="a.xlsx")))
    assert (titled.code, titled.place) == ("unit_foreign", Place("b.zip", "明细", 2))
    assert titled.en == "the unit of title row 2, “美元”, is not RMB"
    named = refused(lambda: used(sheet(["补贴金额"], "补贴表", name="补贴(美元)")))
    assert (named.zh, named.place) == ("工作表名的单位“美元”不是人民币", Place("a.xlsx", "补贴(美元)", 2))
    assert named.en == "the unit of the sheet's name, “美元”, is not RMB"
    filed = refused(lambda: used(sheet(file="b.zip", member="补贴(美元).csv")))
    assert (filed.zh, filed.place) == ("文件名的单位“美元”不是人民币", Place("b.zip", "补贴(美元).csv", 1))
    assert filed.en == "the unit of the file's name, “美元”, is not RMB"
    headed = refused(lambda: used(sheet(["补贴金额(美元)"], "补贴表")))
    assert (headed.zh, headed.place) == ("补贴金额的单位“美元”不是人民币", Place("a.xlsx", None, 2))
    assert headed.en == "the unit of 补贴金额, “美元”, is not RMB"


def test_titles_in_several_columns_of_digits_do_not_matter_where_every_header_has_its_unit() -> None:
    titles = ("结算表", "单位:元、角、分")
    header = ["费用总额(元)", "基金支付金额(元)"]
    assert used(sheet(header, *titles), SETTLEMENT) == [by_header("元", "元", "total_fee"), by_header("元", "元", "fund_pay")]
    assert refused(lambda: used(sheet([*header, "个人支付金额"], *titles), SETTLEMENT)).code == "unit_mixed"
    assert refused(lambda: used(sheet(header, "结算表", "单位:美元"), SETTLEMENT)).code == "unit_foreign"


def test_headers_may_be_exceptions_to_a_title_but_not_all_of_them() -> None:
    title = "单位:万元"
    assert used(sheet(["费用总额(元)", "基金支付金额(万元)"], title), SETTLEMENT) == [
        by_header("元", "元", "total_fee"),
        by_header("万元", field="fund_pay"),
    ]
    none = refused(lambda: used(sheet(["费用总额(元)", "基金支付金额(千元)"], title, "三月"), SETTLEMENT))
    assert (none.code, none.zh, none.place.row if none.place else None) == (
        "unit_contradictory",
        "单位前后不一:“万元”、“元”、“千元”",
        1,
    )


def test_two_titles_contradict_each_other_whatever_the_headers_say() -> None:
    two = refused(lambda: used(sheet(["费用总额(千元)", "基金支付金额"], "结算表(万元)", "单位:元", "三月"), SETTLEMENT))
    assert (two.code, two.zh, two.place.row if two.place else None) == ("unit_contradictory", "单位前后不一:“万元”、“元”", 1)
    assert used(sheet(["补贴金额"], "补贴发放表(万元)", "单位:万元")) == [by_title("万元", 1)]


@pytest.mark.parametrize(
    ("contract", "header", "unit", "said"),
    [
        (PAYMENT, "补贴金额(元/次)", "元", "header"),
        (PAYMENT, "补贴金额(元/人·月)", "元", "header"),
        (PAYMENT, "补贴金额(人民币)", "元", "contract"),
        (PAYMENT, "补贴金额(人)", "元", "contract"),
        (CANTEEN, "单价(元/公斤)", "元", "header"),
        (CANTEEN, "单价(元/人)", "元", "header"),
    ],
)
def test_an_amount_may_be_for_what_its_row_is_of(contract: str, header: str, unit: str, said: str) -> None:
    assert [(one.unit, one.source) for one in used(sheet([header]), contract)] == [(unit, said)]


@pytest.mark.parametrize(
    ("contract", "header", "zh"),
    [
        (PAYMENT, "补贴金额(%)", "补贴金额的单位“%”不是契约所要的“元”"),
        (PAYMENT, "补贴金额(斤)", "补贴金额的单位“斤”不是契约所要的“元”"),
        (PAYMENT, "补贴金额(元/亩)", "补贴金额的单位“元/亩”不是契约所要的“元”"),
        (PAYMENT, "补贴金额(元/公斤)", "补贴金额的单位“元/公斤”不是契约所要的“元”"),
        (PAYMENT, "补贴金额(元/人·年)", "补贴金额的单位“元/人·年”不是契约所要的“元”"),
        (CANTEEN, "单价(元/斤)", "单价的单位“元/斤”不是契约所要的“元/公斤”"),
        (CANTEEN, "单价(元/次)", "单价的单位“元/次”不是契约所要的“元/公斤”"),
        (CANTEEN, "数量(斤)", "数量的单位“斤”不是契约所要的“公斤”"),
        (CANTEEN, "数量(人)", "数量的单位“人”不是契约所要的“公斤”"),
    ],
)
def test_a_header_of_another_measure_is_refused_with_the_one_that_is_wanted(contract: str, header: str, zh: str) -> None:
    assert refused(lambda: used(sheet([header]), contract)).zh == zh


def test_a_price_per_weight_may_be_stated_above_the_table() -> None:
    assert used(sheet(["单价"], "单位:元/公斤"), CANTEEN) == [by_title("元/公斤", 1, "元", "unit_price")]


def column(header: str, texts: Sequence[str], contract: str = PAYMENT) -> None:
    check_unit_column(sheet(), contracts().get(contract).table(), [by_contract()], header, texts)


@pytest.mark.parametrize(
    ("header", "texts", "contract"),
    [
        ("金额单位", ["", " ", "元", "人民币元"], PAYMENT),
        ("币种", ["人民币", "CNY", "156"], PAYMENT),
        ("单位", ["民政局", "元氏县民政局", "元"], PAYMENT),
        ("计量单位", ["户", "斤"], PAYMENT),
        ("计量单位", ["公斤", "kg", "元"], CANTEEN),
    ],
)
def test_a_column_of_units_may_say_what_the_sheet_is_read_in(header: str, texts: list[str], contract: str) -> None:
    column(header, texts, contract)


@pytest.mark.parametrize(
    ("header", "texts", "contract", "zh"),
    [
        ("金额单位", ["元", "万元"], PAYMENT, "单位前后不一:金额单位“万元”、元"),
        ("币种", ["人民币", "156", "美元"], PAYMENT, "币种的单位“美元”不是人民币"),
        ("货币单位", ["铢"], PAYMENT, "货币单位的单位“铢”无法识别"),
        ("单位", ["元氏县民政局", "千元"], PAYMENT, "单位前后不一:单位“千元”、元"),
        ("单位", ["百亿元"], PAYMENT, "单位的单位“百亿元”无法识别"),
        ("计量单位", ["公斤", "斤"], CANTEEN, "单位前后不一:计量单位“斤”、公斤"),
        ("计量单位", ["万元"], CANTEEN, "单位前后不一:计量单位“万元”、元"),
    ],
)
def test_a_column_of_units_that_says_another_is_refused_in_words(header: str, texts: list[str], contract: str, zh: str) -> None:
    assert refused(lambda: column(header, texts, contract)).zh == zh


@pytest.mark.parametrize(
    ("header", "of_units", "of_currency"),
    [
        ("单位", True, False),
        ("数量 单位", True, False),
        ("Ｕnit", True, False),
        ("金额单位", True, True),
        ("Currency_Code", True, True),
        ("填报单位", False, False),
        ("补贴金额", False, False),
    ],
)
def test_which_columns_hold_units_and_which_nothing_else(header: str, of_units: bool, of_currency: bool) -> None:
    assert (is_unit_column(header), names_currency(header)) == (of_units, of_currency)


def test_the_foot_of_a_table_is_held_against_how_it_was_read() -> None:
    foot = ["", "注:另见汇总表(万元)", "填报单位:民政局", "单位:元"]
    check_below(sheet(), [by_contract()], foot)
    check_below(sheet(), [], ["注:金额单位为万元", "币种:美元"])
    other = refused(lambda: check_below(sheet(), [by_contract()], [*foot, " 注:金额单位为万元"]))
    assert (other.code, other.zh) == ("unit_contradictory", "单位前后不一:表尾“注:金额单位为万元”、元")
    foreign = refused(lambda: check_below(sheet(), [by_contract()], [*foot, "币种:美元"]))
    assert (foreign.zh, foreign.en) == ("表尾的单位“美元”不是人民币", "the unit of the foot of the table, “美元”, is not RMB")


WEIGHED = ["数量", "单价", "食材名称"]


def weighed(*titles: str, below: str = "", header: Sequence[str] = WEIGHED) -> None:
    of = sheet(header, *titles)
    table = contracts().get(CANTEEN).table()
    check_weights(of, table, map_header(table, of.header), [below])


@pytest.mark.parametrize(
    "said",
    [
        *("红星小学食堂采购台账（单位：斤）", "单位：斤、元", "计量单位:吨", "食材采购(斤)", "Unit: g", "数量以市斤计"),
        *("注：数量单位为市斤，单价为元/斤", "采购量按斤计", "单位： 克"),
    ],
)
def test_another_weight_than_the_contracts_is_refused_above_the_table_and_below(said: str) -> None:
    """25 斤 read as 25 公斤 is twice as much in every row."""
    for ask in (lambda: weighed(said), lambda: weighed("台账", below=said)):
        assert refused(ask).code == "unit_contradictory"


@pytest.mark.parametrize(
    "said",
    [
        *("单位:公斤", "单位：千克、元", "红星小学 单位:元", "填报单位:斤沟镇中心小学", "采购单位：吨位小学", "单位负责人:王克"),
        *("注:5月采购50斤装大米2袋", "半斤八两饭店食堂", "单位:元/公斤", "数量单位:kg", "本月采购数量共计5吨"),
    ],
)
def test_the_contracts_weight_and_words_that_are_none_stand(said: str) -> None:
    weighed(said, below=said)
    weighed("单位:斤", header=["姓名", "食材名称"])
