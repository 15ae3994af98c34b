"""Units as people write them: every word for how many, what an amount is for, and what a text says beside its unit."""

from __future__ import annotations

import pytest

from xiezhi.contracts.kinds import Unit
from xiezhi.contracts.units import UnitFault, money_among, read_unit, trailing_unit

WORDS = {
    Unit.YUAN: ["元", "圆", "1 yuan", "人民币元"],
    Unit.FEN: ["分", "fen"],
    Unit.JIAO: ["角", "毛", "jiao"],
    Unit.HUNDRED: ["百元", "佰元", "hundred yuan", "hundreds of yuan", "单位:100元"],
    Unit.THOUSAND: ["千元", "仟元", "thousand yuan", "thousands of RMB", "RMB'000", "RMB 000", "RMB 000s", "CNY 000's"],
    Unit.TEN_THOUSAND: [
        "万元", "萬元", "ten thousand yuan", "ten thousands of yuan", "10 thousand yuan", "RMB 10k", "wan yuan", "单位:10,000元",
    ],
    Unit.HUNDRED_THOUSAND: ["十万元", "拾万元", "hundred thousand yuan", "100 thousand yuan"],
    Unit.MILLION: ["百万元", "佰万元", "million yuan", "RMB millions", "CNY mn", "单位：1,000,000元"],
    Unit.TEN_MILLION: ["千万元", "仟万元", "ten million yuan", "10 million yuan"],
    Unit.HUNDRED_MILLION: ["亿元", "億元", "万万元", "hundred million yuan", "100 million yuan", "yi yuan"],
}  # fmt: skip


@pytest.mark.parametrize(("unit", "text"), [(unit, text) for unit, texts in WORDS.items() for text in texts])
def test_every_word_for_how_many_is_its_power_of_ten(unit: Unit, text: str) -> None:
    """A word read as another power of ten makes every amount of a delivery ten times too large."""
    said = read_unit(text)
    assert said
    assert (said.unit, said.fault, said.per) == (unit, None, None)


@pytest.mark.parametrize("text", ["十元", "拾元", "十亿元", "billion yuan", "RMB billions", "万亿元", "百亿元"])
def test_a_power_of_ten_that_no_unit_has_is_money_that_cannot_be_read(text: str) -> None:
    """Ten 元 read as 元 would be a tenth of what was paid."""
    said = read_unit(text)
    assert said
    assert (said.unit, said.fault) == (None, UnitFault.UNKNOWN)


@pytest.mark.parametrize(
    ("text", "unit", "per"),
    [
        ("元/公斤", Unit.YUAN, "公斤"),
        ("元/kg", Unit.YUAN, "公斤"),
        ("万元/年", Unit.TEN_THOUSAND, "年"),
        ("元每月", Unit.YUAN, "月"),
        ("元/人/月", Unit.YUAN, "人/月"),
        ("yuan per month", Unit.YUAN, "月"),
        ("Unit: thousand yuan per person per year", Unit.THOUSAND, "人/年"),
    ],
)
def test_what_an_amount_is_for_is_kept_beside_its_unit(text: str, unit: Unit, per: str) -> None:
    """元/人 taken for 元 would pay one head for a whole village."""
    said = read_unit(text)
    assert said
    assert (said.unit, said.per, said.fault) == (unit, per, None)


@pytest.mark.parametrize("text", ["元,万元", "元和万元", "元、角、分", "元,元/月"])
def test_two_units_of_money_in_one_place_are_not_decided_between(text: str) -> None:
    said = read_unit(text)
    assert said
    assert (said.unit, said.fault) == (None, UnitFault.MIXED)


@pytest.mark.parametrize(("text", "unit"), [("万元,人民币万元", Unit.TEN_THOUSAND), ("公斤,元", Unit.YUAN), ("斤,公斤", None)])
def test_one_unit_said_twice_is_one_and_money_goes_before_weights(text: str, unit: Unit | None) -> None:
    said = read_unit(text)
    assert said
    assert (said.unit, said.fault) == (unit, None)


@pytest.mark.parametrize("text", ["元/", "/公斤", "元//月"])
def test_a_unit_of_which_a_part_is_left_out_is_not_read(text: str) -> None:
    said = read_unit(text)
    assert said is None or said.unit is None


def test_a_number_word_alone_is_one_of_yuan_unless_asked_otherwise() -> None:
    said = read_unit("万")
    assert said
    assert said.unit is Unit.TEN_THOUSAND
    asked = read_unit("万", bare=False)
    assert asked
    assert (asked.unit, asked.fault) == (None, UnitFault.UNKNOWN)


def test_a_unit_is_found_beside_other_words_unless_all_must_be_units() -> None:
    """(必填,万元) says 万元; a title that ends in such words says nothing of the table."""
    said = read_unit("必填,万元")
    assert said
    assert said.unit is Unit.TEN_THOUSAND
    assert read_unit("必填,万元", whole=True) is None


@pytest.mark.parametrize(
    ("name", "left", "unit"),
    [
        ("补贴金额万元", "补贴金额", Unit.TEN_THOUSAND),
        ("amount_wan", "amount", Unit.TEN_THOUSAND),
        ("合同额 仟元", "合同额", Unit.THOUSAND),
        ("rate per cent", "rate", Unit.PERCENT),
    ],
)
def test_a_unit_behind_a_name_is_taken_off_it(name: str, left: str, unit: Unit) -> None:
    found = trailing_unit(name)
    assert found
    assert (found[0], found[1].unit, found[1].per) == (left, unit, None)


def test_what_an_amount_is_for_is_kept_behind_a_name_too() -> None:
    found = trailing_unit("price yuan per kg")
    assert found
    assert (found[0], found[1].unit, found[1].per) == ("price", Unit.YUAN, "公斤")


@pytest.mark.parametrize("text", ["100元", "1000元/月", "10000元"])
def test_an_amount_is_no_unit_unless_a_label_says_so(text: str) -> None:
    """高龄津贴（100元/月） in a title is what each is paid; read as a unit it made every amount a hundred times too large."""
    said = read_unit(text)
    assert said
    assert (said.unit, said.fault) == (None, UnitFault.UNKNOWN)
    assert money_among(f"高龄津贴,{text}") is None
    labelled = read_unit(f"单位:{text}")
    assert labelled
    assert labelled.unit == {"100元": Unit.HUNDRED, "1000元/月": Unit.THOUSAND, "10000元": Unit.TEN_THOUSAND}[text]
