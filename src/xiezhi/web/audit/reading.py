"""The trail as rows, in the spelling that digests cover. All of it needs the right to read the trail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from xiezhi.web.audit.chain import COLUMNS, LinkRow, LooseRow
from xiezhi.web.audit.checkpoints import parsed
from xiezhi.web.database.context import TRAIL, read_context, set_context

AT_ONCE = 5000
"""Rows fetched at a time: the trail may be longer than memory."""

# `at` is the one column whose text depends on who asks: here it is always UTC, with six places. No event has a moment before the
# common era or without end: such a one was altered, and must not be spelled as another (BC) or not at all (infinity).
_AT = (
    "CASE WHEN e.at IS NULL THEN NULL WHEN isfinite(e.at) AND e.at >= '0001-01-01Z'"
    """ THEN to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') ELSE e.at::text END"""
)
_SPELLED = ", ".join(_AT if name == "at" else f"e.{name}" for name in COLUMNS)

LINKED = (
    f"SELECT l.seq, l.event_id, l.digest, l.previous, l.batch, {_SPELLED} "
    "FROM audit_link l LEFT JOIN audit_event e ON e.id = l.event_id WHERE l.seq > %s AND l.seq <= %s ORDER BY l.seq"
)

# One statement, so that an event cannot be sealed between being looked for in the chain and in the queue.
LOOSE = (
    f"SELECT {_SPELLED}, p.event_id IS NOT NULL FROM audit_event e LEFT JOIN audit_link l ON l.event_id = e.id AND l.seq > 0 "
    "LEFT JOIN audit_pending p ON p.event_id = e.id WHERE l.event_id IS NULL ORDER BY e.id"
)

GONE = (
    "SELECT p.event_id FROM audit_pending p LEFT JOIN audit_event e ON e.id = p.event_id WHERE e.id IS NULL ORDER BY p.event_id"
)

WAITING = f"SELECT {_SPELLED} FROM audit_event e JOIN audit_pending p ON p.event_id = e.id ORDER BY e.id LIMIT %s"


@contextmanager
def reading_the_trail() -> Iterator[None]:
    """A transaction that may read the trail and nothing else. Inside another, that one's context is put back afterwards."""
    outer = connection.in_atomic_block
    with transaction.atomic():
        before = read_context(connection) if outer else None
        set_context(connection, {TRAIL: "read"})
        yield
        if before is not None:
            set_context(connection, before)


def size() -> int:
    """How many links there are."""
    return int(_one("SELECT coalesce(max(seq), 0) FROM audit_link"))


def size_signed(lines: Sequence[bytes]) -> int:
    """How many links the last checkpoint of a file says there are; 0 where it says nothing."""
    last = parsed(lines[-1]) if lines else None
    return last.size if last else 0


def links(after: int, up_to: int) -> Iterator[LinkRow]:
    """Links `after` … `up_to` in their order, each with its event, in one snapshot."""
    for seq, event_id, digest, previous, batch, *values in _streamed(LINKED, [after, up_to]):
        event = None if values[0] is None else dict(zip(COLUMNS, values, strict=True))
        yield LinkRow(seq, event_id, bytes(digest), bytes(previous), batch, event)


def loose() -> Iterator[LooseRow]:
    """Events without a link."""
    for *values, pending in _streamed(LOOSE, []):
        yield LooseRow(dict(zip(COLUMNS, values, strict=True)), pending)


def gone_from_queue() -> list[int]:
    """Events that stand in the sealer's queue and nowhere else: removed before they were sealed."""
    with connection.cursor() as cursor:
        cursor.execute(GONE)
        return [row[0] for row in cursor.fetchall()]


def waiting(limit: int) -> list[Mapping[str, Any]]:
    """The oldest events of the queue."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [limit])
        return [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]


def oldest_waiting() -> datetime | None:
    """When the event was written that waits longest to be sealed; None where none waits."""
    found: datetime | None = _one("SELECT min(e.at) FROM audit_event e JOIN audit_pending p ON p.event_id = e.id")
    return found


def _streamed(query: str, values: list[Any]) -> Iterator[Any]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, values)
        while rows := cursor.fetchmany(AT_ONCE):
            yield from rows


def _one(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]
