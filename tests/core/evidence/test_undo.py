"""The smallest change is true: with it the condition, computed again by the engine, is false; a step less and it still holds."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.evidence.conditions import conditions_of, smallest
from xiezhi.evidence.undo import undo
from xiezhi.operations.config import shipped_content
from xiezhi.rules.loader import load_content
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


@pytest.mark.parametrize("value", [True, False])
def test_a_statement_shows_no_quantities(value: bool) -> None:
    rule = rule_with(Condition(name="dead", value="dead", op="=", bound=str(value).upper(), zh="没有死亡登记", en="Not dead"))
    (shown,) = conditions_of(rule, {"v_dead": value, "b_dead": value, "c_dead": True}, {})
    assert (shown.value_shown.zh, shown.sign, shown.bound_shown.zh, shown.apart.zh, shown.undo_shown.zh) == ("",) * 5
