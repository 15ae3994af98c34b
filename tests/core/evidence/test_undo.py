"""The smallest change is true: with it the condition, computed again by the engine, is false; a step less and it still holds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.evidence.conditions import conditions_of, smallest
from xiezhi.evidence.undo import undo
from xiezhi.kernel.words import Words
from xiezhi.operations.config import shipped_content
from xiezhi.rules.loader import load_content
from xiezhi.rules.measures import Measure
from xiezhi.rules.rule import Condition, Parameter, Rule

OPS = (">=", ">", "<=", "<", "=", "!=")
numbers = st.one_of(
    st.integers(-(10**9), 10**9), st.decimals(-1000, 1000, places=4, allow_nan=False, allow_infinity=False), st.integers(-3, 3)
)


def condition(op: str, value: str = "x", bound: str = "$least") -> Condition:
    return Condition(name="one", value=value, op=op, bound=bound, zh="某数（分）", en="A number (fen)")


def holds(engine: DuckDB, value: object, op: str, bound: object) -> bool:
    return bool(engine.value(f"SELECT {value} {op} {bound}"))


@pytest.fixture(scope="module")
def engine() -> Any:
    with DuckDB() as opened:
        yield opened


@settings(max_examples=150, deadline=None)
@given(op=st.sampled_from(OPS), value=numbers, bound=numbers)
def test_with_the_change_it_is_false_and_with_a_step_less_it_holds(op: str, value: Any, bound: Any, engine: DuckDB) -> None:
    assume(holds(engine, value, op, bound))
    found = undo(condition(op), value, bound, {"least": bound})
    if op == "!=" and isinstance(value, int) and Decimal(bound) != int(bound):
        assert found is None, "a whole number never equals a bound that is none"
        return
    assert found is not None
    after = Decimal(value) + found.step
    assert after == found.target
    assert not holds(engine, after, op, bound)
    if isinstance(value, int):
        assert after == int(after), "what is counted in ones changes by ones"
    if op in (">=", ">", "<=", "<"):
        places = min(0, *(int(Decimal(one).as_tuple().exponent) for one in (value, bound)))
        grain = Decimal(1) if isinstance(value, int) else Decimal(1).scaleb(places)
        assert holds(engine, after - (grain if found.step > 0 else -grain), op, bound), "nothing smaller undoes it"


@settings(max_examples=40, deadline=None)
@given(op=st.sampled_from(OPS), value=st.dates(date(2000, 1, 1), date(2030, 1, 1)), apart=st.integers(-400, 400))
def test_days_are_moved_by_days(op: str, value: date, apart: int, engine: DuckDB) -> None:
    bound = value + timedelta(days=apart)
    assume(holds(engine, f"DATE '{value}'", op, f"DATE '{bound}'"))
    found = undo(condition(op), value.isoformat(), bound.isoformat(), {"least": bound})
    assert found is not None
    assert found.days
    assert not holds(engine, f"DATE '{value}' + INTERVAL ({found.step}) DAY", op, f"DATE '{bound}'")


@pytest.mark.parametrize(("value", "bound"), [(0.1 + 0.2, 0.1), (1 / 3, 1 / 7), (2.0 / 3, 0.5), (1e-9, 0.0)])
@pytest.mark.parametrize("op", [">=", ">"])
def test_a_long_fraction_is_rounded_to_what_undoes_as_well(op: str, value: float, bound: float, engine: DuckDB) -> None:
    found = undo(condition(op), value, bound, {"least": Decimal(str(bound))})
    assert found is not None
    assert len(Decimal(found.step).normalize().as_tuple().digits) <= 7
    assert not holds(engine, Decimal(str(value)) + found.step, op, Decimal(str(bound)))


@pytest.mark.parametrize(
    ("value", "op", "bound", "parameters"),
    [
        ("x", "<", "x + 1", {}),
        ("x", "<=", "greatest(x, y)", {}),
        ("CASE WHEN $fixed > 0 THEN 1 ELSE q1 END", ">", "0", {"fixed": 2}),
        ("$fixed", ">", "0", {"fixed": 2}),
    ],
)
def test_nothing_is_said_where_no_value_of_the_case_can_undo_it(
    value: str, op: str, bound: str, parameters: dict[str, object]
) -> None:
    assert undo(condition(op, value, bound), 5, 6 if op.startswith("<") else 0, parameters) is None


def test_a_branch_that_the_parameters_close_is_not_reckoned_with() -> None:
    """The bound names the value only where a fixed fence is set, which it is not."""
    bound = "CASE WHEN $fixed > 0 THEN x + 1 ELSE q1 END"
    found = undo(condition("<", "x", bound), 3, 10, {"fixed": 0})
    assert found is not None
    assert found.step == 7


def rule_with(*conditions: Condition, parameters: dict[str, Parameter] | None = None) -> Rule:
    rule = load_content([shipped_content()]).rules["SUB-001"]
    return rule.model_copy(update={"conditions": list(conditions), "parameters": parameters or {}})


def money(name: str, value: str, op: str) -> Condition:
    return Condition(name=name, value=value, op=op, bound="$least", zh="合计（分）", en="Sum (fen)")


LEAST = {"least": Parameter(type="money", default=1, zh="最低", en="Least", basis="INF")}


def test_money_is_compared_in_fen_and_said_in_yuan_with_its_share() -> None:
    rule = rule_with(money("total", "total", ">="), parameters=LEAST)
    (shown,) = conditions_of(rule, {"v_total": 40_000, "b_total": 30_000, "c_total": True}, {"least": 30_000})
    assert (shown.words.zh, shown.words.en) == ("合计", "Sum")
    assert (shown.value_shown.zh, shown.bound_shown.zh, shown.apart.zh) == ("400.00元", "300.00元", "100.00元")
    assert shown.undo_shown.zh == "少 100.01元（-25.0%）即不成立"
    assert shown.undo_shown.en == "100.01 yuan less (-25.0%) undoes it"


def test_the_smallest_change_is_the_one_that_is_least_of_its_value() -> None:
    months = Condition(name="months", value="months", op=">=", bound="1", zh="月数", en="Months")
    rule = rule_with(money("total", "total", ">="), months, parameters=LEAST)
    row = {"v_total": 1_000_000, "b_total": 990_000, "c_total": True, "v_months": 2, "b_months": 1, "c_months": True}
    found = smallest(conditions_of(rule, row, {"least": 990_000}))
    assert found is not None
    assert found.name == "total", "100.01 yuan of 10,000 is less than both of two months"
    assert smallest([]) is None


@pytest.mark.parametrize("first", ["day", "total"])
def test_a_change_of_days_is_no_smaller_than_one_that_can_be_told_as_a_share(first: str) -> None:
    """How much of a date one day is, nobody can say; it comes last, in whatever order the rule has them."""
    both = [money("total", "total", ">="), Condition(name="day", value="day", op="<=", bound="limit", zh="日期", en="Day")]
    row: dict[str, Any] = {"v_total": 40_000, "b_total": 30_000, "c_total": True}
    row |= {"v_day": date(2025, 1, 5), "b_day": date(2025, 1, 5), "c_day": True}
    rule = rule_with(*sorted(both, key=lambda one: one.name != first), parameters=LEAST)
    shown = conditions_of(rule, row, {"least": 30_000})
    assert [one.undo is not None for one in shown] == [True, True]
    found = smallest(shown)
    assert found is not None
    assert found.name == "total"


@pytest.mark.parametrize("value", [True, False])
def test_a_statement_shows_no_quantities(value: bool) -> None:
    rule = rule_with(Condition(name="dead", value="dead", op="=", bound=str(value).upper(), zh="没有死亡登记", en="Not dead"))
    (shown,) = conditions_of(rule, {"v_dead": value, "b_dead": value, "c_dead": True}, {})
    assert (shown.value_shown.zh, shown.sign, shown.bound_shown.zh, shown.apart.zh, shown.undo_shown.zh) == ("",) * 5


@pytest.mark.parametrize(("op", "bound"), [("<=", datetime(2025, 1, 6, 12)), (">=", datetime(2025, 1, 4, 12)), ("!=", "none")])
def test_a_day_against_what_is_no_day_is_left_unsaid(op: str, bound: object) -> None:
    """How many days a day is from half past eleven, or from a word, is no whole number of days."""
    rule = rule_with(condition(op, "day", "limit"))
    (shown,) = conditions_of(rule, {"v_one": date(2025, 1, 5), "b_one": bound, "c_one": True}, {})
    assert (shown.undo, shown.undo_shown.zh) == (None, "")


def test_a_day_that_is_the_very_day_is_undone_by_the_next() -> None:
    rule = rule_with(condition("=", "day", "$limit"))
    (shown,) = conditions_of(rule, {"v_one": date(2025, 1, 5), "b_one": date(2025, 1, 5), "c_one": True}, {"limit": "2025-01-05"})
    assert shown.undo_shown == Words(zh="晚 1天（2025-01-06）即不成立", en="1 day later (2025-01-06) undoes it")


@pytest.mark.parametrize(
    ("value", "step", "said"),
    [
        (1.23456789, "-1.23457", "少 1.23457（-100.0%）即不成立"),
        (12.34567, "-12.3457", "少 12.3457（-100.0%）即不成立"),
        (123456.789012, "-123457", "少 123457（-100.0%）即不成立"),
        (1234567.890123, "-1234568", "少 1234568（-100.0%）即不成立"),
        (1234567.25, "-1234567.25", "少 1234567.25（-100.0%）即不成立"),
    ],
)
def test_of_a_long_fraction_no_more_is_said_than_can_be_read(value: float, step: str, said: str) -> None:
    """Six digits, of a large number its whole part; up to four decimals stay, as somebody wrote them."""
    (shown,) = conditions_of(rule_with(condition(">")), {"v_one": value, "b_one": 0, "c_one": True}, {"least": 0})
    assert shown.undo is not None
    assert (shown.undo.step, shown.undo_shown.zh) == (Decimal(step), said)


def of_unit(unit: str, value: object, bound: object) -> Any:
    rule = rule_with(condition(">", "x", "limit"))
    return conditions_of(rule, {"v_one": value, "b_one": bound, "c_one": True}, {}, {"x": Measure("DOUBLE", unit)})[0]


@pytest.mark.parametrize(
    ("unit", "value", "bound", "zh", "en"),
    [
        ("fen", Decimal("520.25"), 500, "少 0.2025元（-3.9%）即不成立", "0.2025 yuan less (-3.9%) undoes it"),
        ("fen", 223_456, 100_000, "少 1,234.56元（-55.2%）即不成立", "1,234.56 yuan less (-55.2%) undoes it"),
        ("fen", Decimal("20000"), 10_000, "少 100.00元（-50.0%）即不成立", "100.00 yuan less (-50.0%) undoes it"),
        ("fen/kg", Decimal("520.5"), 500, "少 0.205元/公斤（-3.9%）即不成立", "0.205 yuan/kg less (-3.9%) undoes it"),
        ("share", 0.75, 0.5, "少 25 个百分点（-33.3%）即不成立", "25 percentage points less (-33.3%) undoes it"),
        ("share", 0.5555, 0.5, "少 5.55 个百分点（-10.0%）即不成立", "5.55 percentage points less (-10.0%) undoes it"),
        ("days", 2.5, 1, "少 1.5天（-60.0%）即不成立", "1.5 days less (-60.0%) undoes it"),
        ("months", 3, 2, "少 1个月（-33.3%）即不成立", "1 month less (-33.3%) undoes it"),
        ("hours", Decimal("5.0"), Decimal("2.0"), "少 3小时（-60.0%）即不成立", "3 hours less (-60.0%) undoes it"),
        ("kg", 21.5, 11.5, "少 10公斤（-46.5%）即不成立", "10 kg less (-46.5%) undoes it"),
    ],
)
def test_a_change_is_told_unrounded_in_its_unit(unit: str, value: object, bound: object, zh: str, en: str) -> None:
    """A step rounded to the fen, or to whole days, might not undo anything."""
    assert of_unit(unit, value, bound).undo_shown == Words(zh=zh, en=en)


@pytest.mark.parametrize(
    ("value", "bound", "apart"),
    [
        ("2025-01-05", "2025-01-01", "4天"),
        ("2025-01-01", "2025-01-05", "4天"),
        ("2025-01-05", None, ""),
        (None, "2025-01-05", ""),
    ],
)
def test_two_days_are_apart_by_days(value: str | None, bound: str | None, apart: str) -> None:
    rule = rule_with(condition("!=", "day", "limit"))
    (shown,) = conditions_of(rule, {"v_one": value, "b_one": bound, "c_one": None}, {}, {"day": Measure("DATE")})
    assert shown.apart.zh == apart


def test_a_large_fraction_written_in_thousands_changes_by_ones() -> None:
    """The engine writes 5E+3 where a column is no whole number; nobody would have to pay back ten for it."""
    (shown,) = conditions_of(
        rule_with(condition(">=")), {"v_one": Decimal("5E+3"), "b_one": Decimal("5E+3"), "c_one": True}, {"least": 5000}
    )
    assert shown.undo_shown.zh == "少 1（-0.02%）即不成立"


@pytest.mark.parametrize(("value", "bound"), [(5, None), (None, 5), (5, "甲"), ("甲", 5), (5, "2025-01-05"), (float("nan"), 5)])
def test_a_number_is_no_distance_from_what_is_none(value: object, bound: object) -> None:
    """The page of a hit opens all the same; nothing is said of what would undo it."""
    (shown,) = conditions_of(rule_with(condition("!=", "x", "limit")), {"v_one": value, "b_one": bound, "c_one": True}, {})
    assert (shown.apart.zh, shown.undo, shown.undo_shown.zh) == ("", None, "")
