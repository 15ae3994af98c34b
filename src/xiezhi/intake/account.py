"""Accounting: every delivered row is accepted, repaired or set aside, and its fate is written down row by row.

Works on a stage and its `outcome`; rows that never became rows (broken lines, totals) stand in table `broken`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xiezhi.contracts.kinds import Kind
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.intake.receipt import Example, Reason, Repair
from xiezhi.intake.stage import Stage
from xiezhi.intake.words import mask

EXAMPLES = 3
"""Rows shown per reason on a receipt. Every row stands in the account file and in the returned file."""

SHOWN = 40
"""Characters of a delivered cell that a receipt repeats."""


@dataclass(frozen=True)
class Account:
    """The numbers of one delivered sheet. They balance by construction, and `Receipt` asserts it."""

    delivered: int
    accepted: int
    repaired: int
    set_aside: int
    duplicate: int
    replaced: int
    reasons: list[Reason]
    repairs: list[Repair]


def account(engine: DuckDB, stage: Stage) -> Account:
    """Count a decided stage."""
    marks = stage.marks
    faulty = engine.value(f"SELECT count(*) FROM {marks} WHERE _faults IS NOT NULL")
    broken = engine.value("SELECT count(*) FROM broken")
    fates = {row["fate"]: row["rows"] for row in engine.rows("SELECT fate, count(*) AS rows FROM outcome GROUP BY fate")}
    conflicts = fates.get("conflict", 0)
    mended = engine.rows(
        f"SELECT _repairs, count(*) AS rows FROM {marks} ANTI JOIN (SELECT _row FROM outcome WHERE fate = 'conflict') USING (_row)"
        " WHERE _faults IS NULL GROUP BY _repairs"
    )
    repaired = sum(row["rows"] for row in mended)
    return Account(
        delivered=stage.total + broken,
        accepted=stage.total - faulty - conflicts - repaired,
        repaired=repaired,
        set_aside=faulty + conflicts + broken,
        duplicate=fates.get("duplicate", 0),
        replaced=fates.get("replaces", 0),
        reasons=_reasons(engine, stage),
        repairs=_repairs({row["_repairs"]: row["rows"] for row in mended}),
    )


def write_rows(engine: DuckDB, stage: Stage, path: Path) -> None:
    """Every row that was repaired or set aside, and why: Parquet with `row, outcome, column, word`."""
    engine.write_parquet(
        f"SELECT _row AS row, 'set_aside' AS outcome, {_part(1)} AS \"column\", {_part(2)} AS word"
        f" FROM (SELECT _row, unnest(string_split(_faults, '|')) AS part FROM {stage.marks} WHERE _faults IS NOT NULL)"
        " UNION ALL SELECT _row, 'set_aside', NULL, reason FROM broken"
        " UNION ALL SELECT _row, 'set_aside', NULL, 'key_conflict' FROM outcome WHERE fate = 'conflict'"
        f" UNION ALL SELECT _row, 'repaired', {_part(1)}, unnest(string_split({_part(2)}, ';'))"
        f" FROM (SELECT s._row, unnest(string_split(s._repairs, '|')) AS part FROM {stage.marks} AS s"
        " ANTI JOIN (SELECT _row FROM outcome WHERE fate = 'conflict') AS c ON c._row = s._row"
        " WHERE s._faults IS NULL AND s._repairs IS NOT NULL) ORDER BY 1, 2, 3, 4",
        path,
    )


def _repairs(rows: Mapping[object, object]) -> list[Repair]:
    counts: Counter[tuple[str, str]] = Counter()
    for made, count in rows.items():
        for part in str(made).split("|"):
            column, _, words = part.partition("=")
            for word in words.split(";"):
                counts[column, word] += int(str(count))
    return [Repair(column=column, repair=word, count=count) for (column, word), count in sorted(counts.items())]


def _reasons(engine: DuckDB, stage: Stage) -> list[Reason]:
    faults = engine.rows(
        f'SELECT {_part(1)} AS "column", {_part(2)} AS reason, count(*) AS count, min(_row, {EXAMPLES}) AS rows'
        f" FROM (SELECT _row, unnest(string_split(_faults, '|')) AS part FROM {stage.marks} WHERE _faults IS NOT NULL)"
        " GROUP BY 1, 2"
    )
    whole = engine.rows(
        f'SELECT NULL AS "column", reason, count(*) AS count, min(_row, {EXAMPLES}) AS rows FROM (SELECT _row, reason FROM broken'
        " UNION ALL SELECT _row, 'key_conflict' FROM outcome WHERE fate = 'conflict') GROUP BY reason"
    )
    found = [_reason(engine, stage, row) for row in faults + whole]
    return sorted(found, key=lambda reason: (-reason.count, reason.column or "", reason.reason))


def _reason(engine: DuckDB, stage: Stage, row: Mapping[str, object]) -> Reason:
    column, rows = row["column"], row["rows"]
    assert isinstance(rows, list)
    shown: dict[int, str | None] = {}
    if isinstance(column, str):
        listed = ", ".join(map(str, rows))
        cell = stage.raw(stage.source.fields[column])
        found = engine.rows(stage.select({"cell": cell}, where=f"s._row IN ({listed})", sound=False))
        identity = stage.table.field(column).kind is Kind.IDENTITY
        shown = {one["_row"]: _shown(one["cell"], identity) for one in found}
    examples = [Example(row=number, shown=shown.get(number)) for number in rows]
    count = row["count"]
    assert isinstance(count, int)
    return Reason(row=rows[0], column=str(column) if column else None, reason=str(row["reason"]), count=count, examples=examples)


def _shown(cell: str | None, identity: bool) -> str | None:
    if not cell:
        return None
    return mask(cell) if identity else cell[:SHOWN]


def _part(number: int) -> str:
    return f"split_part(part, '=', {number})"
