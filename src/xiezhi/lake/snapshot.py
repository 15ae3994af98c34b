"""A named moment of the lake: which files each table consisted of, and whether their bytes are still the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from xiezhi.kernel.hashing import digest, file_digest
from xiezhi.kernel.tables import TableRef


@dataclass(frozen=True)
class FileRecord:
    """One Parquet file as it was when it was committed. `path` is relative to the lake."""

    table: str
    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class AlteredFile:
    """A file of a snapshot that is no longer what was committed. `found` is None when it is missing."""

    table: str
    path: Path
    recorded: str
    found: str | None


@dataclass(frozen=True)
class Snapshot:
    """One state of the lake. `id` is a hash over every table's file hashes: equal ids mean equal bytes."""

    id: str
    state: int
    taken_at: datetime
    tables: Mapping[str, TableRef]
    files: tuple[FileRecord, ...] = field(repr=False, default=())

    @classmethod
    def of(
        cls, root: Path, state: int, taken_at: datetime, columns: Mapping[str, dict[str, str]], files: tuple[FileRecord, ...]
    ) -> Snapshot:
        """Group `files` by table; tables of `columns` without files are empty tables."""
        by_table: dict[str, list[FileRecord]] = {name: [] for name in columns}
        for file in files:
            by_table[file.table].append(file)
        tables = {
            name: TableRef(name, tuple(root / file.path for file in held), columns[name], sum(file.rows for file in held))
            for name, held in sorted(by_table.items())
        }
        identity = digest({name: sorted(file.sha256 for file in held) for name, held in by_table.items() if held})
        return cls(identity, state, taken_at, tables, files)

    def altered(self, root: Path) -> list[AlteredFile]:
        """The files whose bytes no longer hash to what was recorded, or that are missing. Reads every byte."""
        found = []
        for file in self.files:
            path = root / file.path
            actual = file_digest(path) if path.is_file() else None
            if actual != file.sha256:
                found.append(AlteredFile(file.table, path, file.sha256, actual))
        return found
