"""The ledger: which deliveries came, which files a table consists of, which states the lake has been in.

One SQLite file. A state is one committed change; whatever it changed (several tables, a delivery, a receipt) is
recorded in one transaction, so readers see all of it or nothing. Readers use the ledger alone: a file that no state
names does not exist, whatever lies in the folders.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from xiezhi.kernel.clock import now
from xiezhi.kernel.errors import UserError
from xiezhi.lake.snapshot import FileRecord, Snapshot

SCHEMA = """
CREATE TABLE IF NOT EXISTS states (
    state INTEGER PRIMARY KEY, taken_at TEXT NOT NULL, cause TEXT NOT NULL, erased_by INTEGER);
CREATE TABLE IF NOT EXISTS state_tables (
    state INTEGER NOT NULL, table_name TEXT NOT NULL, iceberg_snapshot TEXT, columns TEXT NOT NULL,
    PRIMARY KEY (table_name, state)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, table_name TEXT NOT NULL, rows INTEGER NOT NULL, bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL, added INTEGER NOT NULL, removed INTEGER, erased_by INTEGER);
CREATE INDEX IF NOT EXISTS files_by_table ON files (table_name, added);
CREATE TABLE IF NOT EXISTS deliveries (
    number INTEGER PRIMARY KEY, file TEXT NOT NULL, member TEXT, sheet TEXT, contract TEXT, contract_hash TEXT,
    sha256 TEXT NOT NULL, received_at TEXT NOT NULL, state INTEGER, refused INTEGER NOT NULL,
    receipt TEXT NOT NULL, original_kept INTEGER NOT NULL, returned_kept INTEGER NOT NULL DEFAULT 1, erased_by INTEGER);
CREATE INDEX IF NOT EXISTS deliveries_by_hash ON deliveries (sha256);
CREATE INDEX IF NOT EXISTS deliveries_by_contract ON deliveries (contract, number);
CREATE TABLE IF NOT EXISTS certificates (
    number INTEGER PRIMARY KEY, tables TEXT NOT NULL, content TEXT NOT NULL, finished INTEGER NOT NULL DEFAULT 0);
