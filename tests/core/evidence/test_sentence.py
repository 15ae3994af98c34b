"""A sentence says what is known, in the units that facts declare, and leaves out what is not known."""

from __future__ import annotations

import pytest

from xiezhi.evidence.sentence import sentence
from xiezhi.evidence.shown import shown
from xiezhi.kernel.words import Words
from xiezhi.operations.config import shipped_content
from xiezhi.rules.loader import load_content
from xiezhi.rules.measures import Measure
from xiezhi.rules.rule import Rule


def said(text: str, candidate: dict[str, object], measures: dict[str, Measure] | None = None, *, en: bool = False) -> str:
    rule: Rule = load_content([shipped_content()]).rules["SUB-001"]
    shape = rule.hit.model_copy(update={"sentence": Words(zh=text, en=text)})
    told = sentence(rule.model_copy(update={"hit": shape}), candidate, measures)
    return told.en if en else told.zh


@pytest.mark.parametrize(
    ("value", "expected"),
    [(3, "身份为股东，退出满3个月。"), (0, "身份为股东，退出满0个月。"), (None, "身份为股东。")],
)
def test_a_clause_is_left_out_where_its_value_is_not_known(value: object, expected: str) -> None:
    assert said("身份为{role}[，退出满{months}个月]。", {"role": "股东", "months": value}) == expected


def test_a_clause_needs_all_its_values_and_others_stay() -> None:
    text = "共{paid:money}[，{name}退回{back:money}][；另有{others}处]。"
    assert said(text, {"paid": 100, "name": None, "back": 5, "others": 2}) == "共1.00元；另有2处。"
    assert said(text, {"paid": 100, "name": "乡", "back": 5, "others": None}) == "共1.00元，乡退回0.05元。"


def test_outside_a_clause_what_is_not_known_is_said_to_be() -> None:
    assert said("于{day}死亡", {"day": None}) == "于未知死亡"
    assert said("died on {day}", {"day": None}, en=True) == "died on unknown"


@pytest.mark.parametrize(
    ("unit", "value", "style", "expected"),
    [
        ("fen", 123_456, "money", "1,234.56元"),
        ("fen", 123_456, "", "1,234.56元"),
        ("fen/kg", 520, "money", "5.20元/公斤"),
        (None, 1999.6, "money", "20.00元"),
        ("share", 0.8125, "", "0.8125"),
        ("share", 0.8125, "percent", "81.2%"),
        (None, 0.00002, "percent", "0.002%"),
        (None, 2024, "", "2024"),
    ],
)
def test_a_value_is_shown_by_what_it_is_declared_to_be(unit: str | None, value: object, style: str, expected: str) -> None:
    field = "{x:STYLE}".replace("STYLE", style) if style else "{x}"
    assert said(field, {"x": value}, {"x": Measure("BIGINT", unit)}) == expected


@pytest.mark.parametrize(
    ("currency", "expected"),
    [
        ("CNY", "1,234.56元"),
        ("USD", "1,234.56 USD"),
        ("usd ", "1,234.56 USD"),
        (None, "1,234.56（币种未知）"),
        (" ", "1,234.56（币种未知）"),
    ],
)
def test_an_amount_in_another_currency_is_never_said_to_be_yuan(currency: str | None, expected: str) -> None:
    measures = {"price": Measure("BIGINT", "minor"), "money_of": Measure("VARCHAR", "currency")}
    assert said("{price:money}", {"price": 123_456, "money_of": currency}, measures) == expected


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("2024-01-31 23:30:00", "2024-02-01 07:30"),
        ("2024-12-31 16:00:00", "2025-01-01 00:00"),
        ("2024-03-01 01:02:03", "2024-03-01 09:02:03"),
        ("2024-03-01 00:00:00.5", "2024-03-01 08:00:00"),
    ],
)
def test_a_moment_is_of_the_sites_clock_and_no_longer_said_to_be_of_another(kept: str, shown: str) -> None:
    measures = {"x": Measure("TIMESTAMP")}
    assert said("截止于{x}(UTC)。", {"x": kept}, measures) == f"截止于{shown}。"
    assert said("closed at {x} (UTC).", {"x": kept}, measures, en=True) == f"closed at {shown}."


def test_a_text_that_looks_like_a_moment_stays_as_it_was_delivered() -> None:
    assert said("{x}", {"x": "2024-01-31 23:30:00"}, {"x": Measure("VARCHAR")}) == "2024-01-31 23:30:00"
    assert said("{x}", {"x": "2024-01-31"}, {"x": Measure("DATE")}) == "2024-01-31"


@pytest.mark.parametrize(("value", "zh", "en"), [(True, "是", "yes"), (False, "否", "no")])
def test_yes_and_no_are_words(value: bool, zh: str, en: str) -> None:
    assert said("{x}", {"x": value}) == zh
    assert said("{x}", {"x": value}, en=True) == en


def test_a_moment_beside_another_value_is_no_longer_said_to_be_of_another_clock() -> None:
    """One moment among names and sums is enough: the words after it would be eight hours wrong."""
    measures = {"x": Measure("TIMESTAMP"), "who": Measure("VARCHAR")}
    candidate: dict[str, object] = {"x": "2024-01-31 23:30:00", "who": "甲"}
    assert said("{who}截止于{x}（UTC）。", candidate, measures) == "甲截止于2024-02-01 07:30。"
    assert said("{who}在UTC（UTC）。", candidate, measures) == "甲在UTC（UTC）。", "where no moment is told the words stay"


@pytest.mark.parametrize(("value", "zh", "en"), [("2025-03-01", "2025-03", "2025-03"), (None, "未知", "unknown")])
def test_a_month_is_told_without_a_day(value: str | None, zh: str, en: str) -> None:
    """The first of the month would look like the day on which something was paid."""
    assert said("{x:month}", {"x": value}) == zh
    assert said("{x:month}", {"x": value}, en=True) == en


@pytest.mark.parametrize("code", ["0012", "1e5", "007.50"])
def test_a_code_of_digits_is_no_number(code: str) -> None:
    """Without its noughts it would be another's."""
    assert said("{x}", {"x": code}) == code
    assert shown(code, Measure(unit="days")).zh == code
