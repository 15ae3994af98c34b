"""Headers as departments spell them: found by alias, whatever the spaces, widths, brackets and units."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.contracts.conftest import make_field
from xiezhi.contracts.catalogue import ContractCatalogue, Match, NoMatch
from xiezhi.contracts.header_matching import fits, map_header
from xiezhi.contracts.kinds import FEN_PLACES, Format, Unit
from xiezhi.contracts.units import UnitFault
from xiezhi.kernel.invisible import INVISIBLE

PAYMENT = ["发放流水号", "身份证号", "姓名", "补贴项目编码", "所属月份", "发放日期", "补贴金额"]


@pytest.mark.parametrize(
    "spelling",
    [
        "身份证号",
        "身份证号码",
        "证件号码",
        "公民身份号码",
        " 身 份 证 号 ",
        "身份证号（18位）",
        "*身份证号",
        "身份证\n号",
        "person",
    ],
)
def test_one_column_many_spellings(catalogue: ContractCatalogue, spelling: str) -> None:
    table = catalogue.get("subsidy_payment").table()
    assert map_header(table, [PAYMENT[0], spelling, *PAYMENT[2:]]).columns["person"] == 1


def test_only_what_nobody_sees_is_left_out_of_a_header(catalogue: ContractCatalogue) -> None:
    """Next to the invisible characters stand signs and letters of other scripts: those are part of a name."""
    table = catalogue.get("subsidy_payment").table()
    for hidden in (chr(code) for low, high in INVISIBLE for code in (low, high)):
        assert "person" in map_header(table, [f"身份{hidden}证号"]).columns, hex(ord(hidden))
    for seen in "®᠑᠐ㅥ⁰":
        assert "person" not in map_header(table, [f"身份{seen}证号"]).columns, seen


@pytest.mark.parametrize(
    ("spelling", "unit"),
    [
        ("补贴金额", None),
        ("补贴金额(元)", Unit.YUAN),
        ("金额（万元）", Unit.TEN_THOUSAND),
        ("补贴金额（单位：元）", Unit.YUAN),
        ("发放金额/分", Unit.FEN),
    ],
)
def test_a_unit_in_the_header_is_reported(catalogue: ContractCatalogue, spelling: str, unit: Unit | None) -> None:
    found = map_header(catalogue.get("subsidy_payment").table(), [*PAYMENT[:-1], spelling])
    assert found.sound
    assert {name: said.unit for name, said in found.stated.items()} == ({"amount": unit} if unit else {})


TIMES = {"": 2, "百": 4, "仟": 5, "万": 6, "萬": 6, "十万": 7, "百万": 8, "亿": 10}
FRAMES = ["({})", "（{}）", "[单位:{}]", "/{}", "_{}", "{}", " 单位：{}", "(金额单位:人民币{})", "（必填,{}）", "\n{}"]


@given(
    times=st.sampled_from([*TIMES]),
    yuan=st.sampled_from(["元", "圆", "圓"]),
    frame=st.sampled_from(FRAMES),
    foreign=st.booleans(),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_unit_in_any_frame_is_read_or_seen_to_be_foreign(
    catalogue: ContractCatalogue, times: str, yuan: str, frame: str, foreign: bool
) -> None:
    unit = f"{times}{'美' if foreign else ''}{yuan}"
    found = map_header(catalogue.get("subsidy_payment").table(), [*PAYMENT[:-1], f"补贴金额{frame.format(unit)}"])
    said = found.stated["amount"]
    if foreign:
        assert said.fault is UnitFault.UNKNOWN if "人民币" in frame else said.fault is UnitFault.FOREIGN
    else:
        assert said.unit
        assert FEN_PLACES[said.unit] == TIMES[times]


def test_missing_unknown_and_clashing_columns_are_told_apart(catalogue: ContractCatalogue) -> None:
    found = map_header(catalogue.get("subsidy_payment").table(), ["公民身份号码", "证件号码", "备注", None, "姓名(户主)", "姓名"])
    assert found.clashes == {"person": (0, 1)}
    assert found.columns == {"name": 5}
    assert found.unknown == ((2, "备注"), (4, "姓名(户主)"))
    assert found.missing == ("payment_id", "item", "benefit_month", "pay_date", "amount")
    assert not found.sound


def test_every_contract_is_recognised_by_its_own_titles_in_any_order(catalogue: ContractCatalogue) -> None:
    for contract in catalogue:
        if contract.format is Format.TABULAR:
            fields = contract.table().fields
            for header in (
                [f.business_name for f in reversed(fields)],
                [f.business_name for f in fields if f.required],
                [f.name for f in fields],
            ):
                found = catalogue.recognise(header)
                assert isinstance(found, Match), (contract.name, found)
                assert found.contract is contract


def test_an_unknown_header_is_refused_with_what_the_nearest_lack(catalogue: ContractCatalogue) -> None:
    found = catalogue.recognise(["标段编号", "投标人代码", "投标报价"], "x.csv")
    assert isinstance(found, NoMatch)
    assert ("bid", ("是否中标",)) in found.nearest
    assert "是否中标" in found.reason_zh
    assert "bid" in found.reason_en


def test_a_file_of_mostly_unknown_columns_is_taken_only_by_name(catalogue: ContractCatalogue) -> None:
    header = ["标段编号", "投标人代码", "投标报价", "是否中标", *(f"附加{number}" for number in range(9))]
    assert isinstance(catalogue.recognise(header, "附件1.csv"), NoMatch)
    found = catalogue.recognise(header, "投标记录2024.csv")
    assert isinstance(found, Match)
    assert found.contract.name == "bid"


def test_of_two_columns_of_one_name_nobody_can_say_which_is_meant(catalogue: ContractCatalogue) -> None:
    """Readers number the second of them; a column that is called so in the file is another."""
    table = catalogue.get("subsidy_payment").table()
    assert map_header(table, ["身份证号", "姓名", "身份证号_2"]).clashes == {"person": (0, 2)}
    alone = map_header(table, ["姓名", "身份证号_2"])
    assert (alone.clashes, alone.unknown) == ({}, ((1, "身份证号_2"),))


def test_no_more_than_three_contracts_are_named_as_the_nearest(catalogue: ContractCatalogue) -> None:
    """身份证号 stands in most contracts: a refusal that lists them all says nothing."""
    found = catalogue.recognise(["身份证号", "姓名", "某列", "他列", "别列"], "x.csv")
    assert isinstance(found, NoMatch)
    assert len(found.nearest) == 3


BID = ["标段编号", "投标人代码", "投标报价", "是否中标"]


def test_half_of_the_columns_known_is_enough_and_less_is_not(catalogue: ContractCatalogue) -> None:
    strange = [f"附加{number}" for number in range(5)]
    found = catalogue.recognise([*BID, *strange[:4], None, ""], "附件1.csv")
    assert isinstance(found, Match)
    assert found.contract.name == "bid"
    assert isinstance(catalogue.recognise([*BID, *strange], "附件1.csv"), NoMatch)


@pytest.mark.parametrize(
    ("header", "zh", "en"),
    [
        (BID[:3], "bid 缺 是否中标", "bid lacks 是否中标"),
        ([*BID, *"甲乙丙丁戊"], "bid 多数列不认识", "bid knows few of the columns"),
        (
            [*BID[:3], "中标标志", "中标"],
            "bid 有几列是同一项:中标标志、中标",
            "bid has several columns that are one: 中标标志, 中标",
        ),
        (
            [*BID[:2], "中标标志", "中标"],
            "bid 缺 投标报价,有几列是同一项:中标标志、中标",
            "bid lacks 投标报价 and has several columns that are one: 中标标志, 中标",
        ),
    ],
)
def test_each_reason_for_refusing_a_header_is_said_once(
    catalogue: ContractCatalogue, header: list[str], zh: str, en: str
) -> None:
    """A sender who is told that columns are unknown, when two are one, mends the wrong thing."""
    found = catalogue.recognise(header, "附件1.csv")
    assert isinstance(found, NoMatch)
    assert zh in found.reason_zh.rstrip(")").partition("(")[2].split(";")
    assert en in found.reason_en.rstrip(")").partition("(")[2].split("; ")


@pytest.mark.parametrize(
    ("kind", "own", "unit", "does"),
    [
        ("money", "元", Unit.TEN_THOUSAND, True),
        ("money", "元", Unit.KILOGRAM, False),
        ("money", "元", Unit.PERCENT, False),
        ("decimal", "公斤", Unit.KILOGRAM, True),
        ("decimal", "公斤", Unit.PERCENT, False),
        ("decimal", "公斤", Unit.YUAN, False),
    ],
)
def test_money_comes_in_any_unit_of_money_and_all_else_in_its_own(kind: str, own: str, unit: Unit, does: bool) -> None:
    assert fits(make_field(kind, unit=own), unit) is does


def test_a_tie_is_decided_by_the_file_name_or_refused(catalogue: ContractCatalogue) -> None:
    bid = catalogue.get("bid")
    twin = bid.model_copy(update={"name": "second_bid", "title_zh": "二次投标"})
    both = ContractCatalogue({"bid": bid, "second_bid": twin})
    header = ["标段编号", "投标人代码", "投标报价", "是否中标"]
    refused = both.recognise(header, "附件.csv")
    assert isinstance(refused, NoMatch)
    assert refused.rivals == ("bid", "second_bid")
    assert "指明它属于哪个数据集" in refused.reason_zh
    assert "say which dataset it is" in refused.reason_en
    chosen = both.recognise(header, "二次投标.csv")
    assert isinstance(chosen, Match)
    assert chosen.contract is twin


def test_a_fields_own_name_is_read_and_an_alias_beside_it_is_not(catalogue: ContractCatalogue) -> None:
    """A crematorium's day stands beside the day of death in most of its lists."""
    table = catalogue.get("death_registry").table()
    found = map_header(table, ["身份证号", "姓名", "身故日期", "死亡日期", "信息来源"])
    assert found.columns["death_date"] == 3
    assert found.passed_over == ((2, "death_date"),)
    assert (2, "身故日期") in found.unknown
    assert map_header(table, ["身故日期", "死亡日期(公历)"]).clashes == {"death_date": (0, 1)}
    assert map_header(table, ["死亡日期", "死亡日期_2"]).clashes == {"death_date": (0, 1)}


