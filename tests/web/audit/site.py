"""What the tests of the trail do to a site: write, seal, verify, and tamper as a superuser who has switched the triggers off."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections, transaction

from xiezhi.web.audit.actions import sealing
from xiezhi.web.audit.kinds import EventKind, declare, known, known_object, name_object
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.audit.online import verify_site
from xiezhi.web.audit.record import System, record
from xiezhi.web.audit.verify import Verdict
from xiezhi.web.database import roles
from xiezhi.web.database.embedded import Embedded

TESTED: EventKind = known("test.changed") or declare("test.changed", zh="改动", en="Changed", fields={"shade": ("色调", "Shade")})
for kind, zh in (("thing", "东西"), ("other", "别的"), ("paged", "翻页")):
    if known_object(kind) is None:
        name_object(kind, zh=zh, en=kind)
SOMEBODY = System(username="zhang.san", display_name="张三", role="supervising_officer", unit_name="第一监督检查室")

TRIGGERS = """
SELECT c.relname, t.tgname, t.tgenabled = 'A' FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND c.relname = ANY (%s)
"""
TABLES = ("audit_event", "audit_link", "audit_batch", "audit_pending")


def write(number: int = 1, *, start: int = 1) -> list[AuditEvent]:
    """Events in one transaction, as an action writes them."""
    with transaction.atomic():
        return [
            record(TESTED, by=SOMEBODY, on=f"thing:{n}", why="核实", before={"state": "raised"}, after={"state": "done", "n": n})
            for n in range(start, start + number)
        ]


@dataclass(frozen=True)
class TrailSite:
    server: Embedded
    database: str
    home: Path

    def url(self, role: str = roles.APP) -> str:
        return self.server.url(role, self.database)

    @contextmanager
    def superuser(self) -> Iterator[psycopg.Connection[Any]]:
        """With every trigger off, as somebody who means to leave no trace."""
        with psycopg.connect(self.url("postgres")) as connection:
            triggers = connection.execute(TRIGGERS, [list(TABLES)]).fetchall()
            for table, name, _always in triggers:
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
            yield connection
            for table, name, always in triggers:
                connection.execute(f"ALTER TABLE {table} ENABLE {'ALWAYS' if always else ''} TRIGGER {name}")

    def empty(self) -> None:
        """Whatever other tests committed or numbered before."""
        with self.superuser() as admin:
            admin.execute(f"TRUNCATE {', '.join(TABLES)}")
            admin.execute("ALTER SEQUENCE audit_event_id_seq RESTART")

    def rows(self, query: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.url("postgres")) as connection:
            return connection.execute(query, values).fetchall()

    def sealed(self, batches: int, each: int) -> None:
        for batch in range(batches):
            write(each, start=batch * each + 1)
            sealing.seal()

    def verdict(self, **options: Any) -> Verdict:
        connections["default"].close()
        return verify_site(**options)

    @property
    def checkpoints(self) -> Path:
        return self.home / "checkpoints" / "checkpoints.jsonl"

    def keep(self) -> Path:
        """A copy of key and checkpoints, as an auditor has it elsewhere."""
        elsewhere = self.home.parent / "elsewhere"
        for name in ("keys", "checkpoints"):
            shutil.copytree(self.home / name, elsewhere / name, dirs_exist_ok=True)
        return elsewhere
