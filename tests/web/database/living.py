"""A data folder and a database that live: deliveries received, people at work, a trail with checkpoints."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.core.intake.receiving import payment, write_csv
from tests.web.database.site import Site
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.deliveries import receive_delivery
from xiezhi.operations.runs import run_rules
from xiezhi.web.database import roles
from xiezhi.web.database.rls import ScopedTable, TrailTable

PASSPHRASE = "correct horse battery"

CONFIG = CoreConfig(memory="256MB", threads=1)

TABLES = (
    """CREATE TABLE alert (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), unit_path text COLLATE "C" NOT NULL, found jsonb,
       amount numeric(14,2), ratio double precision, made timestamptz DEFAULT now(), words tsvector, seal bytea, lines text[])""",
    "CREATE TABLE event (id bigint PRIMARY KEY, what text NOT NULL)",
    "CREATE TABLE delivery (id bigserial PRIMARY KEY, number int NOT NULL UNIQUE)",
    "ALTER TABLE delivery ADD state varchar(8) DEFAULT 'held' CHECK (state IN ('held', 'refused'))",
    "CREATE INDEX delivery_held ON delivery (number) WHERE state IN ('held', 'refused')",
    "CREATE VIEW own_alert WITH (security_invoker = true) AS SELECT * FROM alert",
)


@dataclass
class Living:
    home: Path
    site: Site
    events: int = 0
    deliveries: int = 0

    @property
    def admin_url(self) -> str:
        return self.site.url("postgres")

    @property
    def lake(self) -> Path:
        return self.home / "lake"

    def begin(self) -> None:
        self.home.mkdir()
        self.site.owner(*TABLES)
        self.site.migrate(ScopedTable("alert", line=None, cadre=None, label=None, subject=None), TrailTable("event"))
        for folder in ("keys", "uploads/one", "checkpoints", "exports", "postgres"):
            (self.home / folder).mkdir(parents=True)
        (self.home / "keys" / "audit.key").write_bytes(b"AUDIT" + secrets.token_bytes(32))
        (self.home / "uploads" / "one" / "支付.csv").write_text("内容\n", "utf-8")
        (self.home / "exports" / "list.xlsx").write_bytes(b"may be made again")

    def receive(self) -> None:
        """One delivery, and then the row that speaks of it; the rows of a run would speak of hits likewise."""
        inbox = self.home.parent / "inbox"
        inbox.mkdir(exist_ok=True)
        first = self.deliveries * 20
        path = write_csv(inbox / f"{self.deliveries}.csv", [payment(first + n) for n in range(20)])
        number = receive_delivery(CONFIG, [path], self.lake)[0].delivery
        with self.site.connect() as connection:
            connection.execute("INSERT INTO delivery (number) VALUES (%s)", [number])
        self.deliveries += 1

    def run(self) -> None:
        run_rules(CONFIG, self.lake, codes=["SUB-001"])

    def work(self) -> None:
        """An alert, its event in the same transaction, and then a checkpoint over the events."""
        self.events += 1
        with self.site.acting(system="yes") as connection:
            connection.execute(
                "INSERT INTO alert (unit_path, found, amount, ratio, words, seal, lines) VALUES ('0001.', %s, 12.30, 0.1,"
                " to_tsvector('simple', '预警 一'), %s, '{a,b}')",
                [json.dumps({"n": self.events, "话": "“引号”"}), secrets.token_bytes(8)],
            )
            connection.execute("INSERT INTO event VALUES (%s, 'made')", [self.events])
        with (self.home / "checkpoints" / "checkpoints.jsonl").open("a") as handle:
            handle.write(json.dumps({"events": self.events}) + "\n")


def contradictions(home: Path, admin_url: str) -> list[str]:
    """What the parts of a restored site say against each other."""
    with psycopg.connect(admin_url) as connection:
        told = {row[0] for row in connection.execute("SELECT number FROM delivery")}
        events = connection.execute("SELECT count(*), coalesce(max(id), 0) FROM event").fetchone()
        alerts = connection.execute("SELECT count(*) FROM alert").fetchone()
    with Lake.open(home / "lake") as lake:
        held = {delivery.number for delivery in lake.deliveries()}
        altered = lake.altered(lake.snapshot())
        with lake.writing() as writer:
            catalogued = {path for name in writer.catalogue.tables() for path in writer.catalogue.files(name)}
    lines = (home / "checkpoints" / "checkpoints.jsonl").read_text().splitlines()
    checkpointed = json.loads(lines[-1])["events"] if lines else 0
    assert events is not None
    assert alerts is not None
    found = {
        f"deliveries told of that the lake has not: {told - held}": bool(told - held),
        f"altered: {altered}": bool(altered),
        "files the catalogue names are missing": not all(path.exists() for path in catalogued),
        f"checkpoint {checkpointed} is newer than the trail {events}": checkpointed > events[1],
        f"alerts {alerts}, events {events}": not alerts[0] == events[0] == events[1],
    }
    return [name for name, wrong in found.items() if wrong]


def application_reads(site: Site) -> int:
    with site.acting(roles.APP, paths=["0001."]) as connection:
        row = connection.execute("SELECT count(*) FROM own_alert").fetchone()
    assert row is not None
    return int(row[0])


def left_behind(home: Path) -> list[str]:
    return [path.name for path in home.iterdir() if path.name.startswith(".") and path.name != ".backup.lock"]


class Watching:
    """Progress that remembers, and may stop at a stage."""

    def __init__(self, stop_at: str = "") -> None:
        self.stages: list[str] = []
        self._stop_at = stop_at

    def step(self, stage: str, done: int, total: int, note: str = "") -> None:
        self.stages.append(stage)

    def cancelled(self) -> bool:
        return bool(self._stop_at) and self._stop_at in self.stages