"""


@dataclass(frozen=True)
class DeliveryRecord:
    """One delivered sheet or member: what came, under which contract, and the receipt that says what became of it.

    `state` is the state that made its rows visible; None where it changed nothing (refused, or held already).
    """

    number: int
    file: str
    member: str | None
    sheet: str | None
    contract: str | None
    contract_hash: str | None
    sha256: str
    received_at: datetime
    refused: bool
    receipt: dict[str, Any]
    original_kept: bool = True
    state: int | None = None
    erased_by: int | None = None


@dataclass(frozen=True)
class Certificate:
    """What an erasure records: the deliveries erased whole, and those whose original and returned rows go."""

    number: int
    text: str
    deliveries: tuple[int, ...]
    papers_of: tuple[int, ...]


NO_ROOM_BESIDE = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_SHMMAP")
"""What SQLite says where there is no room for the files that it needs beside one in WAL mode."""


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(SCHEMA)
    except BaseException:
        connection.close()
        raise
    return connection


class Ledger:
    """The ledger's file. One connection; close it.

    Where its folder cannot be written (a mounted backup, a lake shown for inspection, a full disk) a copy is read and nothing is
    recorded: SQLite cannot open a file in WAL mode where it can write nothing beside it.
    """

    def __init__(self, path: Path) -> None:
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self._no_room: sqlite3.OperationalError | None = None
        if not os.access(path.parent, os.W_OK):
            self._connection = self._read_copy(path)
            return
        try:
            self._connection = _opened(path)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname not in NO_ROOM_BESIDE:
                raise
            self._no_room = error
            self._connection = self._read_copy(path)

    def _read_copy(self, path: Path) -> sqlite3.Connection:
        self._copy = tempfile.TemporaryDirectory(prefix="xiezhi-ledger-")
        connection = _opened(_copied(path, Path(self._copy.name)))
        connection.execute("PRAGMA query_only = ON")
        return connection

    def close(self) -> None:
        self._connection.close()
        if self._copy is not None:
            self._copy.cleanup()

    def require_room(self) -> None:
        """Raises SQLite's error where the disk has no room for anything to be recorded."""
        if self._no_room is not None:
            raise self._no_room

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything written inside is recorded together, or not at all."""
        self.require_room()
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def rows(self, sql: str, *parameters: Any) -> list[sqlite3.Row]:
        return self._connection.execute(sql, parameters).fetchall()

    def last_state(self, as_of: datetime | None = None) -> int:
        """The newest state, or the newest at a moment; 0 before the first."""
        moment = _text(as_of) if as_of else "9999"
        found = self.rows("SELECT max(state) AS state FROM states WHERE taken_at <= ?", moment)[0]["state"]
        return int(found or 0)

    def snapshot(self, state: int, root: Path) -> Snapshot:
        """The lake as of a state. Raises UserError for a state that is unknown or was erased."""
        taken_at = self._taken_at(state)
        columns = {
            row["table_name"]: json.loads(row["columns"])
            for row in self.rows(
                "SELECT table_name, columns, max(state) FROM state_tables WHERE state <= ? GROUP BY table_name", state
            )
        }
        files = self.files("added <= ? AND (removed IS NULL OR removed > ?)", state, state)
        return Snapshot.of(root, state, taken_at, columns, files)

    def files(self, where: str, *parameters: Any) -> tuple[FileRecord, ...]:
        """File records, in the order in which they were added."""
        found = self.rows(f"SELECT * FROM files WHERE {where} ORDER BY added, path", *parameters)
        return tuple(FileRecord(row["table_name"], row["path"], row["rows"], row["bytes"], row["sha256"]) for row in found)

    def columns(self, table: str) -> dict[str, str] | None:
        """The newest columns of a table; None if the lake has never held it."""
        found = self.rows("SELECT columns FROM state_tables WHERE table_name = ? ORDER BY state DESC LIMIT 1", table)
        return json.loads(found[0]["columns"]) if found else None

    def iceberg_snapshots(self) -> dict[str, int | None]:
        """Table → the Iceberg snapshot of its newest recorded state (None: the table was left empty)."""
        found = self.rows("SELECT table_name, iceberg_snapshot, max(state) FROM state_tables GROUP BY table_name")
        return {row["table_name"]: int(row["iceberg_snapshot"]) if row["iceberg_snapshot"] else None for row in found}

    def deliveries(self, where: str = "true", *parameters: Any) -> list[DeliveryRecord]:
        """Delivery records by number."""
        return [_delivery(row) for row in self.rows(f"SELECT * FROM deliveries WHERE {where} ORDER BY number", *parameters)]

    def next_delivery(self) -> int:
        return int(self.rows("SELECT coalesce(max(number), 0) + 1 AS number FROM deliveries")[0]["number"])

    def record_delivery(self, delivery: DeliveryRecord) -> None:
        """Insert a delivery. Call it inside `transaction`."""
        self._connection.execute(
            "INSERT INTO deliveries (number, file, member, sheet, contract, contract_hash, sha256, received_at, state, refused,"
            " receipt, original_kept) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(delivery.number, delivery.file, delivery.member, delivery.sheet, delivery.contract, delivery.contract_hash),
                *(delivery.sha256, _text(delivery.received_at), delivery.state, delivery.refused),
                *(json.dumps(delivery.receipt, ensure_ascii=False), delivery.original_kept),
            ),
        )

    def record_state(self, state: int, cause: str) -> None:
        """Begin a state, later than every earlier one whatever the clock says. Call it inside `transaction`."""
        last = self.rows("SELECT max(taken_at) AS moment FROM states")[0]["moment"] or ""
        moment = now()
        if _text(moment) <= last:
            moment = datetime.fromisoformat(last) + timedelta(microseconds=1)
        self._connection.execute("INSERT INTO states (state, taken_at, cause) VALUES (?, ?, ?)", (state, _text(moment), cause))

    def record_table(self, state: int, table: str, iceberg_snapshot: int | None, columns: dict[str, str]) -> None:
        """What a state made of one table. Call it inside `transaction`."""
        held = str(iceberg_snapshot) if iceberg_snapshot is not None else None
        self._connection.execute("INSERT INTO state_tables VALUES (?, ?, ?, ?)", (state, table, held, json.dumps(columns)))

    def record_files(self, state: int, added: Iterable[FileRecord], removed: Iterable[FileRecord]) -> None:
        """Which files a state adds and leaves out. Call it inside `transaction`."""
        self._connection.executemany(
            "INSERT INTO files (path, table_name, rows, bytes, sha256, added) VALUES (?, ?, ?, ?, ?, ?)",
            [(file.path, file.table, file.rows, file.bytes, file.sha256, state) for file in added],
        )
        self._connection.executemany("UPDATE files SET removed = ? WHERE path = ?", [(state, file.path) for file in removed])

    def correct_snapshot(self, table: str, iceberg_snapshot: int | None) -> None:
        """The lake was moved and its Iceberg tables made anew: the newest state of `table` is this snapshot now."""
        self._connection.execute(
            "UPDATE state_tables SET iceberg_snapshot = ? WHERE table_name = ? AND state ="
            " (SELECT max(state) FROM state_tables WHERE table_name = ?)",
            (str(iceberg_snapshot) if iceberg_snapshot is not None else None, table, table),
        )

    def next_certificate(self) -> int:
        return int(self.rows("SELECT coalesce(max(number), 0) + 1 AS number FROM certificates")[0]["number"])

    def record_erasure(self, certificate: Certificate, files: Iterable[FileRecord]) -> None:
        """Mark files, every state that read them, and deliveries as erased. Call it inside `transaction`."""
        number = certificate.number
        self._connection.execute(
            "INSERT INTO certificates (number, tables, content) VALUES (?, ?, ?)",
            (number, json.dumps(sorted({file.table for file in files})), certificate.text),
        )
        for file in files:
            self._connection.execute("UPDATE files SET erased_by = ? WHERE path = ?", (number, file.path))
            self._connection.execute(
                "UPDATE states SET erased_by = coalesce(erased_by, ?) WHERE state >= (SELECT added FROM files WHERE path = ?)"
                " AND state < (SELECT removed FROM files WHERE path = ?)",
                (number, file.path, file.path),
            )
        for delivery in certificate.papers_of:
            self._connection.execute("UPDATE deliveries SET original_kept = 0, returned_kept = 0 WHERE number = ?", (delivery,))
        for delivery in certificate.deliveries:
            self._connection.execute("UPDATE deliveries SET erased_by = ? WHERE number = ?", (number, delivery))

    def unfinished_erasures(self) -> list[tuple[int, list[str]]]:
        """Certificates whose files may still lie about, with the tables concerned."""
        return [(row["number"], json.loads(row["tables"])) for row in self.rows("SELECT * FROM certificates WHERE NOT finished")]

    def finish_erasure(self, number: int) -> None:
        self._connection.execute("UPDATE certificates SET finished = 1 WHERE number = ?", (number,))

    def _taken_at(self, state: int) -> datetime:
        if state == 0:
            return datetime.fromtimestamp(0, UTC)
        found = self.rows("SELECT taken_at, erased_by FROM states WHERE state = ?", state)
        if not found:
            raise UserError(
                "XZ-LAKE-06",
                zh=f"数据湖没有状态 {state}。",
                en=f"The lake has no state {state}.",
                todo_zh="用 xiezhi deliveries 查看已有交付。",
                todo_en="See xiezhi deliveries for what there is.",
            )
        if found[0]["erased_by"] is not None:
            number = found[0]["erased_by"]
            raise UserError(
                "XZ-LAKE-07",
                zh=f"状态 {state} 已按第 {number} 号销毁证明清除,不能再读取。",
                en=f"State {state} was erased under certificate {number} and can no longer be read.",
                todo_zh="查看 certificates 目录下的销毁证明。",
                todo_en="Read the certificate in the lake's certificates folder.",
            )
        return datetime.fromisoformat(found[0]["taken_at"])


def _copied(path: Path, folder: Path) -> Path:
    """The ledger beside its log of what was not yet written into it, where there is one."""
    for source in (path, path.with_name(f"{path.name}-wal")):
        if source.exists():
            shutil.copyfile(source, folder / source.name)
    return folder / path.name


def _delivery(row: sqlite3.Row) -> DeliveryRecord:
    return DeliveryRecord(
        **{name: row[name] for name in ("number", "file", "member", "sheet", "contract", "contract_hash", "sha256", "state")},
        received_at=datetime.fromisoformat(row["received_at"]),
        refused=bool(row["refused"]),
        receipt=json.loads(row["receipt"]),
        original_kept=bool(row["original_kept"]),
        erased_by=row["erased_by"],
    )


def _text(moment: datetime) -> str:
    """UTC in one fixed width, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
