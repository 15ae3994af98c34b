"""What a loaded column looks like, and what the contract expects of a whole delivery, measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pytest
from tests.core.intake.receiving import VILLAGE, contracts

from xiezhi.contracts.expectation import Expectation
from xiezhi.contracts.model import Table
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.receipts.receipt import ExpectationResult, Profile
from xiezhi.intake.rows.filling import fill, fill_from
from xiezhi.intake.rows.profile import expectations, profile
from xiezhi.intake.rows.stage import Source, Stage

FIELDS = ("payment_id", "name", "item", "pay_date", "amount", "village")
DAY = "2021-03-15"
ROWS = [
    ("P1", "王小明", "ELD80", DAY, "2", VILLAGE),
    ("P2", "王小明", "ELD80", DAY, "2", ""),
    ("P2", "王小明", "ELD80", DAY, "2", VILLAGE),
    ("P4", "王小明", "ELD80", DAY, "4", ""),
    ("P5", "王小明", "王小明", DAY, "4", VILLAGE),
    ("P6", "王小明", "ELD80", DAY, "-1", VILLAGE),
    ("P7", "7", "ELD80", DAY, "-1", VILLAGE),  # set aside: that is no name
]
TABLE = contracts().get("subsidy_payment").table()


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    with DuckDB(memory="256MB", threads=1) as made:
        yield made


def staged(engine: DuckDB, how: str, rows: Sequence[tuple[str, ...]] = ROWS, table: Table = TABLE) -> Stage:
    cells: dict[str, Any] = {name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(FIELDS)}
    given = pa.RecordBatch.from_pydict(cells | {"_row": pa.array(range(2, 2 + len(rows)), pa.int64())})
    stage = Stage(engine, "s", table, Source(FIELDS, {name: name for name in FIELDS}))
    if how == "coded":
        fill(stage, iter([given]))
        assert set(stage.coded) == ({*FIELDS} - {"payment_id"} if rows else set())
    else:
        engine.register("given", pa.Table.from_batches([given]))
        fill_from(stage, "given")
    return stage


@pytest.mark.parametrize("how", ["coded", "text"])
def test_a_profile_is_of_all_rows_as_delivered(engine: DuckDB, how: str) -> None:
    """Of identities no value is told, and of texts none that could be somebody's. Three of five amounts are 2 元."""
    whole = Profile(field="", rows=7, null_share=0.0, distinct=1)
    assert profile(engine, staged(engine, how)) == [
        whole.model_copy(update={"field": "payment_id", "distinct": 6, "minimum": "P1", "maximum": "P7"}),
        whole.model_copy(update={"field": "name", "null_share": 0.142857}),
        whole.model_copy(update={"field": "item", "distinct": 2, "minimum": "ELD80", "maximum": "王**"}),
        whole.model_copy(update={"field": "pay_date", "minimum": DAY, "maximum": DAY}),
        whole.model_copy(
            update={"field": "amount", "distinct": 3, "minimum": "-100", "maximum": "400", "median": 200.0, "positive": 5}
        ),
        whole.model_copy(update={"field": "village", "null_share": 0.285714, "minimum": VILLAGE, "maximum": VILLAGE}),
    ]


@pytest.mark.parametrize("how", ["coded", "text"])
def test_of_no_rows_nothing_is_missing(engine: DuckDB, how: str) -> None:
    found = {one.field: one for one in profile(engine, staged(engine, how, []))}
    assert found["village"] == Profile(field="village", rows=0, null_share=0.0, distinct=0)
    assert found["amount"] == Profile(field="amount", rows=0, null_share=0.0, distinct=0, positive=0)


def expecting(*of_table: Expectation, **of_fields: Expectation) -> Table:
    fields = tuple(
        one.model_copy(update={"quality": (of_fields[one.name],) if one.name in of_fields else ()}) for one in TABLE.fields
    )
    return TABLE.model_copy(update={"quality": of_table, "fields": fields})


def expect(metric: str, operator: str, bound: float, *columns: str, unit: str = "rows", severity: str = "warning") -> Expectation:
    said = {"metric": metric, operator: bound, "unit": unit, "severity": severity}
    return Expectation.model_validate(said | ({"arguments": {"properties": columns}} if columns else {}))


def test_expectations_are_measured_on_the_rows_that_were_not_set_aside(engine: DuckDB) -> None:
    """The table's first, then those of its fields. How many rows were delivered is counted with those set aside."""
    table = expecting(
        expect("rowCount", "mustBeGreaterOrEqualTo", 9),
        expect("rowCount", "mustBe", 8, severity="error"),
        expect("duplicateValues", "mustBe", 0, "payment_id"),
        expect("duplicateValues", "mustBeLessThan", 3, "item", "village"),
        expect("duplicateValues", "mustBeLessThan", 16.7, "payment_id", unit="percent"),
        village=expect("nullValues", "mustBeLessOrEqualTo", 33.3, unit="percent"),
        item=expect("nullValues", "mustBeGreaterThan", 0, severity="info"),
        amount=expect("duplicateValues", "mustBe", 3),
    )

    def result(
        expectation: str, found: float, kept: bool, field: str | None = None, severity: str = "warning"
    ) -> ExpectationResult:
        return ExpectationResult(field=field, expectation=expectation, severity=severity, found=found, kept=kept)

    stage = staged(engine, "text", table=table)
    others = [
        result("nullValues > 0", 0.0, False, "item", "info"),
        result("duplicateValues = 3", 3.0, True, "amount"),
        result("nullValues <= 33.3 %", 33.3333, False, "village"),
    ]
    rows = [result("rowCount >= 9", 8.0, False), result("rowCount = 8", 8.0, True, severity="error")]
    assert expectations(engine, stage, 8) == [
        *rows,
        result("duplicateValues = 0", 1.0, False),
        result("duplicateValues < 3", 3.0, False),
        result("duplicateValues < 16.7 %", 16.6667, True),
        *others,
    ]
    assert expectations(engine, stage, 8, repeated=2) == [
        *rows,
        result("duplicateValues = 0", 2.0, False),
        result("duplicateValues < 3", 3.0, False),
        result("duplicateValues < 16.7 %", 33.3333, False),
        *others,
    ]


def test_of_no_rows_no_share_is_missing_or_repeated(engine: DuckDB) -> None:
    table = expecting(
        expect("duplicateValues", "mustBe", 0, "payment_id", unit="percent"),
        expect("duplicateValues", "mustBe", 0, "payment_id"),
        village=expect("nullValues", "mustBe", 0, unit="percent"),
    )
    found = expectations(engine, staged(engine, "text", [], table), 0)
    assert [(one.found, one.kept) for one in found] == [(0.0, True)] * 3
