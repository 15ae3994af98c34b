"""DuckDB, the default engine. The only file that imports `duckdb`.

A `DuckDB` is one connection with a memory limit and a spill folder. Extensions are never fetched; once `seal` was called, nothing
but the files it names can be opened. Whoever runs content seals first. Always close it (or use `with`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from xiezhi.kernel.tables import TableRef

Parameters = dict[str, Any] | Sequence[Any] | None

EngineError = duckdb.Error
"""What any call here raises when the engine refuses or fails: a caller may report it without importing the driver."""

OutOfMemory = duckdb.OutOfMemoryException
"""The memory limit does not suffice, even with spilling to disk."""


class TookTooLong(duckdb.InterruptException):
    """A query ran longer than it was given."""


PATTERN = re.compile(r"[*?\[]")

ROW_GROUP = 122_880
"""DuckDB's vectorised row-group size; scans skip whole groups by their minimum and maximum."""


class DuckDB:
    """One DuckDB connection, in memory or on a database file of its own."""

    name = "duckdb"

    def __init__(
        self, database: Path | None = None, *, memory: str = "2GB", threads: int | None = None, spill: Path | None = None
    ) -> None:
        config: dict[str, Any] = {"memory_limit": memory, "autoinstall_known_extensions": False}
        if threads:
            config["threads"] = threads
        if spill:
            spill.mkdir(parents=True, exist_ok=True)
            config["temp_directory"] = str(spill)
        self._connection = duckdb.connect(str(database) if database else ":memory:", config=config)
        self._connection.execute("SET TimeZone = 'UTC'")

    def __enter__(self) -> DuckDB:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def seal(self, files: Iterable[Path] = (), folders: Iterable[Path] = ()) -> None:
        """From here on only `files`, and what lies under `folders`, can be opened, and no setting can be changed back.

        Neither extensions nor secrets nor the process's environment nor other databases can be reached any more.
        """
        for setting, paths in (("allowed_paths", files), ("allowed_directories", folders)):
            spelled = dict.fromkeys(text for path in paths for text in (str(path), _itself(path)))
            self._connection.execute(f"SET {setting} = [{', '.join(map(_text, spelled))}]")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def run(self, statement: str, parameters: Parameters = None) -> None:
        """Execute a statement whose rows nobody needs."""
        self._connection.execute(statement, parameters)

    def query(self, sql: str, parameters: Parameters = None) -> pa.Table:
        """The rows of a SELECT as an Arrow table."""
        return self._connection.sql(sql, params=parameters).to_arrow_table()  # through `execute` every row is copied once more

    def stream(self, sql: str, parameters: Parameters = None, batch_rows: int = 100_000) -> pa.RecordBatchReader:
        """The rows of a SELECT, batch by batch. Consume it before the next call on this connection."""
        return self._connection.sql(sql, params=parameters).to_arrow_reader(batch_rows)

    def rows(self, sql: str, parameters: Parameters = None) -> list[dict[str, Any]]:
        """The rows of a small SELECT as dictionaries."""
        cursor = self._connection.execute(sql, parameters)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def value(self, sql: str, parameters: Parameters = None) -> Any:
        """The single value of a one-row, one-column SELECT; None where there is no row."""
        rows = self._connection.execute(sql, parameters).fetchall()  # a result not read to its end blocks the connection
        return rows[0][0] if rows else None

    def columns(self, sql: str) -> dict[str, str]:
        """Column name → DuckDB type of a SELECT or a table name, without running it."""
        described = self._connection.execute(f"DESCRIBE {sql}").fetchall()
        return {row[0]: row[1] for row in described}

    def register(self, name: str, data: pa.Table | pa.RecordBatchReader) -> None:
        """Make Arrow data readable as `name`. A reader can be scanned once."""
        self._connection.register(name, data)

    def unregister(self, name: str) -> None:
        self._connection.unregister(name)

    def attach(self, database: Path, alias: str, *, read_only: bool = False) -> None:
        mode = " (READ_ONLY)" if read_only else ""
        self._connection.execute(f"ATTACH {_text(str(database))} AS {alias}{mode}")

    def detach(self, alias: str) -> None:
        self._connection.execute(f"DETACH {alias}")

    def open_tables(self, tables: Iterable[TableRef]) -> None:
        """A view per table over exactly its files, with its declared columns; an empty table where there are no files."""
        for table in tables:
            self._connection.execute(f"CREATE OR REPLACE VIEW {quoted(table.name)} AS {scan_sql(table)}")

    def write_parquet(self, sql: str, path: Path, *, row_group: int = ROW_GROUP) -> int:
        """Write a SELECT's rows to one zstd Parquet file; returns how many."""
        copied = self._connection.execute(
            f"COPY ({sql}) TO {_text(str(path))} (FORMAT parquet, COMPRESSION zstd,"
            f" COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {row_group})"  # level 3, the default, takes a fifth longer for the same size
        ).fetchall()
        return int(copied[0][0])

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """What is asked inside is stopped after so many seconds, and ends in TookTooLong."""
        over, done = Event(), Event()

        def stop() -> None:
            if done.wait(seconds):
                return
            over.set()
            while not done.wait(0.2):  # an interrupt between two statements stops neither
                self._connection.interrupt()

        watching = Thread(target=stop, daemon=True)
        watching.start()
        try:
            yield
        except duckdb.InterruptException as error:
            if not over.is_set():
                raise
            raise TookTooLong(f"stopped after {seconds:g} seconds") from error
        finally:
            done.set()
            watching.join()


def scan_sql(table: TableRef) -> str:
    """The SELECT that reads a TableRef's Parquet files (or no rows, typed, where it has none)."""
    if table.files:
        files = ", ".join(file_literal(file) for file in table.files)
        columns = ", ".join(quoted(name) for name in table.columns) or "*"
        return f"SELECT {columns} FROM read_parquet([{files}], union_by_name = true)"
    typed = ", ".join(f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in table.columns.items())
    return f"SELECT {typed} WHERE false"


def file_literal(path: Path) -> str:
    """A path as the text by which a SELECT reads this file and no other, whatever the names of its folders hold."""
    return _text(_itself(path))


def _itself(path: Path) -> str:
    """A path in which what the engine takes for a pattern (`b[1]` is `b1` to it, and `a*` is `ab`, too) stands for itself."""
    return PATTERN.sub(r"[\g<0>]", str(path))


def quoted(name: str) -> str:
    """A name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
