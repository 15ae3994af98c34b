"""Releases as the lake keeps them, sealed, so that one delivered next month can be merged with those of today (ADR 0013).

What is kept is what `shape` reads of a release, its id and the names and identifiers of parties among it, hence sealed. The
rest of the row says of what process and day it is. Releases older than a compiled one that stands are not kept: nothing can
come of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa

from xiezhi.engines.duckdb_engine import DuckDB, scan_sql
from xiezhi.identity.sealing import SealingKey, TextSealer
from xiezhi.kernel.tables import TableRef

TABLE = "ocds_kept_release"
PURPOSE = "releases"
"""What the vault's storage key for them is called."""

COLUMNS = {
    "ocid": "VARCHAR",
    "release_date": "TIMESTAMP",
    "received_at": "TIMESTAMP",
    "compiled": "BOOLEAN",
    "sealed": "VARCHAR",
    "_delivery": "INTEGER",
    "_row": "BIGINT",
}
"""`release_date` and `received_at` in UTC; a release without a date counts as of its receipt."""

_SLICE = 20_000

Sealing = Callable[[str, str], str]
"""A text and whose it is → the text sealed, or opened."""


class KeptReleases:
    """Opens and seals kept releases in the engine's scratch space."""

    def __init__(self, engine: DuckDB, key: SealingKey) -> None:
        self._engine, self._sealer = engine, TextSealer(key)

    def fetch(self, held: TableRef, ocids: str, into: str) -> None:
        """Kept releases of the processes that `ocids` (a SELECT) names, as table `into`: also `release_id` and `body`, opened."""
        self._engine.run(
            f"CREATE OR REPLACE TEMP TABLE {into} AS SELECT *, CAST(NULL AS VARCHAR) AS release_id, CAST(NULL AS VARCHAR) AS body"
            f" FROM ({scan_sql(held)}) WHERE ocid IN ({ocids})"
        )
        self._rewrite(into, "sealed", "body", self._sealer.open)
        self._engine.run(f"UPDATE {into} SET release_id = json_extract_string(body, '$.id')")

    def seal(self, table: str) -> None:
        """Fill `sealed` of a table with columns `ocid`, `body` and `sealed` where it is NULL."""
        self._rewrite(table, "body", "sealed", self._sealer.seal)

    def _rewrite(self, table: str, source: str, target: str, change: Sealing) -> None:
        wanted = f"SELECT rowid AS n, ocid, {source} AS text FROM {table} WHERE {target} IS NULL"
        for found in self._slices(table, wanted):
            texts = [
                change(text, ocid) for text, ocid in zip(*(found.column(c).to_pylist() for c in ("text", "ocid")), strict=True)
            ]
            self._engine.register("rewritten", pa.table({"n": found.column("n"), "text": pa.array(texts, pa.string())}))
            self._engine.run(f"UPDATE {table} AS t SET {target} = r.text FROM rewritten AS r WHERE t.rowid = r.n")
            self._engine.unregister("rewritten")

    def _slices(self, table: str, wanted: str) -> Iterator[pa.Table]:
        last = self._engine.value(f"SELECT coalesce(max(rowid), -1) FROM {table}")
        for start in range(0, last + 1, _SLICE):
            found = self._engine.query(f"{wanted} AND rowid >= {start} AND rowid < {start + _SLICE}")
            if found.num_rows:
                yield found
