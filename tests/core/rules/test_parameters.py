"""Values that reach SQL: their types and bounds, where they come from, and that no text can break out of its literal."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.builders.content import RULE, plant
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.kernel.errors import ContentError, UserError, XiezhiError
from xiezhi.kernel.hashing import canonical
from xiezhi.rules.loader import load_content
from xiezhi.rules.parameters import checked, parameter_values
from xiezhi.rules.render import bind_expression
from xiezhi.rules.rule import Parameter

TEXTS = some.text(some.characters(min_codepoint=32, exclude_categories=("Cs",)), max_size=40)
NASTY = ["'", "''", "'; DROP TABLE visit; --", "\\'", "$x", "/* */", "人'员", "a\\", '"', "{{x}}", "%s", "\\n", ":x", "?"]


@pytest.fixture(scope="module")
def engine() -> Any:
    with DuckDB(threads=1) as opened:
        yield opened


@settings(max_examples=60, deadline=None)
@given(text=some.one_of(TEXTS, some.sampled_from(NASTY)))
def test_text_comes_back_as_it_went_in(engine: DuckDB, text: str) -> None:
    assert engine.value(f"SELECT {bind_expression('$x', {'x': text})}") == text
    assert engine.value(f"SELECT {bind_expression('concat($x, $x)', {'x': text})}") == text + text


@settings(max_examples=40, deadline=None)
@given(number=some.one_of(some.integers(-(2**63) + 1, 2**63 - 1), some.decimals(-(10**9), 10**9, places=4)))
def test_number_comes_back_as_it_went_in(engine: DuckDB, number: int | Decimal) -> None:
    assert engine.value(f"SELECT 0 + {bind_expression('$x', {'x': number})}") == number


@settings(max_examples=20, deadline=None)
@given(day=some.dates(date(1900, 1, 1), date(9999, 12, 31)))
def test_date_comes_back_as_a_date(engine: DuckDB, day: date) -> None:
    assert engine.value(f"SELECT {bind_expression('$x', {'x': day})}") == day


@settings(max_examples=20, deadline=None)
@given(words=some.lists(some.one_of(TEXTS, some.sampled_from(NASTY)), max_size=4), asked=some.sampled_from(NASTY))
def test_list_holds_exactly_its_members(engine: DuckDB, words: list[str], asked: str) -> None:
    inside = bind_expression("$asked IN ($words)", {"asked": asked, "words": words})
    assert engine.value(f"SELECT {inside}") == (asked in words)
    outside = bind_expression("$asked NOT IN ($words)", {"asked": asked, "words": words})
    assert engine.value(f"SELECT {outside}") == (asked not in words)


@pytest.mark.parametrize("sql", ["1) OR (1 = 1", "1; DROP TABLE x", "1, 2", "1 FROM visit", "*", "1 AS one", "", "1 --"])
def test_only_one_expression_is_an_expression(sql: str) -> None:
    if sql == "1 --":
        assert bind_expression(sql, {}) == "1"
    else:
        with pytest.raises(ContentError):
            bind_expression(sql, {})


@pytest.mark.parametrize(
    ("value", "sql"),
    [(0, "0"), (7, "7"), (-7, "(-7)"), (Decimal("0"), "0.0"), (Decimal("1.50"), "1.50"), (Decimal("-3"), "(-3.0)")],
)
def test_a_number_stands_in_brackets_below_nought(value: int | Decimal, sql: str) -> None:
    assert bind_expression("$x", {"x": value}) == sql


@pytest.mark.parametrize(("length", "shown"), [(80, 80), (81, 80), (300, 80)])
def test_of_sql_that_cannot_be_read_the_beginning_is_shown(length: int, shown: int) -> None:
    sql = f"({'a' * (length - 1)}"
    with pytest.raises(ContentError) as refused:
        bind_expression(sql, {})
    assert f"cannot read the SQL ({sql[:shown]}): " in refused.value.en
    assert f"SQL 读不懂({sql[:shown]}):" in refused.value.zh


def test_a_name_without_a_value_is_refused() -> None:
    with pytest.raises(ContentError, match=r"\$missing"):
        bind_expression("$missing + 1", {})


def test_a_list_outside_in_is_refused() -> None:
    with pytest.raises(ContentError, match="not a value"):
        bind_expression("$words = 1", {"words": ["a"]})


def parameter(**written: Any) -> Parameter:
    return Parameter.model_validate({"zh": "参数", "en": "A parameter", "basis": "INF", "default": 1} | written)


@pytest.mark.parametrize(
    ("written", "given_", "expected"),
    [
        ({"type": "integer"}, "7", 7),
        ({"type": "integer"}, 7.0, 7),
        ({"type": "money"}, "-100", -100),
        ({"type": "decimal"}, "1.10", Decimal("1.10")),
        ({"type": "decimal"}, 1.1, Decimal("1.1")),
        ({"type": "text"}, "甲", "甲"),
        ({"type": "texts"}, "甲,乙", ["甲", "乙"]),
        ({"type": "texts"}, [], []),
        ({"type": "date"}, "2024-02-29", date(2024, 2, 29)),
        ({"type": "integer", "min": 1, "max": 3}, 3, 3),
        ({"type": "text", "choices": ["a", "b"]}, "b", "b"),
        ({"type": "text", "choices": ["live", "trial"]}, "trial", "trial"),
        ({"type": "texts", "choices": ["live", "trial"]}, "trial,live", ["trial", "live"]),
        ({"type": "text", "default": ""}, "", ""),
        ({"type": "text", "default": "抚恤"}, "抚恤|丧葬", "抚恤|丧葬"),
    ],
)
def test_a_sound_value_is_read(written: dict[str, Any], given_: Any, expected: Any) -> None:
    value = checked("X.y", parameter(**written), given_)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("written", "given_"),
    [
        ({"type": "integer"}, "7.5"),
        ({"type": "integer"}, True),
        ({"type": "integer"}, 1.5),
        ({"type": "integer"}, float("inf")),
        ({"type": "money"}, Decimal("-Infinity")),
        ({"type": "decimal"}, "NaN"),
        ({"type": "decimal"}, True),
        ({"type": "decimal"}, "much"),
        ({"type": "text"}, 7),
        ({"type": "text"}, "a\nb"),
        ({"type": "texts"}, ["a", 1]),
        ({"type": "date"}, "2023-02-29"),
        ({"type": "integer", "min": 1, "max": 3}, 4),
        ({"type": "date", "min": "2020-01-01"}, "2019-12-31"),
        ({"type": "text", "choices": ["a", "b"]}, "c"),
        ({"type": "texts", "choices": ["live", "trial"]}, ["live", "draft"]),
        ({"type": "text", "default": "抚恤|丧葬"}, ""),
        ({"type": "text", "default": "抚恤|丧葬"}, "抚恤|"),
        ({"type": "text", "default": "^(P|Z38)"}, "(P)?"),
    ],
)
def test_an_unsound_value_is_refused(written: dict[str, Any], given_: Any) -> None:
    with pytest.raises(UserError, match=r"X\.y"):
        checked("X.y", parameter(**written), given_)


def test_values_come_from_override_norm_and_default(root: Path) -> None:
    content = load_content([root])
    rule = content.rules["VIS-001"]
    values = parameter_values(rule, {}, content.norms)
    versions = values.pop("min_cost_versions")
    assert values == {"min_visits": 2, "places": ["甲", "乙"], "min_cost": 1000}
    assert [(row[0], row[1], row[4]) for row in versions] == [
        ("2020-01-01", "2022-01-01", 500),
        ("2022-01-01", "9999-12-31", 1000),
    ]
    set_here = parameter_values(rule, {"min_cost": "7"}, content.norms)
    assert set_here["min_cost"] == 7
    assert [row[4] for row in set_here["min_cost_versions"]] == [7], "what a site sets holds on every day"
    with pytest.raises(XiezhiError, match="VIS-001 has no parameter"):
        parameter_values(rule, {"min_vists": 3}, content.norms)


def test_stored_values_read_back_the_same(root: Path) -> None:
    plant(
        root,
        "rule.yaml",
        "  min_cost: {type: money",
        "  factor: {type: decimal, default: 1.10, zh: 倍, en: F, basis: INF}\n  min_cost: {type: money",
    )
    content = load_content([root])
    values = parameter_values(content.rules["VIS-001"], {}, content.norms)
    stored = json.loads(canonical(values))
    assert parameter_values(content.rules["VIS-001"], stored, content.norms) == values


def test_a_norm_outranks_the_default(root: Path) -> None:
    assert "min_cost: {type: money, norm_value" in RULE
    plant(root, "rule.yaml", "{type: money, norm_value", "{type: money, default: 5, norm_value")
    content = load_content([root])
    assert parameter_values(content.rules["VIS-001"], {}, content.norms)["min_cost"] == 1000
    assert parameter_values(content.rules["VIS-001"], {}, {})["min_cost"] == 5


@pytest.mark.parametrize("asked", ["1e-3000000000", "1e-999999999", "1e40", "0." + "0" * 40 + "1"])
def test_a_number_that_takes_gigabytes_to_write_is_none(asked: str) -> None:
    parameter = Parameter(type="decimal", default=1, min=0, max=10, zh="甲", en="a", basis="INF")
    with pytest.raises(UserError, match="is not a decimal"):
        checked("x", parameter, asked)
