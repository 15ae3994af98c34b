"""What is new, still there, changed or gone since each rule last ran: the parts of a run become its hits."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from xiezhi.engines.duckdb_engine import DuckDB, file_literal, quoted
from xiezhi.engines.stored import read_stored, said_if_damaged
from xiezhi.runs.record import HITS, STANDING, RuleEnding, RunFolders

HIT_COLUMNS = {
    "rule": "VARCHAR",
    "version": "INTEGER",
    "variant": "VARCHAR",
    "fingerprint": "VARCHAR",
    "level": "VARCHAR",
    "subject_kind": "VARCHAR",
    "subject_identity": "VARCHAR",
    "subject": "VARCHAR",
    "counterpart_kind": "VARCHAR",
    "counterpart_identity": "VARCHAR",
    "counterpart": "VARCHAR",
    "unit": "VARCHAR",
    "region": "VARCHAR",
    "period_from": "DATE",
    "period_to": "DATE",
    "amount": "BIGINT",
    "shown": "VARCHAR",
    "candidate": "VARCHAR",
    "seal": "VARCHAR",
}
"""The columns of `hits.parquet`, to which `state` (new, still, changed, gone) and `first_run` are added."""

ALL_COLUMNS = (*HIT_COLUMNS, "state", "first_run")

GROUP = 20_000
"""Rows of a group. Whoever opens one hit reads one group of each file: among a million hits 0.2 s, with the usual size 0.8."""

LAST = "\U0010ffff"
"""Sorts behind every character: with it ends the range of texts that begin alike."""

STANDING_COLUMNS = {"rule": "VARCHAR", "fingerprint": "VARCHAR", "fact": "VARCHAR", "delivery": "INTEGER", "row": "BIGINT"}


def previous_hits(folders: RunFolders, run: int, codes: Sequence[str]) -> list[tuple[str, Path]]:
    """(rule, hits file of the newest earlier run that evaluated it) for each of `codes` that ran before."""
    latest = {code: record for code, record in folders.latest_by_rule().items() if record.run < run}
    return [(code, folders.folder(latest[code].run) / HITS) for code in codes if code in latest]


def merge(
    engine: DuckDB, parts: Path, folder: Path, endings: Sequence[RuleEnding], previous: Sequence[tuple[str, Path]], run: int
) -> None:
    """Write `hits.parquet` and `standing.parquet` of a run from its parts and the hits of the runs before."""
    done = [ending.code for ending in endings if ending.ending == "done"]
    engine.run(f"CREATE OR REPLACE TEMP TABLE now_hits AS {_union(parts, done, 'hits', HIT_COLUMNS)}")
    engine.run(f"CREATE OR REPLACE TEMP TABLE past_hits AS {_past(previous)}")
    _write(engine, _states(run), folder / HITS)
    _write(engine, _union(parts, done, "standing", STANDING_COLUMNS) + " ORDER BY ALL", folder / STANDING)


def _states(run: int) -> str:
    """New and changed and still from what is true now; gone from what was true and is no longer."""
    columns = ", ".join(f"n.{quoted(name)}" for name in HIT_COLUMNS)
    gone = ", ".join(f"p.{quoted(name)}" for name in HIT_COLUMNS)
    same = "n.level = p.level AND n.shown = p.shown AND n.amount IS NOT DISTINCT FROM p.amount"
    return (
        f"SELECT {columns}, CASE WHEN p.fingerprint IS NULL THEN 'new' WHEN {same} THEN 'still' "
        f"ELSE 'changed' END AS state, coalesce(p.first_run, {run}) AS first_run "
        "FROM now_hits AS n LEFT JOIN past_hits AS p USING (fingerprint) "
        f"UNION ALL SELECT {gone}, 'gone' AS state, p.first_run "
        "FROM past_hits AS p ANTI JOIN now_hits AS n USING (fingerprint) ORDER BY rule, fingerprint"
    )


def _past(previous: Sequence[tuple[str, Path]]) -> str:
    columns = ", ".join(quoted(name) for name in ALL_COLUMNS)
    if not previous:
        typed = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in HIT_COLUMNS.items())
        return f"SELECT {typed}, CAST(NULL AS VARCHAR) AS state, CAST(NULL AS INTEGER) AS first_run WHERE false"
    return " UNION ALL ".join(
        f"SELECT {columns} FROM read_parquet({file_literal(path)}) WHERE rule = '{code}' AND state <> 'gone'"
        for code, path in previous
    )


def _union(parts: Path, codes: Sequence[str], what: str, columns: dict[str, str]) -> str:
    if not codes:
        typed = ", ".join(f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in columns.items())
        return f"SELECT {typed} WHERE false"
    named = ", ".join(quoted(name) for name in columns if name != "rule")
    return " UNION ALL ".join(
        f"SELECT '{code}' AS rule, {named} FROM read_parquet({file_literal(parts / f'{code}.{what}.parquet')})" for code in codes
    )


def _write(engine: DuckDB, sql: str, path: Path) -> None:
    beside = path.with_suffix(".part")
    engine.write_parquet(sql, beside, row_group=GROUP)
    beside.replace(path)


def hit_rows(folders: RunFolders, run: int, rule: str | None = None) -> list[dict[str, object]]:
    """The stored hits of a run (of one rule, where given), gone ones included. IntegrityError where they cannot be read."""
    return _rows(folders.folder(run) / HITS, [("rule", "=", rule)] if rule else None)


def gone_rows(folders: RunFolders, run: int, fingerprints: Collection[str]) -> list[dict[str, object]]:
    """The stored rows of those of `fingerprints` that a run found gone. IntegrityError where they cannot be read."""
    asked = [("fingerprint", "in", sorted(fingerprints)), ("state", "=", "gone")]
    return _rows(folders.folder(run) / HITS, asked) if fingerprints else []


def _rows(path: Path, filters: Any) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = read_stored(path, ALL_COLUMNS, filters).to_pylist()
    return rows


def hits_starting(folders: RunFolders, run: int, start: str, rule: str | None = None) -> list[dict[str, object]]:
    """The stored hits of a run (of one rule, where given) whose fingerprint begins with `start`.

    The file is in the order of rule and fingerprint: which they are is read from two thin columns, and then one row group each.
    """
    path, begins = folders.folder(run) / HITS, [("fingerprint", ">=", start), ("fingerprint", "<", start + LAST)]
    begins += [("rule", "=", rule)] if rule else []
    named = read_stored(path, ["rule", "fingerprint"], begins).to_pylist()
    exactly = [[("rule", "=", one["rule"]), ("fingerprint", "=", one["fingerprint"])] for one in named]
    return _rows(path, exactly) if exactly else []


def hit_batches(folders: RunFolders, run: int, rules: Sequence[str], size: int) -> Iterator[list[dict[str, object]]]:
    """The stored hits of some rules of a run, `size` rows of the file at a time: a million hits are not held at once."""
    kept = set(rules)
    path = folders.folder(run) / HITS
    with said_if_damaged(path), pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=size):
            rows = [row for row in batch.to_pylist() if row["rule"] in kept]
            if rows:
                yield rows
