"""A small lake and rows to put into it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from xiezhi.engines.duckdb_engine import DuckDB, scan_sql
from xiezhi.lake.lake import Lake
from xiezhi.lake.ledger import DeliveryRecord
from xiezhi.lake.snapshot import Snapshot

COLUMNS = {"person": "INTEGER", "amount": "BIGINT", "item": "VARCHAR", "_delivery": "INTEGER", "_row": "BIGINT"}


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with Lake.create(tmp_path / "lake", "测试") as made:
        yield made


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    with DuckDB(memory="256MB") as made:
        yield made


def record(number: int, contract: str = "payment", name: str = "a.csv") -> DeliveryRecord:
    return DeliveryRecord(number, name, None, None, contract, "c0", f"{number:064d}", datetime.now(UTC), False, {"n": number})


def deliver(lake: Lake, engine: DuckDB, tables: dict[str, list[tuple[int, int]]]) -> int:
    """Put (person, amount) rows into tables as one delivery; returns the state."""
    with lake.writing() as writer:
        number = writer.next_delivery()
        change = writer.change()
        for table, rows in tables.items():
            path = change.new_file(table)
            values = ", ".join(f"({person}, {amount}, 'A', {number}, {row})" for row, (person, amount) in enumerate(rows, 2))
            engine.write_parquet(
                f"SELECT person::INTEGER AS person, amount::BIGINT AS amount, item, _delivery::INTEGER AS _delivery,"
                f" _row::BIGINT AS _row FROM (VALUES {values}) AS v(person, amount, item, _delivery, _row)",
                path,
            )
            change.append(table, COLUMNS, path)
        return change.commit(f"delivery {number}", record(number))


def held(engine: DuckDB, snapshot: Snapshot, table: str = "payment") -> list[tuple[int, int]]:
    """(person, amount) of a table in a snapshot, in order."""
    if table not in snapshot.tables:
        return []
    rows = engine.rows(f"SELECT person, amount FROM ({scan_sql(snapshot.tables[table])}) ORDER BY ALL")
    return [(row["person"], row["amount"]) for row in rows]
