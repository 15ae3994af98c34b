"""What the loaded columns look like, and whether the contract's quality expectations hold. Read from the stage's sound rows."""

from __future__ import annotations

from collections.abc import Sequence

from xiezhi.contracts.expectation import Expectation
from xiezhi.contracts.kinds import FieldKind
from xiezhi.contracts.model import Field
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.receipts.receipt import ExpectationResult, Profile
from xiezhi.intake.receipts.words import as_shown
from xiezhi.intake.rows.stage import Stage


def profile(engine: DuckDB, stage: Stage) -> list[Profile]:
    """One entry per delivered field, over the rows as delivered. Coded columns are read off their dictionaries."""
    rows = stage.total
    return [_profile(engine, stage, field, rows) for field in stage.table.fields if field.name in stage.source.fields]


def _profile(engine: DuckDB, stage: Stage, field: Field, rows: int) -> Profile:
    column = stage.source.fields[field.name]
    value = stage.part(column, "v")
    bounds = f", min({value})::VARCHAR AS low, max({value})::VARCHAR AS high" if field.may_be_shown else ""
    positive = f"CASE WHEN {value} > 0 THEN {value} END"
    middle = f"approx_quantile({positive}, 0.5) AS median, count({positive}) AS positive" if field.kind is FieldKind.MONEY else ""
    if column in stage.coded:
        said = f"count(DISTINCT {value}) AS distinct_values, count({value}) AS filled, count(*) AS texts{bounds}"
        found = engine.rows(f"SELECT {said} {stage.judged_from(column)}")[0]
        filled = (
            rows if found["filled"] == found["texts"] else engine.value(stage.joined("SELECT count(*)", f"{value} IS NOT NULL"))
        )
        found |= engine.rows(stage.joined(f"SELECT {middle}", "true"))[0] if middle else {}
    else:
        said = f"approx_count_distinct({value}) AS distinct_values, count({value}) AS filled{bounds}"
        said += f", {middle}" if middle else ""
        found = engine.rows(f"SELECT {said} {stage.judged_from(column)}")[0]
        filled = found["filled"]
    return Profile(
        field=field.name,
        rows=rows,
        null_share=round(1 - filled / rows, 6) if rows else 0.0,
        distinct=min(found["distinct_values"], filled),
        minimum=_bound(field, found.get("low")),
        maximum=_bound(field, found.get("high")),
        median=found.get("median"),
        positive=found.get("positive"),
    )


def expectations(engine: DuckDB, stage: Stage, delivered: int, repeated: int | None = None) -> list[ExpectationResult]:
    """What the contract expects of a whole delivery, measured. Percentages are of the rows that were not set aside.

    `repeated`: how many rows repeat an earlier one's key, where deduplication has counted them already.
    """
    wanted: list[tuple[Field | None, Expectation]] = [(None, one) for one in stage.table.quality]
    wanted += [(field, one) for field in stage.table.fields for one in field.quality]
    return [_measure(engine, stage, delivered, repeated, field, one) for field, one in wanted]


def _measure(
    engine: DuckDB, stage: Stage, delivered: int, repeated: int | None, field: Field | None, expectation: Expectation
) -> ExpectationResult:
    found = _found(engine, stage, delivered, repeated, field, expectation)
    sign, bound = expectation.comparison
    return ExpectationResult(
        field=field.name if field else None,
        expectation=f"{expectation.metric} {sign} {bound:g}{' %' if expectation.unit == 'percent' else ''}",
        severity=expectation.severity,
        found=round(found, 4),
        kept=expectation.kept_by(found),
    )


def _found(
    engine: DuckDB, stage: Stage, delivered: int, repeated: int | None, field: Field | None, expectation: Expectation
) -> float:
    if expectation.metric == "rowCount":
        return float(delivered)
    names = [field.name] if field else list(_arguments(expectation))
    columns = {f"c{number}": stage.text(name) for number, name in enumerate(names)}
    sound = f"FROM ({stage.select(columns)})"
    if expectation.metric == "nullValues":
        rows = engine.value(f"SELECT count(*) FILTER (c0 IS NULL) {sound}")
    elif repeated is not None and set(names) == set(stage.table.key):
        rows = repeated
    else:
        hashed = f"FROM ({stage.select({'h': f'hash({chr(44).join(columns.values())})'})})"
        rows = engine.value(f"SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n {hashed} GROUP BY h)")
    if expectation.unit == "rows":
        return float(rows)
    total = engine.value(f"SELECT count(*) {sound}")
    return 100.0 * rows / total if total else 0.0


def _arguments(expectation: Expectation) -> Sequence[str]:
    return expectation.arguments.properties if expectation.arguments else ()


def _bound(field: Field, value: str | None) -> str | None:
    """A minimum or maximum. Of a text it may be anybody's; sums, days and places are what they were judged to be."""
    return as_shown(value) if value is not None and field.kind is FieldKind.TEXT else value
