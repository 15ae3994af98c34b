"""A lake from rows: dictionaries over defaults, written by the lake's own writer, one delivery per table and call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.kernel.clock import now
from xiezhi.kernel.hashing import digest
from xiezhi.lake.lake import Lake
from xiezhi.lake.ledger import DeliveryRecord

PROVENANCE = {"_delivery": "INTEGER", "_row": "BIGINT"}

PAYMENT = {
    "payment_id": "VARCHAR",
    "person": "INTEGER",
    "person_grade": "VARCHAR",
    "name": "INTEGER",
    "item": "VARCHAR",
    "benefit_month": "DATE",
    "pay_date": "DATE",
    "amount": "BIGINT",
    "bank_account": "INTEGER",
    "payee_name": "INTEGER",
    "payee_agrees": "VARCHAR",
    "village": "BIGINT",
    "agency": "VARCHAR",
}
ITEM = {"item": "VARCHAR", "title": "VARCHAR", "universal": "BOOLEAN", "min_age": "INTEGER", "monthly_standard": "BIGINT"}
DEATH = {"person": "INTEGER", "name": "INTEGER", "death_date": "DATE", "source": "VARCHAR"}
REGION = {"code": "BIGINT", "region_name": "VARCHAR", "parent": "BIGINT", "valid_from": "DATE", "valid_to": "DATE"}
VISIT = {"person": "INTEGER", "place": "VARCHAR", "day": "DATE", "hours": "DOUBLE", "cost": "BIGINT"}
CLOSED = {"person": "INTEGER", "closed": "DATE"}
TABLES = {"subsidy_payment": PAYMENT, "subsidy_item": ITEM, "death_registry": DEATH, "region": REGION}
TABLES |= {"visits": VISIT, "closures": CLOSED}
TABLES |= {f"{name}__set_aside": columns for name, columns in TABLES.items()}


def build_lake(root: Path, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Lake:
    """A lake holding `tables`; rows are numbered from 2, as under a header."""
    lake = Lake.create(root)
    for table, rows in tables.items():
        deliver(lake, table, rows)
    return lake


def deliver(lake: Lake, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Append one delivery of `rows` to a table."""
    typed = TABLES[table]
    with lake.writing() as writer, DuckDB() as engine:
        number = writer.next_delivery()
        columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in (typed | PROVENANCE).items())
        engine.run(f"CREATE TABLE rows ({columns})")
        marks = ", ".join("?" for _ in typed | PROVENANCE)
        for place, row in enumerate(rows, start=2):
            engine.run(f"INSERT INTO rows VALUES ({marks})", [*(row.get(name) for name in typed), number, place])
        change = writer.change()
        path = change.new_file(table)
        engine.write_parquet("SELECT * FROM rows", path)
        change.append(table, typed | PROVENANCE, path)
        change.commit("test", _record(number, table, rows))


def _record(number: int, table: str, rows: Sequence[Mapping[str, Any]]) -> DeliveryRecord:
    return DeliveryRecord(
        number=number,
        file=f"{table}.csv",
        member=None,
        sheet=None,
        contract=table,
        contract_hash=None,
        sha256=digest([number, table, len(rows)]),
        received_at=now(),
        refused=False,
        receipt={},
    )
