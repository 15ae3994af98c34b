"""The one way into the trail. An event is written in the transaction of the change it tells of: both are there, or neither."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model
from django.utils.functional import Promise

from xiezhi.kernel import clock
from xiezhi.kernel.hashing import canonical
from xiezhi.web.audit.context import Facts, present
from xiezhi.web.audit.identities import refuse_identities, without_identities
from xiezhi.web.audit.kinds import EventKind, known, known_object
from xiezhi.web.audit.models import AuditEvent, EventOutcome


class Actor(Protocol):
    """Who acts, in which post: a Viewer, or whoever has these. A `display_name` is taken too where there is one."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def username(self) -> str: ...
    @property
    def post_id(self) -> int | None: ...
    @property
    def role(self) -> Any: ...
    @property
    def unit_name(self) -> str: ...


@dataclass(frozen=True)
class System:
    """The platform itself, where no person acts: a job, a command."""

    username: str
    user_id: None = None
    post_id: None = None
    role: str = "system"
    unit_name: str = ""
    display_name: str = ""


@dataclass(frozen=True)
class Target:
    """What was acted on, as plain values."""

    kind: str
    id: str
    label: str
    unit_path: str = ""


def record(
    kind: EventKind,
    /,
    *,
    by: Actor,
    on: Model | Target | str,
    why: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    outcome: EventOutcome | str = EventOutcome.DONE,
    **details: Any,
) -> AuditEvent:
    """Write one event. `on`: a saved object, a Target, "kind:id" for what has no row ("rule:XZ-BID-012"), a kind alone where all
    of it is meant ("lake"), or a path ("/alerts/").

    Raises RuntimeError outside a transaction, where the change and its event could part; ValueError for a kind of event or of
    object that no app declared; UserError where a value holds a citizen id or a bank account number.
    """
    if not _in_transaction():
        raise RuntimeError(
            "an event is recorded in the transaction of the change it tells of; open transaction.atomic() around both"
        )
    if known(kind.code) is not kind:
        raise ValueError(f"the kind of event {kind.code!r} was not declared")
    facts = present()
    told = {
        name: value
        for name, value in {"purpose": facts.purpose, "case": facts.case, **details}.items()
        if value not in ("", None)
    }
    parts = {"before": _plain(before), "after": _plain(after), "details": _plain(told)}
    target = _target(on)
    refuse_identities(why=why, on=[target.id, target.label], **parts)
    event = _event(kind, by, target, why, EventOutcome(outcome), facts, parts)
    event.pk = _insert(event)
    event._state.adding, event._state.db = False, connection.alias
    return event


def record_apart(kind: EventKind, /, *, by: Actor, on: Model | Target | str, why: str = "", **details: Any) -> AuditEvent:
    """Write an event of something refused, in a transaction of its own, after the refused one was rolled back.

    Raises RuntimeError inside a transaction: the event would share its fate.
    """
    with transaction.atomic(durable=True):
        return record(kind, by=by, on=on, why=why, outcome=EventOutcome.REFUSED, **details)


def _in_transaction() -> bool:
    """Inside an atomic block that is the program's own: the one a test case wraps around everything does not count."""
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


def _event(
    kind: EventKind, by: Actor, target: Target, why: str, outcome: EventOutcome, facts: Facts, parts: Mapping[str, Any]
) -> AuditEvent:
    return AuditEvent(
        at=clock.now(),
        kind=kind.code,
        outcome=outcome.value,
        user_id=by.user_id,
        username=by.username[:150],
        display_name=(getattr(by, "display_name", "") or by.username)[:150],
        post_id=by.post_id,
        role=str(getattr(by.role, "value", by.role) or "")[:40],
        unit_name=(by.unit_name or "")[:200],
        on_kind=target.kind,
        on_id=target.id[:200],
        on_label=target.label[:300],
        unit_path=target.unit_path,
        why=why,
        ip=facts.ip,
        request_id=facts.request_id,
        **parts,
    )


_FIELDS = [field for field in AuditEvent._meta.concrete_fields if not field.primary_key]
# RETURNING names no column of the table: then PostgreSQL asks only for the right to add, which everybody has, and not for
# the right to read the trail, which only auditors have.
_INSERT = (
    f"INSERT INTO audit_event ({', '.join(field.attname for field in _FIELDS)}) "
    f"VALUES ({', '.join(['%s'] * len(_FIELDS))}) RETURNING currval('audit_event_id_seq')"
)


def _insert(event: AuditEvent) -> int:
    values = [field.get_db_prep_save(getattr(event, field.attname), connection) for field in _FIELDS]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        return int(cursor.fetchone()[0])


def _target(on: Model | Target | str) -> Target:
    if isinstance(on, Target):
        return on
    if isinstance(on, str) and on.startswith("/"):
        path = without_identities(on)
        return Target("route", path, path)
    if isinstance(on, str):
        kind, _, key = on.partition(":")
        return Target(_named(kind), key, key)
    if on.pk is None:
        raise ValueError("an event tells of an object that was saved")
    return Target(_named(on._meta.label_lower), str(on.pk), without_identities(str(on)), str(getattr(on, "unit_path", "") or ""))


def _named(kind: str) -> str:
    """The kind of an object, which some app has to have named: the trail shows no code."""
    if known_object(kind) is None:
        raise ValueError(f"nobody has said what an object of kind {kind!r} is called: name_object in an app's events.py")
    return kind


def _plain(value: Any) -> Any:
    """As JSON without fractions: a fraction has many spellings, and a digest covers one. Dates and decimals become text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(inner) for inner in value), key=canonical)
    return _plain_one(value.value if isinstance(value, Enum) else value)


def _plain_one(value: Any) -> bool | int | str | None:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str | float | UUID | Promise | Model):
        return str(value).replace("\0", "\N{SYMBOL FOR NULL}")
    raise TypeError(f"an event cannot hold a {type(value).__name__}")
