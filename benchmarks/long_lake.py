"""A lake whose run has a million hits standing on millions of delivered rows: a small city's, its hits many times over."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
from tests.web.lakes import demonstration

from xiezhi.runs.changes import GROUP
from xiezhi.runs.record import HITS, STANDING


@dataclass(frozen=True)
class LongLake:
    """`folder` of the lake; hit number n of 1 … `hits` has the fingerprint md5(n)."""

    folder: Path
    hits: int
    standing: int


def build(home: Path, hits: int) -> LongLake:
    """Hits and standing rows in the order and the row groups in which a run writes them; each hit stands on real rows."""
    lake = (demonstration(home) / "lake").rename(home / "lake")
    run = sorted(path for path in (lake / "runs").iterdir() if path.is_dir())[-1]
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE few AS SELECT *, row_number() OVER () AS k FROM '{run / HITS}'")
        (few,) = engine.execute("SELECT count(*) FROM few").fetchone() or (0,)
        number = f"(copy.i * {few} + few.k)"
        copies = f"few, range({-(-hits // few)}) AS copy(i) WHERE {number} <= {hits}"
        _write(engine, f"SELECT few.* EXCLUDE (k) REPLACE (md5({number}::VARCHAR) AS fingerprint) FROM {copies}", run / HITS)
        standing = (
            f"SELECT old.* REPLACE (md5({number}::VARCHAR) AS fingerprint) FROM '{run / STANDING}' AS old "
            f"JOIN few USING (rule, fingerprint), range({-(-hits // few)}) AS copy(i) WHERE {number} <= {hits}"
        )
        _write(engine, standing, run / STANDING)
        (rows,) = engine.execute(f"SELECT count(*) FROM '{run / STANDING}'").fetchone() or (0,)
    return LongLake(lake, hits, rows)


def _write(engine: duckdb.DuckDBPyConnection, rows: str, path: Path) -> None:
    beside = path.with_suffix(".part")
    engine.execute(
        f"COPY ({rows} ORDER BY rule, fingerprint) TO '{beside}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP})"
    )
    beside.replace(path)
