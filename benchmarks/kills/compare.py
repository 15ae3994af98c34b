"""What a site holds, in a form that does not depend on how often anything died; and what may not be there at all."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from xiezhi.engines.duckdb_engine import DuckDB, quoted
from xiezhi.lake.lake import Lake
from xiezhi.web.database import embedded

DELIVERIES = """
SELECT file, member, sheet, contract, fate, delivered, accepted, repaired, set_aside, duplicate, period_from, period_to
FROM deliveries_delivery ORDER BY number
"""
UPLOADS = "SELECT DISTINCT name, sha256, state FROM deliveries_upload ORDER BY name"
ALERTS = """
SELECT fingerprint, rule, version, variant, level, amount, hit_state, unit_path, subject_key, seal
FROM alerts_alert WHERE hit_state <> 'gone' ORDER BY fingerprint
"""

NEVER = {
    "jobs not over": "SELECT kind, state, attempts FROM jobs_job WHERE state IN ('waiting', 'doing')",
    "leases left": "SELECT kind, lease_owner FROM jobs_job WHERE lease_token IS NOT NULL",
    "jobs failed before the third attempt": """
        SELECT kind, failure_en, reference FROM jobs_job WHERE state = 'failed' AND attempts < 3""",
    "jobs that ended other than once in the trail": """
        SELECT job.kind, job.state, count(event.id) FROM jobs_job AS job LEFT JOIN audit_event AS event
          ON event.on_id = job.id::text AND event.kind IN ('job.finished', 'job.failed', 'job.cancelled')
        GROUP BY job.id HAVING count(event.id) <> 1""",
    "jobs that began other than once in the trail": """
        SELECT job.kind, count(event.id) FROM jobs_job AS job LEFT JOIN audit_event AS event
          ON event.on_id = job.id::text AND event.kind = 'job.started'
        GROUP BY job.id HAVING count(event.id) <> 1""",
    "entries left in the queue": """
        SELECT entry.status, entry.task_name FROM procrastinate_jobs AS entry
        WHERE entry.status IN ('todo', 'doing') AND entry.task_name = 'xiezhi.do'
          AND NOT EXISTS (SELECT FROM jobs_job WHERE jobs_job.id::text = entry.args ->> 'job_id' AND state = 'waiting')""",
    "uploads not over": "SELECT name, state FROM deliveries_upload WHERE state NOT IN ('received', 'refused')",
    "uploads told of other than once": """
        SELECT upload.name, count(event.id) FROM deliveries_upload AS upload LEFT JOIN audit_event AS event
          ON event.on_id = upload.id::text AND event.kind IN ('delivery.received', 'delivery.refused')
        GROUP BY upload.id HAVING count(event.id) <> 1""",
    "files whose rows came in twice": """
        SELECT file, count(*) FROM deliveries_delivery WHERE accepted + repaired > duplicate
        GROUP BY file, member, sheet, sha256 HAVING count(*) > 1""",
    "alerts doubled": "SELECT fingerprint, count(*) FROM alerts_alert GROUP BY fingerprint HAVING count(*) > 1",
    "numbers doubled": "SELECT number, count(*) FROM alerts_alert GROUP BY number HAVING count(*) > 1",
    "numbers without an alert": """
        SELECT counter.year, counter.last, count(alert.id) FROM alerts_counter AS counter
          LEFT JOIN alerts_alert AS alert ON alert.number LIKE counter.year || '-%' GROUP BY counter.year, counter.last
        HAVING count(alert.id) <> counter.last""",
    "events without their link or place in the queue": """
        SELECT count(*) FROM audit_event AS event WHERE NOT EXISTS (SELECT FROM audit_link WHERE event_id = event.id)
          AND NOT EXISTS (SELECT FROM audit_pending WHERE event_id = event.id) HAVING count(*) > 0""",
    "notices doubled": """
        SELECT user_id, key, count(*) FROM notices_notice WHERE key <> '' GROUP BY user_id, key HAVING count(*) > 1""",
}


@dataclass
class Held:
    """What one site holds. Two that did the same hold the same."""

    tables: dict[str, tuple[int, str]] = field(default_factory=dict)
    deliveries: list[str] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return {
            "tables": len(self.tables),
            "rows": sum(rows for rows, _ in self.tables.values()),
            "deliveries": len(self.deliveries),
            "files": len(self.uploads),
            "alerts": len(self.alerts),
        }

    def differences(self, other: Held) -> Iterator[str]:
        for name in ("deliveries", "uploads", "alerts"):
            mine, others = Counter(getattr(self, name)), Counter(getattr(other, name))
            yield from (f"{name}: lost {one}" for one in sorted((others - mine).elements()))
            yield from (f"{name}: more than in the quiet run {one}" for one in sorted((mine - others).elements()))
        for table in sorted(self.tables.keys() | other.tables.keys()):
            if self.tables.get(table) != other.tables.get(table):
                yield f"table {table}: {self.tables.get(table)}, quiet {other.tables.get(table)}"


def held(home: Path) -> Held:
    """Its PostgreSQL must be running."""
    with _asking(home) as connection:
        found = Held(tables=_tables(home / "lake"))
        for name, query in (("deliveries", DELIVERIES), ("uploads", UPLOADS), ("alerts", ALERTS)):
            setattr(found, name, [json.dumps(row, default=str, ensure_ascii=False) for row in connection.execute(query)])
    return found


def _tables(lake: Path) -> dict[str, tuple[int, str]]:
    """Table → rows, and a hash over their values in whatever order they lie."""
    counted = {}
    with Lake.open(lake) as opened, DuckDB() as engine:
        for name, table in opened.snapshot(None).tables.items():
            files = [str(file) for file in table.files]
            if files:
                columns = [row["column_name"] for row in engine.rows("DESCRIBE SELECT * FROM read_parquet(?)", [files])]
                values = ", ".join(quoted(column) for column in columns if not column.startswith("_"))
                query = f"SELECT count(*) AS rows, sum(hash(({values}))::HUGEINT) AS sum FROM read_parquet(?)"
                row = engine.rows(query, [files])[0]
                counted[name] = (int(row["rows"]), hashlib.sha256(str(row["sum"]).encode()).hexdigest()[:12])
    return counted


def problems(home: Path) -> list[str]:
    """What may not be there, however often anything died."""
    found = []
    with _asking(home) as connection:
        for name, query in NEVER.items():
            rows = connection.execute(query).fetchall()
            if rows:
                found.append(f"{name}: {rows[:5]}")
        ledger = _ledger(home / "lake")
        mirrored = {row[0] for row in connection.execute("SELECT number FROM deliveries_delivery")}
        if ledger != mirrored:
            found.append(f"deliveries in the lake and not in the table, or the other way: {sorted(ledger ^ mirrored)}")
    return found + list(_files(home))


def _ledger(lake: Path) -> set[int]:
    with Lake.open(lake) as opened:
        return {one.number for one in opened.deliveries()}


def _files(home: Path) -> Iterator[str]:
    """Half files, and files that nothing names."""
    with Lake.open(home / "lake") as lake:
        altered = lake.altered(lake.snapshot(None))
        if altered:
            yield f"altered in the lake: {altered[:3]}"
        with lake.writing():
            pass  # Whoever writes next mends what a crash left; so has this.
        known = {row["path"] for row in lake.ledger.rows("SELECT path FROM files WHERE erased_by IS NULL")}
        there = {lake.paths.relative(path) for path in lake.paths.tables.glob("*/data/*")}
        if known != there:
            yield f"files without an entry, or entries without a file: {sorted(known ^ there)[:5]}"
        # Named for its process: one that lives keeps its folder until it ends.
        scratch = [path.name for path in lake.paths.scratch.iterdir() if not psutil.pid_exists(int(path.name.rpartition("-")[2]))]
        if scratch:
            yield f"scratch left: {scratch}"
    for pattern in ("uploads/*/*", "exports/*.part", "lake/runs/*/.*", "checkpoints/*.new", ".backup-*"):
        left = sorted(str(path.relative_to(home)) for path in home.glob(pattern))
        if left:
            yield f"left behind: {left[:5]}"


def _asking(home: Path) -> psycopg.Connection[Any]:
    return psycopg.connect(embedded.url(home / "postgres", embedded.ADMIN, "xiezhi"))
