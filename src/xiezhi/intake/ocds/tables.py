"""Standing releases → the texts of the six tables, a slice of processes at a time."""

from __future__ import annotations

import itertools
import json
import operator
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from xiezhi.contracts.model import Table
from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.intake.ocds.merge import merged
from xiezhi.intake.ocds.notes import Note
from xiezhi.intake.ocds.rows import ProcessRows

NOTES = {"_row": "BIGINT", "column": "VARCHAR", "word": "VARCHAR", "shown": "VARCHAR"}
"""Columns of a table of notes: the delivered release, what of it, and what is to be said of it."""


class MergedTables:
    """Tables `<name>_<table>_text` of text columns, never NULL, and `_row`: the release that said the row last."""

    def __init__(self, engine: DuckDB, name: str, tables: Sequence[Table]) -> None:
        self._engine, self._name = engine, name
        self._columns = {table.name: [field.name for field in table.fields] for table in tables}
        for table, columns in self._columns.items():
            filled = ", ".join(f"{quoted(column)} VARCHAR" for column in columns)
            engine.run(f"CREATE OR REPLACE TEMP TABLE {self.text(table)} ({filled}, _row BIGINT)")

    def text(self, table: str) -> str:
        """The name of a table's texts."""
        return f"{self._name}_{table}_text"

    def fill(self, standing: str, notes: str, *, by: str) -> None:
        """Merge the releases of `standing` that have `by` in common; what there is to say goes to `notes`."""
        for number in range(1 + self._engine.value(f"SELECT coalesce(max(slice), -1) FROM {standing}")):
            found = self._engine.query(
                f"SELECT ocid, release_id, strftime(release_date, '%Y-%m-%dT%H:%M:%SZ') AS release_date, source, body"
                f" FROM {standing} WHERE stands AND slice = {number} ORDER BY {by}, place"
            )
            self._merge(found.to_pylist(), notes, by)

    def _merge(self, releases: list[dict[str, Any]], notes: str, by: str) -> None:
        rows: dict[str, list[dict[str, Any]]] = {table: [] for table in self._columns}
        told: list[tuple[int, Note]] = []
        for _, group in itertools.groupby(releases, key=operator.itemgetter(by)):
            members = list(group)
            process = merged((member["source"], json.loads(member["body"])) for member in members)
            found = ProcessRows(members[-1], process)
            for table, row in found:
                rows[table].append(row)
            told += [(source, note) for source, said in found.notes.items() if source > 0 for note in said]
        for table, columns in self._columns.items():
            arrays = {name: pa.array([row.get(name) or "" for row in rows[table]], pa.string()) for name in columns}
            numbers = pa.array([row["_row"] for row in rows[table]], pa.int64())
            insert(self._engine, self.text(table), pa.table({**arrays, "_row": numbers}))
        insert(self._engine, notes, as_notes(told))


def insert(engine: DuckDB, table: str, data: pa.Table) -> None:
    """Add Arrow data to a table of the engine, column by name."""
    if data.num_rows:
        engine.register("block", data)
        engine.run(f"INSERT INTO {table} BY NAME SELECT * FROM block")
        engine.unregister("block")


def as_notes(told: Sequence[tuple[int, Note]]) -> pa.Table:
    """Notes with their rows as Arrow data."""
    columns = {
        "_row": pa.array([row for row, _ in told], pa.int64()),
        "column": pa.array([note.column for _, note in told], pa.string()),
        "word": pa.array([note.word for _, note in told], pa.string()),
        "shown": pa.array([note.shown for _, note in told], pa.string()),
    }
    return pa.table(columns)
