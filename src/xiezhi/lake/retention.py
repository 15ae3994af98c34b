"""What may be forgotten: a delivery, a person, what outlived its retention. Real erasure, with a certificate.

Rows leave the current files by rewriting those; every older file that still holds them is deleted, and with it the
past states that read it. The certificate says what, why, by whom, when, and the hashes before and after, never a value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xiezhi.engines.duckdb_engine import DuckDB, file_literal, quoted
from xiezhi.kernel.clock import now
from xiezhi.kernel.durable import write_durably
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.faultpoints import declare, reach
from xiezhi.lake.lake import Lake
from xiezhi.lake.ledger import Certificate
from xiezhi.lake.snapshot import FileRecord
from xiezhi.lake.writer import Writer, rows_by_file

ERASURE_COMMITTED = declare("lake.erasure_committed", "rows are erased by the ledger, their bytes still lie on the disk")


@dataclass(frozen=True)
class Erasure:
    """Who asked for an erasure, and why. Both go on the certificate."""

    by: str
    purpose: str


@dataclass(frozen=True)
class _Target:
    """Rows of one table (`where` over alias `t`)."""

    table: str
    where: str


def erase_delivery(lake: Lake, writer: Writer, engine: DuckDB, number: int, order: Erasure) -> dict[str, object]:
    """Erase every row a delivery brought, its sealed original and its returned rows. Returns the certificate.

    The original stays where another delivery that is still held came from the same file.
    """
    delivery = lake.delivery(number)
    if delivery.erased_by is not None:
        raise UserError(
            "XZ-LAKE-08",
            zh=f"第 {number} 号交付已按第 {delivery.erased_by} 号证明销毁。",
            en=f"Delivery {number} was erased before, under certificate {delivery.erased_by}.",
        )
    targets = [_Target(table, f"t._delivery = {number}") for table in lake.ledger.iceberg_snapshots()]
    return _erase(lake, writer, engine, targets, order, {"delivery": number}, deliveries=[number], whole=True)


def erase_person(
    lake: Lake, writer: Writer, engine: DuckDB, columns: Mapping[str, Sequence[str]], number: int, order: Erasure
) -> dict[str, object]:
    """Erase every row that names a person, and the originals and returned rows of the deliveries they came with.

    `columns`: table → its person columns. The identity vault's entry is the caller's to destroy.
    """
    targets = [
        _Target(table, " OR ".join(f"t.{quoted(name)} = {number}" for name in names))
        for table, names in columns.items()
        if names and lake.ledger.columns(table)
    ]
    deliveries = _with_their_files(lake, _deliveries_of(lake, engine, targets))
    return _erase(lake, writer, engine, targets, order, {"person": number}, deliveries=deliveries, whole=False)


def expire(lake: Lake, writer: Writer, engine: DuckDB, limits: Mapping[str, int], order: Erasure) -> list[dict[str, object]]:
    """Erase every delivery older than its contract's retention. `limits`: contract → months. Returns the certificates."""
    certificates = []
    today = now()
    for delivery in lake.deliveries():
        months = limits.get(delivery.contract or "")
        if months is None or delivery.erased_by is not None or delivery.refused:
            continue
        received = delivery.received_at
        age = (today.year - received.year) * 12 + today.month - received.month - (today.day < received.day)
        if age >= months:
            certificates.append(erase_delivery(lake, writer, engine, delivery.number, order))
    return certificates


def _deliveries_of(lake: Lake, engine: DuckDB, targets: list[_Target]) -> list[int]:
    found: set[int] = set()
    for target in targets:
        for file in _kept_files(lake, target.table):
            path = file_literal(lake.paths.root / file.path)
            found.update(
                row["_delivery"]
                for row in engine.rows(f"SELECT DISTINCT _delivery FROM read_parquet({path}) AS t WHERE {target.where}")
            )
    return sorted(found)


def _with_their_files(lake: Lake, numbers: list[int]) -> list[int]:
    """These deliveries and the other sheets of the same delivered files: they share one sealed original."""
    everything = lake.deliveries()
    files = {delivery.sha256 for delivery in everything if delivery.number in numbers}
    return [delivery.number for delivery in everything if delivery.sha256 in files]


def _kept_files(lake: Lake, table: str) -> list[FileRecord]:
    """Every file of a table whose bytes are there, past ones too."""
    return list(lake.ledger.files("table_name = ? AND erased_by IS NULL", table))


def _erase(
    lake: Lake,
    writer: Writer,
    engine: DuckDB,
    targets: list[_Target],
    order: Erasure,
    subject: dict[str, int],
    *,
    deliveries: list[int],
    whole: bool,
) -> dict[str, object]:
    held = {
        target.table: rows_by_file(engine, lake.paths.root, _kept_files(lake, target.table), target.where) for target in targets
    }
    held = {table: files for table, files in held.items() if files}
    doomed = [file for files in held.values() for file, _ in files]
    change = writer.change()
    gone = {target.table: change.delete_rows(engine, target.table, target.where) for target in targets if target.table in held}
    number = lake.ledger.next_certificate()
    certificate: dict[str, object] = {
        "certificate": number,
        "erased": subject,
        "purpose": order.purpose,
        "by": order.by,
        "at": now().isoformat(),
        "rows": gone,
        "deliveries": deliveries,
        "files_destroyed": [{"path": file.path, "sha256": file.sha256} for file in doomed],
        "files_written": [{"path": file.path, "sha256": file.sha256} for file in change.added_files()],
    }
    text = json.dumps(certificate, ensure_ascii=False, indent=2)
    write_durably(lake.paths.certificate(number), text.encode())
    erased = tuple(deliveries)
    change.commit_erasure(Certificate(number, text, erased if whole else (), erased), doomed)
    reach(ERASURE_COMMITTED)
    writer.recover()
    return certificate
