"""Writing to the lake: a change gathers whole files and becomes visible in one step, or never.

Order of a commit: data files to the disk, then Iceberg, then one ledger transaction. A crash before the last step
leaves files and Iceberg snapshots that no state names; `Writer.recover` takes them back before anything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow.parquet as pq

from xiezhi.engines.duckdb_engine import DuckDB, file_literal
from xiezhi.kernel.durable import sync
from xiezhi.kernel.faultpoints import declare, reach
from xiezhi.kernel.hashing import file_digest
from xiezhi.kernel.tables import TableRef
from xiezhi.lake.catalogue import Catalogue
from xiezhi.lake.layout import LakeLayout
from xiezhi.lake.ledger import Certificate, DeliveryRecord, Ledger
from xiezhi.lake.mark import leave_mark
from xiezhi.lake.recovery import recover
from xiezhi.lake.snapshot import FileRecord

FILES_WRITTEN = declare("lake.files_written", "data files are on the disk, nothing names them yet")
TABLE_COMMITTED = declare("lake.table_committed", "Iceberg knows one table's files, the ledger does not")
LEDGER_NEXT = declare("lake.ledger_next", "Iceberg knows every table's files, the ledger does not")
LEDGER_DONE = declare("lake.ledger_done", "the state is recorded")


@dataclass
class _TableChange:
    columns: dict[str, str]
    added: list[Path] = field(default_factory=list)
    removed: list[FileRecord] = field(default_factory=list)


class Change:
    """Files to add and to remove, in any number of tables; `commit` makes them one state."""

    def __init__(self, layout: LakeLayout, ledger: Ledger, catalogue: Catalogue) -> None:
        self._layout, self._ledger, self._catalogue = layout, ledger, catalogue
        self._tables: dict[str, _TableChange] = {}
        self._records: dict[str, list[FileRecord]] = {}
        self._parts = 0
        self.state = ledger.last_state() + 1

    def new_file(self, table: str) -> Path:
        """A free path in the table's folder, for the caller to write Parquet to."""
        self._parts += 1
        path = self._layout.data_file(table, self.state, self._parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def append(self, table: str, columns: dict[str, str], path: Path) -> None:
        """Add a written file. `columns` (name → DuckDB type) may add to what the table has, never take away."""
        self._of(table, columns).added.append(path)

    def live_files(self, table: str) -> list[FileRecord]:
        """The files the table will keep from before this change."""
        removed = {file.path for file in self._tables[table].removed} if table in self._tables else set()
        held = self._ledger.files("table_name = ? AND removed IS NULL", table)
        return [file for file in held if file.path not in removed]

    def table(self, name: str, columns: dict[str, str]) -> TableRef:
        """A table as this change finds it; an empty one of `columns` where the lake has never held it."""
        files = self.live_files(name)
        paths = tuple(self._layout.root / file.path for file in files)
        return TableRef(name, paths, self._ledger.columns(name) or columns, sum(file.rows for file in files))

    def remove_file(self, table: str, file: FileRecord) -> None:
        """Leave a file out from this state on."""
        self._of(table, {}).removed.append(file)

    def delete_rows(self, engine: DuckDB, table: str, where: str) -> int:
        """Rewrite the files that hold rows for which `where` is TRUE, without them. Returns how many rows went.

        `where` may name the table's columns (alias `t`) and any relation of `engine`.
        """
        gone = 0
        for file, matches in rows_by_file(engine, self._layout.root, self.live_files(table), where):
            gone += matches
            self.remove_file(table, file)
            if matches == file.rows:
                continue
            path = self.new_file(table)
            kept = f"SELECT * FROM read_parquet({file_literal(self._layout.root / file.path)}) AS t WHERE ({where}) IS NOT TRUE"
            engine.write_parquet(kept, path)
            self.append(table, {}, path)
        return gone

    def added_files(self) -> list[FileRecord]:
        """What the change adds, written and flushed to the disk."""
        for table in self._tables:
            self._records.setdefault(table, [self._record(table, path) for path in self._tables[table].added])
        return [file for files in self._records.values() for file in files]

    def commit(self, cause: str, delivery: DeliveryRecord | None = None) -> int:
        """Make the change visible, together with the delivery that caused it. Returns the state."""
        with self._becoming_visible(cause):
            if delivery:
                self._ledger.record_delivery(replace(delivery, state=self.state))
        reach(LEDGER_DONE)
        return self.state

    def commit_erasure(self, certificate: Certificate, files: list[FileRecord]) -> int:
        """Make the change visible and mark `files`, and the past states that read them, as erased. Returns the state."""
        with self._becoming_visible(f"certificate {certificate.number}"):
            self._ledger.record_erasure(certificate, files)
        reach(LEDGER_DONE)
        return self.state

    @contextmanager
    def _becoming_visible(self, cause: str) -> Iterator[None]:
        """Files, then Iceberg, then the ledger's transaction, in which the caller writes what belongs to the state."""
        self.added_files()
        for table in self._tables:
            sync(self._layout.data(table))
        reach(FILES_WRITTEN)
        snapshots = {}
        for table, change in self._tables.items():
            removed = [self._layout.root / file.path for file in change.removed]
            snapshots[table] = self._catalogue.change(table, change.columns, change.added, removed)
            reach(TABLE_COMMITTED)
        reach(LEDGER_NEXT)
        with self._ledger.transaction():
            self._write_state(cause, snapshots)
            yield
        leave_mark(self._layout, self._ledger)

    def _of(self, table: str, columns: dict[str, str]) -> _TableChange:
        if table not in self._tables:
            self._tables[table] = _TableChange(dict(self._ledger.columns(table) or {}))
        self._tables[table].columns.update(columns)
        return self._tables[table]

    def _record(self, table: str, path: Path) -> FileRecord:
        sync(path)
        rows = pq.read_metadata(path).num_rows
        return FileRecord(table, self._layout.relative(path), rows, path.stat().st_size, file_digest(path))

    def _write_state(self, cause: str, snapshots: dict[str, int | None]) -> None:
        self._ledger.record_state(self.state, cause)
        for table, change in self._tables.items():
            self._ledger.record_table(self.state, table, snapshots[table], change.columns)
            self._ledger.record_files(self.state, self._records[table], change.removed)


class Writer:
    """What may be done while the lake's lock is held."""

    def __init__(self, layout: LakeLayout, ledger: Ledger) -> None:
        self._layout, self._ledger = layout, ledger
        self._catalogue = Catalogue(layout)

    def close(self) -> None:
        self._catalogue.close()

    def recover(self) -> None:
        """Undo what a crash left half-done."""
        self._catalogue = recover(self._layout, self._ledger, self._catalogue)

    def change(self) -> Change:
        """Begin a change. Nothing is visible before its `commit`; an abandoned one is swept by the next writer."""
        return Change(self._layout, self._ledger, self._catalogue)

    def next_delivery(self) -> int:
        """The number of the delivery that is recorded next."""
        return self._ledger.next_delivery()

    def record(self, delivery: DeliveryRecord) -> None:
        """Record a delivery that changes no table: refused, or held already."""
        with self._ledger.transaction():
            self._ledger.record_delivery(delivery)
        leave_mark(self._layout, self._ledger)

    @property
    def catalogue(self) -> Catalogue:
        return self._catalogue


def rows_by_file(engine: DuckDB, root: Path, files: list[FileRecord], where: str) -> list[tuple[FileRecord, int]]:
    """The files that hold rows for which `where` (over alias `t`) is TRUE, and how many."""
    if not files:
        return []
    names = ", ".join(file_literal(root / file.path) for file in files)
    found = engine.rows(
        f"SELECT filename AS file, count(*) AS rows FROM read_parquet([{names}], filename = true, union_by_name = true) AS t"
        f" WHERE {where} GROUP BY filename"
    )
    counts = {row["file"]: row["rows"] for row in found}
    return [(file, counts[str(root / file.path)]) for file in files if str(root / file.path) in counts]
