"""What the loaded columns look like, and whether the contract's quality expectations hold. Read from the stage's sound rows."""

from __future__ import annotations

from collections.abc import Sequence

from xiezhi.contracts.expectation import Expectation
from xiezhi.contracts.kinds import Classification
from xiezhi.contracts.model import Field
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.receipt import ExpectationResult, Profile
from xiezhi.intake.stage import Stage

SHOWN = 60
"""Characters of a minimum or maximum that a receipt shows."""


def profile(engine: DuckDB, stage: Stage) -> list[Profile]:
    """One entry per delivered field, over the rows that were not set aside."""
    fields = [field for field in stage.table.fields if field.name in stage.source.fields]
    parts = ["count(*) AS rows"]
    for number, field in enumerate(fields):
        column = f"c{number}"
        parts += [f"count({column}) AS n{number}", f"approx_count_distinct({column}) AS d{number}"]
        if _may_be_shown(field):
            parts += [f"min({column})::VARCHAR AS lo{number}", f"max({column})::VARCHAR AS hi{number}"]
    rows_sql = stage.select({f"c{number}": stage.text(field.name) for number, field in enumerate(fields)})
    found = engine.rows(f"SELECT {', '.join(parts)} FROM ({rows_sql})")[0]
    rows = found["rows"]
    return [
        Profile(
            field=field.name,
            rows=rows,
            null_share=round(1 - found[f"n{number}"] / rows, 6) if rows else 0.0,
            distinct=min(found[f"d{number}"], found[f"n{number}"]),
            minimum=_short(found.get(f"lo{number}")),
            maximum=_short(found.get(f"hi{number}")),
        )
        for number, field in enumerate(fields)
    ]


def expectations(engine: DuckDB, stage: Stage, delivered: int) -> list[ExpectationResult]:
    """What the contract expects of a whole delivery, measured. Percentages are of the rows that were not set aside."""
    wanted: list[tuple[Field | None, Expectation]] = [(None, one) for one in stage.table.quality]
    wanted += [(field, one) for field in stage.table.fields for one in field.quality]
    return [_measure(engine, stage, delivered, field, one) for field, one in wanted]


def _measure(engine: DuckDB, stage: Stage, delivered: int, field: Field | None, expectation: Expectation) -> ExpectationResult:
    found = _found(engine, stage, delivered, field, expectation)
    sign, bound = expectation.comparison
    return ExpectationResult(
        field=field.name if field else None,
        expectation=f"{expectation.metric} {sign} {bound:g}{' %' if expectation.unit == 'percent' else ''}",
        severity=expectation.severity,
        found=round(found, 4),
        kept=bool(engine.value(f"SELECT {found!r}::DOUBLE {sign} {bound!r}::DOUBLE")),
    )


def _found(engine: DuckDB, stage: Stage, delivered: int, field: Field | None, expectation: Expectation) -> float:
    if expectation.metric == "rowCount":
        return float(delivered)
    names = [field.name] if field else list(_arguments(expectation))
    columns = {f"c{number}": stage.text(name) for number, name in enumerate(names)}
    sound = f"FROM ({stage.select(columns)})"
    if expectation.metric == "nullValues":
        rows = engine.value(f"SELECT count(*) FILTER (c0 IS NULL) {sound}")
    else:
        hashed = f"FROM ({stage.select({'h': f'hash({chr(44).join(columns.values())})'})})"
        rows = engine.value(f"SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n {hashed} GROUP BY h)")
    if expectation.unit == "rows":
        return float(rows)
    total = engine.value(f"SELECT count(*) {sound}")
    return 100.0 * rows / total if total else 0.0


def _arguments(expectation: Expectation) -> Sequence[str]:
    return expectation.arguments.properties if expectation.arguments else ()


def _may_be_shown(field: Field) -> bool:
    return field.identity is None and field.classification in (Classification.PUBLIC, Classification.INTERNAL)


def _short(value: str | None) -> str | None:
    return value[:SHOWN] if value is not None else None
