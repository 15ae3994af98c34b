"""A column in per cent of which no value is above 1: 0.3 for 30 %, as an export writes it that lost its format."""

from __future__ import annotations

from collections.abc import Iterator

from xiezhi.contracts.kinds import Unit
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.receipts.receipt import Remark
from xiezhi.intake.rows.stage import Stage

LEAST = 3
"""Values from which it is told: one holder of half a per cent may be meant."""


def fractions_of_one(engine: DuckDB, stage: Stage) -> Iterator[Remark]:
    """One remark per such column, with the rows that hold a value. Nothing is changed: only the sender knows what is meant."""
    for column, field in stage.fields.items():
        if (stage.unit(column) or field.unit) is not Unit.PERCENT:
            continue
        value = stage.part(column, "v")
        [found] = engine.rows(
            stage.joined(f"SELECT count({value}) AS rows, max({value}) AS most, min({value}) AS least", stage.sound())
        )
        if found["rows"] >= LEAST and found["most"] <= 1 and found["least"] > 0:
            yield Remark(column=field.name, remark="fractions_of_one", count=found["rows"])
