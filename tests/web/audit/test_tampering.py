"""Somebody with every right in the database, triggers off, changes what is written. Each way is tried on a real trail."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from tests.web.audit.site import TABLES, TrailSite, write
from xiezhi.kernel import clock
from xiezhi.kernel.errors import IntegrityError
from xiezhi.kernel.hashing import canonical
from xiezhi.web.audit.actions import sealing
from xiezhi.web.audit.chain import COLUMNS, GENESIS, digest_of
from xiezhi.web.audit.faults import FaultKind as F
from xiezhi.web.audit.reading import LINKED

Admin = psycopg.Connection[Any]
EVENTS, BATCH = 24, 6

NEW_VALUES = {
    "at": "at - interval '1 microsecond'",
    "kind": "'test.other'",
    "outcome": "'refused'",
    "user_id": "coalesce(user_id, 0) + 1",
    "post_id": "coalesce(post_id, 0) + 1",
    "before": "NULL",
    "after": "after || ' '",
    "details": """'{"x":1}'""",
}
"""What each column is changed to; the others get a letter more."""


def rewritten(admin: Admin, change: Callable[[list[dict[str, Any]]], None]) -> None:
    """Change the events as `change` does, then compute every link and every batch anew: a chain without a fault."""
    rows = [dict(zip(COLUMNS, row[5:], strict=True)) for row in admin.execute(LINKED, [0, 1 << 60])]
    change(rows)
    admin.execute("TRUNCATE audit_event, audit_link")
    digest = GENESIS
    for seq, event in enumerate(rows, start=1):
        names = ", ".join(COLUMNS)
        places = ", ".join(["%s"] * len(COLUMNS))
        admin.execute(
            f"INSERT INTO audit_event ({names}) OVERRIDING SYSTEM VALUE VALUES ({places})", [event[name] for name in COLUMNS]
        )
        digest, previous = digest_of(digest, event), digest
        batch = (seq - 1) // BATCH + 1
        admin.execute("INSERT INTO audit_link VALUES (%s, %s, %s, %s, %s)", [seq, event["id"], digest, previous, batch])
        admin.execute("UPDATE audit_batch SET root = %s WHERE last_seq = %s", [digest, seq])


def other_reason(rows: list[dict[str, Any]]) -> None:
    rows[9]["why"] = "改"


def one_less(rows: list[dict[str, Any]]) -> None:
    del rows[9]


def one_more(rows: list[dict[str, Any]]) -> None:
    rows.insert(9, {**rows[9], "id": 900})


def other_order(rows: list[dict[str, Any]]) -> None:
    rows[9], rows[10] = rows[10], rows[9]


UNBOUND = (
    "ALTER TABLE audit_link DROP CONSTRAINT IF EXISTS audit_link_in_the_chain",
    "ALTER TABLE audit_event DROP CONSTRAINT IF EXISTS audit_event_in_time",
)
"""Who has every right takes the checks off first."""


def sql(*statements: str) -> Callable[[Admin], None]:
    def tamper(admin: Admin) -> None:
        for statement in (*UNBOUND, *statements):
            admin.execute(statement)

    return tamper


COPY_OF_AN_EVENT = (
    f"INSERT INTO audit_event ({', '.join(COLUMNS)}) OVERRIDING SYSTEM VALUE "
    f"SELECT {', '.join('900' if name == 'id' else name for name in COLUMNS)} FROM audit_event WHERE id = 5"
)
EXCHANGED = """
UPDATE {table} SET {key} = CASE {key} WHEN {a} THEN -1 ELSE {a} END WHERE {key} IN ({a}, {b});
UPDATE {table} SET {key} = {b} WHERE {key} = -1
"""

TAMPERINGS: dict[str, tuple[Callable[[Admin], None], set[F]]] = {
    **{
        f"alter {name}": (
            sql(f"UPDATE audit_event SET {name} = {NEW_VALUES.get(name, name + chr(124) * 2 + repr('x'))} WHERE id = 11"),
            {F.ALTERED},
        )
        for name in COLUMNS
        if name != "id"
    },
    "give an event another number": (sql("UPDATE audit_event SET id = 900 WHERE id = 11"), {F.DELETED, F.INSERTED}),
    "alter every event": (sql("UPDATE audit_event SET username = 'nobody'"), {F.ALTERED}),
    "alter a link": (sql("UPDATE audit_link SET digest = previous WHERE seq = 11"), {F.ALTERED}),
    "delete the first": (sql("DELETE FROM audit_event WHERE id = 1"), {F.DELETED}),
    "delete one in the middle": (sql("DELETE FROM audit_event WHERE id = 11"), {F.DELETED}),
    "delete the last": (sql(f"DELETE FROM audit_event WHERE id = {EVENTS}"), {F.DELETED}),
    "delete a person": (sql("DELETE FROM audit_event WHERE username = 'zhang.san'"), {F.DELETED}),
    "delete with its link": (
        sql("DELETE FROM audit_event WHERE id = 11", "DELETE FROM audit_link WHERE event_id = 11"),
        {F.LINKS_LOST},
    ),
    "delete with its link and close the gap": (
        sql(
            "DELETE FROM audit_event WHERE id = 11",
            "DELETE FROM audit_link WHERE event_id = 11",
            "UPDATE audit_link SET seq = -seq WHERE seq > 11",
            "UPDATE audit_link SET seq = -seq - 1 WHERE seq < 0",
        ),
        {F.REORDERED, F.CUT},
    ),
    "delete a link": (sql("DELETE FROM audit_link WHERE seq = 11"), {F.LINKS_LOST, F.INSERTED}),
    "delete everything": (sql("TRUNCATE audit_event, audit_link, audit_batch"), {F.CUT}),
    "insert past the chain": (sql(COPY_OF_AN_EVENT), {F.INSERTED}),
    "insert with a link before the beginning": (
        sql(COPY_OF_AN_EVENT, "INSERT INTO audit_link SELECT -5, 900, digest, digest, 0 FROM audit_link WHERE seq = 1"),
        {F.INSERTED},
    ),
    "alter a moment into one without end": (sql("UPDATE audit_event SET at = 'infinity' WHERE id = 11"), {F.ALTERED}),
    "alter a moment into one before the common era": (
        sql("UPDATE audit_event SET at = (to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00 BC')::timestamptz"),
        {F.ALTERED},
    ),
    "insert with a link at the end": (
        sql(
            COPY_OF_AN_EVENT,
            f"INSERT INTO audit_link SELECT {EVENTS + 1}, 900, digest, digest, 9 FROM audit_link WHERE seq = {EVENTS}",
        ),
        {F.ALTERED},
    ),
    "exchange two events": (sql(EXCHANGED.format(table="audit_link", key="event_id", a=5, b=17)), {F.REORDERED}),
    "exchange two neighbours": (sql(EXCHANGED.format(table="audit_link", key="event_id", a=5, b=6)), {F.REORDERED}),
    "exchange two links": (sql(EXCHANGED.format(table="audit_link", key="seq", a=5, b=17)), {F.REORDERED}),
    "exchange the numbers of two events": (sql(EXCHANGED.format(table="audit_event", key="id", a=5, b=17)), {F.ALTERED}),
    "cut the last link": (
        sql(f"DELETE FROM audit_link WHERE seq = {EVENTS}", f"DELETE FROM audit_event WHERE id = {EVENTS}"),
        {F.CUT},
    ),
    "cut the last batch": (
        sql(
            "DELETE FROM audit_link WHERE seq > 18",
            "DELETE FROM audit_event WHERE id > 18",
            "DELETE FROM audit_batch WHERE last_seq > 18",
        ),
        {F.CUT},
    ),
    "cut all but one": (sql("DELETE FROM audit_link WHERE seq > 1", "DELETE FROM audit_event WHERE id > 1"), {F.CUT}),
    "rewrite with another reason": (lambda admin: rewritten(admin, other_reason), {F.REWRITTEN}),
    "rewrite with one less": (lambda admin: rewritten(admin, one_less), {F.REWRITTEN}),
    "rewrite with one more": (lambda admin: rewritten(admin, one_more), {F.REWRITTEN}),
    "rewrite in another order": (lambda admin: rewritten(admin, other_order), {F.REWRITTEN}),
}


@pytest.fixture
def sealed(fresh: TrailSite) -> TrailSite:
    fresh.sealed(EVENTS // BATCH, BATCH)
    with psycopg.connect(fresh.url("postgres")) as admin:
        for table in TABLES:
            admin.execute(f"CREATE TABLE kept_{table} AS TABLE {table}")
    return fresh


def put_back(site: TrailSite) -> None:
    with site.superuser() as admin:
        for table in TABLES:
            admin.execute(f"TRUNCATE {table}")
            admin.execute(
                f"INSERT INTO {table} {'OVERRIDING SYSTEM VALUE' if table == 'audit_event' else ''} SELECT * FROM kept_{table}"
            )


def test_every_tampering_is_found_and_named(sealed: TrailSite) -> None:
    missed, misnamed = [], []
    for name, (tamper, expected) in TAMPERINGS.items():
        with sealed.superuser() as admin:
            tamper(admin)
        verdict = sealed.verdict()
        missed += [name] if verdict.sound else []
        misnamed += [] if expected <= verdict.counts.keys() else [(name, set(verdict.counts))]
        put_back(sealed)
        assert sealed.verdict().sound, f"the control after {name!r}"
    print(f"{len(TAMPERINGS)} tamperings as superuser, {len(missed)} missed")
    assert missed == []
    assert misnamed == []
    assert len(TAMPERINGS) >= 30


def test_rewriting_leaves_a_chain_that_only_the_checkpoints_contradict(sealed: TrailSite) -> None:
    with sealed.superuser() as admin:
        rewritten(admin, other_reason)
    assert set(sealed.verdict().counts) == {F.REWRITTEN}


@pytest.mark.parametrize("name", ["cut the last link", "cut the last batch", "rewrite with another reason", "delete everything"])
def test_the_sealer_does_not_sign_over_a_broken_trail(sealed: TrailSite, name: str) -> None:
    with sealed.superuser() as admin:
        TAMPERINGS[name][0](admin)
    before = sealed.checkpoints.read_bytes()
    write()
    with pytest.raises(IntegrityError):
        sealing.seal()
    assert sealed.checkpoints.read_bytes() == before
    assert not sealed.verdict().sound


def test_an_event_removed_before_it_was_sealed(sealed: TrailSite) -> None:
    (event,) = write()
    with sealed.superuser() as admin:
        admin.execute("DELETE FROM audit_event WHERE id = %s", [event.pk])
    assert set(sealed.verdict().counts) == {F.DELETED}
    sealing.seal()
    assert set(sealed.verdict().counts) == {F.DELETED}, "sealing on does not hide it"


def test_an_event_taken_out_of_the_queue(sealed: TrailSite) -> None:
    write()
    with sealed.superuser() as admin:
        admin.execute("DELETE FROM audit_pending")
    sealing.seal()
    assert set(sealed.verdict().counts) == {F.INSERTED}


def cut_file(site: TrailSite) -> None:
    lines = site.checkpoints.read_bytes().splitlines(keepends=True)
    site.checkpoints.write_bytes(b"".join(lines[:-2]))


def other_root(site: TrailSite) -> None:
    lines = site.checkpoints.read_bytes().splitlines()
    lines[-1] = canonical({**json.loads(lines[-1]), "root": "ab" * 32})
    site.checkpoints.write_bytes(b"\n".join(lines) + b"\n")


def other_time(site: TrailSite) -> None:
    lines = site.checkpoints.read_bytes().splitlines()
    lines[-1] = canonical({**json.loads(lines[-1]), "at": "2026-01-01T00:00:00+00:00"})
    site.checkpoints.write_bytes(b"\n".join(lines) + b"\n")


def other_key(site: TrailSite) -> None:
    for name in ("audit.key", "audit.pub"):
        (site.home / "keys" / name).unlink()
    site.checkpoints.rename(site.checkpoints.with_suffix(".away"))
    with pytest.raises(IntegrityError):
        sealing.seal()
    site.checkpoints.with_suffix(".away").rename(site.checkpoints)


def removed(site: TrailSite) -> None:
    site.checkpoints.unlink()


@pytest.mark.parametrize("tamper", [cut_file, other_root, other_time, other_key, removed])
def test_the_file_of_checkpoints_is_guarded_like_the_rest(
    sealed: TrailSite, tamper: Callable[[TrailSite], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut, altered, removed, or signed by a key that somebody made: the sealer stops, and verification says so."""
    tamper(sealed)
    write()
    with pytest.raises(IntegrityError):
        sealing.seal()
    assert (sealed.home / "keys" / "audit.key").exists() is (tamper is not other_key), "no key is made in place of a lost one"
    later = clock.now() + timedelta(hours=1)
    monkeypatch.setenv("XIEZHI_NOW", later.isoformat())
    assert sealed.verdict().counts.keys() & {F.CHECKPOINT_MISSING, F.CHECKPOINT_ALTERED}
