"""A column of amounts or numbers that is 0 in every row: filled in so that it is not empty, or lost on the way out."""

from __future__ import annotations

from collections.abc import Iterator

from xiezhi.contracts.kinds import FieldKind
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.receipts.receipt import Remark
from xiezhi.intake.rows.stage import Stage

LEAST = 50
"""Rows from which it is told: a few may well be 0."""

NUMBERS = (FieldKind.MONEY, FieldKind.INTEGER, FieldKind.DECIMAL)


def all_zero(engine: DuckDB, stage: Stage) -> Iterator[Remark]:
    """One remark per such column. Looks for a value that is not 0 first, and finds one nearly everywhere at once."""
    for column, field in stage.fields.items():
        value = stage.part(column, "v")
        other = f"SELECT 1 {stage.judged_from(column)} WHERE {value} <> 0 LIMIT 1"
        if field.kind not in NUMBERS or engine.value(f"SELECT count(*) FROM ({other})"):
            continue
        rows = engine.value(stage.joined("SELECT count(*)", f"{value} = 0"))
        if rows >= LEAST:
            yield Remark(column=field.name, remark="all_zero", count=rows)
