"""The vault's database: which number has which token. Knows nothing of keys, values or purposes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import numpy as np
import pyarrow as pa

from xiezhi.engines.duckdb_engine import DuckDB, EngineError, quoted
from xiezhi.identity.tokens import Tokens
from xiezhi.kernel.durable import sync
from xiezhi.kernel.errors import IntegrityError, RetryableError
from xiezhi.kernel.faultpoints import declare, reach
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.kernel.storage import refused_by_the_disk

REBUILD_ROWS = 1_000_000
"""Rows re-encrypted at a time: 20 MB of tokens."""

ASSIGNED = declare("vault.numbers_assigned", "new numbers are written, not committed")
COMMITTED = declare("vault.numbers_committed", "new numbers are committed, their caller does not know them yet")
REBUILT = declare("vault.rebuilt", "the new vault file is whole and closed, the old one still in place")
REPLACED = declare("vault.replaced", "the new vault file has taken the old one's place")

Exchange = Callable[[IdentityKind, Tokens], Tokens]


class VaultFile:
    """One open vault database. `facts` are short texts of its owner: format, key id, sealed secret, counts."""

    def __init__(self, path: Path, memory: str) -> None:
        self.path, self._memory = path, memory
        self._held: Lock | None = _take(path)
        try:
            self._engine = _opened(path, memory)
            for leftover in (_beside(path), _beside(path).with_name(_beside(path).name + ".wal")):
                leftover.unlink(missing_ok=True)
            self._prepare(self._engine)
        except BaseException:
            self._let_go()
            raise

    def close(self) -> None:
        self._engine.close()
        self._let_go()

    def _let_go(self) -> None:
        """Once: closed twice, it must not take the file from whoever has it by then."""
        held, self._held = self._held, None
        if held is not None:
            held.release()

    def fact(self, name: str) -> str | None:
        found = self._engine.value("SELECT value FROM fact WHERE name = ?", [name])
        return None if found is None else str(found)

    def set_facts(self, facts: dict[str, str]) -> None:
        """All of them or none."""
        with _transaction(self._engine):
            _write_facts(self._engine, facts)

    def count(self, kind: IdentityKind) -> int:
        return int(self._engine.value(f"SELECT count(*) FROM {quoted(kind)}"))

    def assign(self, kind: IdentityKind, tokens: Tokens) -> pa.Array:
        """The number of each token; unknown ones get the next numbers, in the order given."""
        self._engine.register("incoming", tokens.table())
        try:
            with _transaction(self._engine):
                self._add_unknown(kind)
                reach(ASSIGNED)
            reach(COMMITTED)
            found = self._engine.query(f"SELECT i, number FROM incoming JOIN {quoted(kind)} USING (high, low)")
        finally:
            self._engine.unregister("incoming")
        numbers = np.empty(tokens.high.size, dtype=np.int32)
        numbers[found["i"].to_numpy()] = found["number"].to_numpy()
        return pa.array(numbers)

    def find(self, kind: IdentityKind, tokens: Tokens) -> int | None:
        """The number of the first token."""
        parameters = [int(tokens.high[0]), int(tokens.low[0])]
        found = self._engine.value(f"SELECT number FROM {quoted(kind)} WHERE high = ? AND low = ?", parameters)
        return None if found is None else int(found)

    def read(self, kind: IdentityKind, numbers: list[int]) -> tuple[list[int], Tokens]:
        """Those of the numbers that exist, and their tokens."""
        self._engine.register("asked", pa.table({"number": pa.array(numbers, pa.int32())}))
        try:
            rows = self._engine.query(f"SELECT * FROM {quoted(kind)} WHERE number IN (SELECT number FROM asked) ORDER BY number")
        finally:
            self._engine.unregister("asked")
        return rows["number"].to_pylist(), _tokens(rows)

    def delete(self, kind: IdentityKind, numbers: list[int]) -> None:
        self._engine.register("asked", pa.table({"number": pa.array(numbers, pa.int32())}))
        try:
            self._engine.run(f"DELETE FROM {quoted(kind)} WHERE number IN (SELECT number FROM asked)")
        finally:
            self._engine.unregister("asked")

    def rebuild(self, facts: dict[str, str], change: Exchange | None = None) -> None:
        """Write every row into a new file and put it in this one's place; nothing deleted stays behind in free blocks.

        `change` gives each row's new token. After a crash either file is the vault, whole; the other is swept at the next open.
        """
        new = _beside(self.path)
        engine = _opened(new, self._memory)
        try:
            self._copy(engine, facts, change)
        finally:
            engine.close()
        sync(new)
        reach(REBUILT)
        # The old file must be closed first: its write-ahead log would otherwise be replayed into the new one.
        self._engine.close()
        new.replace(self.path)
        sync(self.path.parent)
        reach(REPLACED)
        self._engine = _opened(self.path, self._memory)

    def _prepare(self, engine: DuckDB) -> None:
        with _transaction(engine):
            engine.run("CREATE TABLE IF NOT EXISTS fact (name VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)")
            engine.run("CREATE TABLE IF NOT EXISTS last_number (kind VARCHAR PRIMARY KEY, number INTEGER NOT NULL)")
            for kind in IdentityKind:
                columns = "number INTEGER NOT NULL, high UBIGINT NOT NULL, low UBIGINT NOT NULL, sealed BLOB"
                engine.run(f"CREATE TABLE IF NOT EXISTS {quoted(kind)} ({columns})")

    def _add_unknown(self, kind: IdentityKind) -> None:
        """Numbers are never used twice, not even after their owner was forgotten: `last_number` only grows."""
        table = quoted(kind)
        held = self._engine.value("SELECT number FROM last_number WHERE kind = ?", [str(kind)])
        last = held or 0
        unknown = f"""
            SELECT min(i) AS first, high, low, any_value(sealed) AS sealed
            FROM incoming ANTI JOIN {table} USING (high, low) GROUP BY high, low"""
        self._engine.run(f"""
            INSERT INTO {table}
            SELECT {int(last)} + row_number() OVER (ORDER BY first), high, low, sealed FROM ({unknown})""")
        newest = self._engine.value(f"SELECT max(number) FROM {table}") or 0
        if held is None:
            self._engine.run("INSERT INTO last_number VALUES (?, ?)", [str(kind), int(newest)])
        elif newest > last:
            self._engine.run("UPDATE last_number SET number = ? WHERE kind = ?", [int(newest), str(kind)])

    def _copy(self, target: DuckDB, facts: dict[str, str], change: Exchange | None) -> None:
        self._prepare(target)
        kept = {row["name"]: row["value"] for row in self._engine.rows("SELECT name, value FROM fact")}
        with _transaction(target):
            _write_facts(target, kept | facts)
            for row in self._engine.rows("SELECT kind, number FROM last_number"):
                target.run("INSERT INTO last_number VALUES (?, ?)", [row["kind"], row["number"]])
            for kind in IdentityKind:
                for batch in self._engine.stream(f"SELECT * FROM {quoted(kind)} ORDER BY number", batch_rows=REBUILD_ROWS):
                    self._copy_batch(target, kind, pa.Table.from_batches([batch]), change)

    @staticmethod
    def _copy_batch(target: DuckDB, kind: IdentityKind, rows: pa.Table, change: Exchange | None) -> None:
        tokens = _tokens(rows)
        columns = (change(kind, tokens) if change else tokens).table().drop_columns(["i"])
        target.register("batch", columns.append_column("number", rows["number"]))
        target.run(f"INSERT INTO {quoted(kind)} SELECT number, high, low, sealed FROM batch")
        target.unregister("batch")


@contextmanager
def _transaction(engine: DuckDB) -> Iterator[None]:
    engine.run("BEGIN")
    try:
        yield
    except BaseException:
        engine.run("ROLLBACK")
        raise
    engine.run("COMMIT")


def _write_facts(engine: DuckDB, facts: dict[str, str]) -> None:
    if facts:
        rows = ", ".join(["(?, ?)"] * len(facts))
        engine.run(f"INSERT OR REPLACE INTO fact VALUES {rows}", [text for fact in facts.items() for text in fact])


def _tokens(rows: pa.Table) -> Tokens:
    high, low = (np.ascontiguousarray(rows[name].to_numpy(), dtype=np.uint64) for name in ("high", "low"))
    return Tokens(high, low, rows["sealed"].to_pylist())


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".new")


_HELD: dict[str, Lock] = {}
"""DuckDB keeps other processes out, not another thread of this one: two would share the file and its log."""


def _take(path: Path) -> Lock:
    # One step for the interpreter: a defaultdict of paths could give two threads a lock each.
    held = _HELD.setdefault(str(path.resolve()), Lock())
    if not held.acquire(blocking=False):
        raise _busy(path)
    return held


def _busy(path: Path) -> RetryableError:
    return RetryableError(
        "XZ-VAULT-02",
        zh=f"身份保险库 {path} 正被另一进程使用。",
        en=f"Another process is using the identity vault {path}.",
        todo_zh="等它结束后再试。",
        todo_en="Try again when it has finished.",
    )


def _opened(path: Path, memory: str) -> DuckDB:
    try:
        engine = DuckDB(path, memory=memory)
        path.chmod(0o600)
        return engine
    except EngineError as error:
        if refused := refused_by_the_disk(error):
            raise refused from error
        if "lock" in str(error).lower():
            raise _busy(path) from error
        raise IntegrityError(
            "XZ-VAULT-01",
            zh=f"{path} 不是完好的身份保险库。",
            en=f"{path} is not a sound identity vault.",
            todo_zh="从备份恢复该文件。",
            todo_en="Restore the file from a backup.",
        ) from error
