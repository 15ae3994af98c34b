"""Reading the trail is itself recorded: one event for each page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit import events as audit_events
from xiezhi.web.audit.identities import without_identities
from xiezhi.web.audit.kinds import EventKind
from xiezhi.web.audit.record import Target, record
from xiezhi.web.trail import events


def note(page: str, *, by: Viewer, on: Target | str = "trail", wanted: Mapping[str, Any] | None = None) -> None:
    """`page` was looked at; `wanted` says by which filters."""
    require(by, Permission.TRAIL_READ)
    _record(events.LOOKED, by, on, {"page": page, "filter": _struck(wanted or {})})


def note_taken(*, by: Viewer, rows: int, wanted: Mapping[str, Any]) -> None:
    """A list was taken away as a file."""
    require(by, Permission.TRAIL_EXPORT)
    _record(events.TAKEN, by, "trail", {"rows": rows, "filter": _struck(wanted)})


def note_printed(*, by: Viewer, number: int) -> None:
    require(by, Permission.TRAIL_READ)
    _record(events.PRINTED, by, f"trail:{number}", {})


def note_fetched(*, by: Viewer, name: str) -> None:
    require(by, Permission.TRAIL_EXPORT)
    _record(events.FETCHED, by, f"trail:{name}", {})


def note_exported(*, by: Viewer, name: str, links: int) -> None:
    require(by, Permission.TRAIL_EXPORT)
    _record(audit_events.EXPORTED, by, f"trail:{name}", {"links": links})


def note_verdict(*, by: Viewer, verdict: Mapping[str, Any]) -> None:
    """What a verification found: the next auditor finds it here."""
    require(by, Permission.TRAIL_READ)
    _record(events.VERIFIED, by, "trail:verification", verdict)


@transaction.atomic
def _record(kind: EventKind, by: Viewer, on: Target | str, details: Mapping[str, Any]) -> None:
    record(kind, by=by, on=on, **{name: value for name, value in details.items() if value != {}})


def _struck(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody typed into a filter may be anything, a citizen id too."""
    return {name: without_identities(value) if isinstance(value, str) else value for name, value in wanted.items()}
