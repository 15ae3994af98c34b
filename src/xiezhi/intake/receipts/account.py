"""Accounting: every delivered row is accepted, repaired or set aside, and its fate is written down row by row.

Counts what staging marked, what readers broke off (`broken`) and what deduplication decided (`outcome`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.engines.stored import read_stored
from xiezhi.intake.receipts.receipt import Example, Reason, Remark, Repair, Spelling

EXAMPLES = 3
"""Rows shown per reason on a receipt. Every row stands in the account file and in the returned file."""


@dataclass(frozen=True)
class Judgements:
    """Where the judged rows of a sheet are marked. `total`: rows that became rows; `show`: delivered cells, as a receipt may
    show them, of a column (as marks call it) in some rows; `notes`: a table of remarks on accepted rows, where there is one;
    `left_out`: the table of footers, where there can be any; `spellings`: the unknown codes of a column and their rows."""

    total: int
    marks: str
    broken: str
    show: Callable[[str, Sequence[int]], Mapping[int, str | None]]
    notes: str | None = None
    left_out: str | None = None
    spellings: Callable[[str], list[Spelling]] | None = None


@dataclass(frozen=True)
class Account:
    """The numbers of one delivered sheet. They balance by construction, and `Receipt` asserts it."""

    delivered: int
    accepted: int
    repaired: int
    set_aside: int
    duplicate: int
    replaced: int
    outdated: int
    reasons: list[Reason]
    repairs: list[Repair]
    remarks: list[Remark]


def account(engine: DuckDB, judged: Judgements) -> Account:
    """Count a judged and decided sheet."""
    faulty = engine.value(f"SELECT count(*) FROM {judged.marks} WHERE _faults IS NOT NULL")
    broken = engine.value(f"SELECT count(*) FROM {judged.broken}")
    fates = {row["fate"]: row["rows"] for row in engine.rows("SELECT fate, count(*) AS rows FROM outcome GROUP BY fate")}
    conflicts = fates.get("conflict", 0)
    mended = engine.rows(
        f"SELECT _repairs, count(*) AS rows FROM {judged.marks} ANTI JOIN (SELECT _row FROM outcome WHERE fate = 'conflict')"
        " USING (_row) WHERE _faults IS NULL GROUP BY _repairs"
    )
    repaired = sum(row["rows"] for row in mended)
    return Account(
        delivered=judged.total + broken,
        accepted=judged.total - faulty - conflicts - repaired,
        repaired=repaired,
        set_aside=faulty + conflicts + broken,
        duplicate=fates.get("duplicate", 0),
        replaced=fates.get("replaces", 0),
        outdated=fates.get("outdated", 0),
        reasons=_reasons(engine, judged),
        repairs=_repairs({row["_repairs"]: row["rows"] for row in mended}),
        remarks=_remarks(engine, judged.notes) if judged.notes else [],
    )


_COLUMN = "CASE WHEN contains(part, '=') THEN split_part(part, '=', 1) END"
_WORD = "split_part(part, '=', -1)"
"""Of `field=word`, or of a bare word for the row as a whole."""


def write_rows(engine: DuckDB, judged: Judgements, path: Path) -> None:
    """Every row that was repaired, set aside, remarked on or left out, and why: Parquet with `row, outcome, column, word`."""
    left_out = f" UNION ALL SELECT _row, 'left_out', NULL, reason FROM {judged.left_out}" if judged.left_out else ""
    remarks = f" UNION ALL SELECT _row, 'remarked', \"column\", word FROM {judged.notes}" if judged.notes else ""
    engine.write_parquet(
        f"SELECT _row AS row, 'set_aside' AS outcome, {_COLUMN} AS \"column\", {_WORD} AS word"
        f" FROM (SELECT _row, unnest(string_split(_faults, '|')) AS part FROM {judged.marks} WHERE _faults IS NOT NULL)"
        f" UNION ALL SELECT _row, 'set_aside', NULL, reason FROM {judged.broken}"
        " UNION ALL SELECT _row, 'set_aside', NULL, 'key_conflict' FROM outcome WHERE fate = 'conflict'"
        f" UNION ALL SELECT _row, 'repaired', {_COLUMN}, unnest(string_split({_WORD}, ';'))"
        f" FROM (SELECT s._row, unnest(string_split(s._repairs, '|')) AS part FROM {judged.marks} AS s"
        " ANTI JOIN (SELECT _row FROM outcome WHERE fate = 'conflict') AS c ON c._row = s._row"
        f" WHERE s._faults IS NULL AND s._repairs IS NOT NULL){remarks}{left_out} ORDER BY 1, 2, 3, 4",
        path,
    )


def rows_set_aside(path: Path) -> frozenset[int]:
    """The numbers of the rows that a written account has as set aside; none where it is gone."""
    if not path.exists():
        return frozenset()
    marks = read_stored(path, ["row", "outcome"])
    return frozenset(marks.filter(pc.equal(marks["outcome"], "set_aside"))["row"].to_pylist())


def set_aside_rows(judged: Judgements) -> str:
    """SELECT of `_row` and `reasons` (`field=word|…`, or a bare word for the row as a whole) of all rows set aside."""
    return (
        f"SELECT _row, _faults AS reasons FROM {judged.marks} WHERE _faults IS NOT NULL"
        f" UNION ALL SELECT _row, reason FROM {judged.broken}"
        " UNION ALL SELECT _row, 'key_conflict' FROM outcome WHERE fate = 'conflict'"
    )


def _repairs(rows: Mapping[str, int]) -> list[Repair]:
    counts: Counter[tuple[str, str]] = Counter()
    for made, count in rows.items():
        for part in made.split("|"):
            column, _, words = part.partition("=")
            for word in words.split(";"):
                counts[column, word] += count
    return [Repair(column=column, repair=word, count=count) for (column, word), count in sorted(counts.items())]


def _remarks(engine: DuckDB, notes: str) -> list[Remark]:
    found = engine.rows(
        f'SELECT "column", word, count(*) AS count, min(struct_pack(r := _row, s := shown), {EXAMPLES}) AS seen FROM {notes}'
        ' GROUP BY "column", word ORDER BY count DESC, "column", word'
    )
    return [
        Remark(
            column=row["column"],
            remark=row["word"],
            count=row["count"],
            examples=[Example(row=one["r"], shown=one["s"]) for one in row["seen"]],
        )
        for row in found
    ]


def _reasons(engine: DuckDB, judged: Judgements) -> list[Reason]:
    faults = engine.rows(
        f'SELECT {_COLUMN} AS "column", {_WORD} AS reason, count(*) AS count, min(_row, {EXAMPLES}) AS rows'
        f" FROM (SELECT _row, unnest(string_split(_faults, '|')) AS part FROM {judged.marks} WHERE _faults IS NOT NULL)"
        " GROUP BY 1, 2"
    )
    whole = engine.rows(
        f'SELECT NULL AS "column", reason, count(*) AS count, min(_row, {EXAMPLES}) AS rows FROM (SELECT _row, reason FROM'
        f" {judged.broken} UNION ALL SELECT _row, 'key_conflict' FROM outcome WHERE fate = 'conflict') GROUP BY reason"
    )
    found = []
    for row in faults + whole:
        shown = judged.show(row["column"], row["rows"]) if row["column"] else {}
        examples = [Example(row=number, shown=shown.get(number)) for number in row["rows"]]
        told = Reason(row=row["rows"][0], column=row["column"], reason=row["reason"], count=row["count"], examples=examples)
        if told.reason == "code_unknown" and judged.spellings and told.column:
            told.spellings = judged.spellings(told.column)
        found.append(told)
    return sorted(found, key=lambda reason: (-reason.count, reason.column or "", reason.reason))
