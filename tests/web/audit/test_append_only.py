"""Nobody changes or removes what is written: not the application, not the owner of the tables, not even a hasty superuser."""

from __future__ import annotations

from itertools import product

import psycopg
import pytest
from psycopg import sql

from tests.web.audit.site import TrailSite
from xiezhi.web.database import roles
from xiezhi.web.database.context import set_context

TRAIL = ("audit_event", "audit_link", "audit_batch")
FIRST = {"audit_event": "id", "audit_link": "seq", "audit_batch": "number"}
ATTEMPTS = (
    "UPDATE {table} SET {first} = {first}",
    "UPDATE {table} SET {first} = {first} WHERE {first} = 1",
    "DELETE FROM {table}",
    "DELETE FROM {table} WHERE {first} = 1",
    "TRUNCATE {table}",
    "TRUNCATE {table} CASCADE",
    "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({first}) DO UPDATE SET {first} = excluded.{first}",
    "MERGE INTO {table} a USING {table} b ON a.{first} = b.{first} WHEN MATCHED THEN DELETE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    "DROP TABLE {table}",
    "SET session_replication_role = replica",
)
CONTEXTS: tuple[dict[str, str], ...] = (
    {},
    {"xiezhi.trail": "read"},
    {"xiezhi.system": "yes"},
    {"xiezhi.trail": "read", "xiezhi.system": "yes"},
)


@pytest.fixture
def sealed(fresh: TrailSite) -> TrailSite:
    fresh.sealed(2, 3)
    return fresh


def state(site: TrailSite) -> list[object]:
    return [site.rows(f"SELECT * FROM {table} ORDER BY 1") for table in TRAIL]


def test_the_application_changes_nothing(sealed: TrailSite) -> None:
    before, succeeded, tried = state(sealed), [], 0
    for table, attempt, context in product(TRAIL, ATTEMPTS, CONTEXTS):
        statement = sql.SQL(attempt).format(table=sql.Identifier(table), first=sql.Identifier(FIRST[table]))
        tried += 1
        try:
            with psycopg.connect(sealed.url(roles.APP)) as connection:
                set_context(connection, context)
                connection.execute(statement)
                succeeded.append((table, attempt, context))
        except psycopg.errors.InsufficientPrivilege:
            continue
    print(f"{tried} attempts as {roles.APP}, {len(succeeded)} succeeded")
    assert succeeded == []
    assert state(sealed) == before


def refused(site: TrailSite, role: str, *statements: sql.Composable) -> bool:
    try:
        with psycopg.connect(site.url(role)) as connection:
            for statement in statements:
                connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return True
    return False


@pytest.mark.parametrize("role", [roles.OWNER, "postgres"])
def test_triggers_bind_owner_and_superuser(sealed: TrailSite, role: str) -> None:
    before, reading = state(sealed), sql.SQL("SET LOCAL xiezhi.trail = 'read'")
    for table, attempt in product(TRAIL, ATTEMPTS[:6]):
        statement = sql.SQL(attempt).format(table=sql.Identifier(table), first=sql.Identifier(FIRST[table]))
        assert refused(sealed, role, reading, statement), (table, attempt)
    assert state(sealed) == before


def test_replication_does_not_switch_the_triggers_off(sealed: TrailSite) -> None:
    replica = sql.SQL("SET LOCAL session_replication_role = replica")
    assert refused(sealed, "postgres", replica, sql.SQL("DELETE FROM audit_event"))


def test_the_application_may_still_write_and_seal(sealed: TrailSite) -> None:
    sealed.sealed(1, 2)
    assert sealed.verdict().links == 8


def test_the_application_hides_nothing_from_the_sealer(sealed: TrailSite) -> None:
    """A link before the beginning took an event out of the queue for ever, and a moment without end broke every verification."""
    moments = (
        "INSERT INTO audit_event OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(e, jsonb_build_object('id', 900, 'at', '{at}'))).*"
        " FROM audit_event e WHERE id = 1"
    )
    link = "INSERT INTO audit_link SELECT {seq}, 900, digest, digest, 0 FROM audit_link WHERE seq = 1"
    tried = [link.format(seq=seq) for seq in (0, -1, -5)]
    tried += [moments.format(at=at) for at in ("infinity", "-infinity", "1999-12-31T00:00:00Z", "0001-01-01 BC")]
    with psycopg.connect(sealed.url(), autocommit=True) as app:
        for statement in tried:
            with app.transaction(force_rollback=True):
                set_context(app, {"xiezhi.trail": "read", "xiezhi.system": "yes"})
                with pytest.raises(psycopg.errors.CheckViolation):
                    app.execute(statement)