def test_of_two_columns_of_money_neither_is_chosen(catalogue: ContractCatalogue) -> None:
    """What was due and what was paid differ; a unit makes the one no less the amount than the other."""
    table = catalogue.get("subsidy_payment").table()
    assert map_header(table, ["实发金额", "补贴金额(元)"]).clashes == {"amount": (0, 1)}
    assert map_header(table, ["补贴金额", "实发金额"]).clashes == {"amount": (0, 1)}


@pytest.mark.parametrize(
    "header",
    [
        "补贴金额(累计)",
        "补贴金额（上月）",
        "补贴金额(调整前)",
        "补贴金额(每亩)",
        "补贴金额[应发]",
        "发放日期(计划)",
        "身份证号(户主)",
        "姓名(曾用名)",
    ],
)
def test_brackets_may_make_another_thing_of_a_column(header: str, catalogue: ContractCatalogue) -> None:
    found = map_header(catalogue.get("subsidy_payment").table(), [header])
    assert (found.columns, found.unknown) == ({}, ((0, header),))


@pytest.mark.parametrize("header", ["补贴金额(元)", "补贴金额(含税)", "发放日期(年月日)", "身份证号(18位)", "姓名(盖章)"])
def test_brackets_that_only_explain_are_left_out(header: str, catalogue: ContractCatalogue) -> None:
    assert len(map_header(catalogue.get("subsidy_payment").table(), [header]).columns) == 1


@pytest.mark.parametrize(("more", "known"), [(6, True), (7, True), (20, True)])
def test_many_columns_beside_those_that_are_needed(more: int, known: bool, catalogue: ContractCatalogue) -> None:
    payroll = ["身份证号", "姓名", "单位统一社会信用代码", "工资月份", "应发金额", "人员类别"]
    found = catalogue.recognise([*payroll, *(f"津贴{number}" for number in range(more))])
    assert isinstance(found, Match) is known
    few = catalogue.recognise([*payroll[:5], *(f"津贴{number}" for number in range(more))])
    assert isinstance(few, NoMatch)
