"""Quality expectations measured in SQL over a delivery."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from pydantic import ValidationError

from xiezhi.contracts.expectation import Expectation
from xiezhi.contracts.expectations import expectation_sql
from xiezhi.engines.duckdb_engine import DuckDB

ROWS = pa.table({"a": [1, 1, 2, None], "b": ["x", "x", "x", None]})


@pytest.mark.parametrize(
    ("given", "columns", "found", "kept"),
    [
        ({"metric": "rowCount", "mustBeGreaterOrEqualTo": 4}, (), 4, True),
        ({"metric": "rowCount", "mustBeGreaterThan": 4}, (), 4, False),
        ({"metric": "nullValues", "mustBe": 0}, ("a",), 1, False),
        ({"metric": "nullValues", "mustBeLessOrEqualTo": 25, "unit": "percent"}, ("a",), 25, True),
        ({"metric": "duplicateValues", "mustBe": 1}, ("a",), 1, True),
        (
            {"metric": "duplicateValues", "mustBeLessThan": 50, "unit": "percent", "arguments": {"properties": ["a", "b"]}},
            ("a", "b"),
            25,
            True,
        ),
    ],
)
def test_measured(engine: DuckDB, given: dict[str, Any], columns: tuple[str, ...], found: float, kept: bool) -> None:
    engine.register("delivery", ROWS)
    assert engine.rows(expectation_sql(Expectation.model_validate(given), "delivery", columns)) == [
        {"found": found, "kept": kept}
    ]


def test_an_empty_delivery_breaks_no_percentage(engine: DuckDB) -> None:
    engine.register("delivery", ROWS.slice(0, 0))
    expectation = Expectation.model_validate({"metric": "nullValues", "mustBe": 0, "unit": "percent"})
    assert engine.rows(expectation_sql(expectation, "delivery", ["a"])) == [{"found": 0.0, "kept": True}]


@pytest.mark.parametrize(
    "given",
    [
        {"metric": "rowCount"},
        {"metric": "rowCount", "mustBe": 1, "mustBeLessThan": 2},
        {"metric": "rowCount", "mustBe": 1, "unit": "percent"},
    ],
)
def test_an_expectation_needs_one_operator_that_fits(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Expectation.model_validate(given)
