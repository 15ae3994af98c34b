"""What exactly a link covers. Written so that a stranger with the export and this page can check a trail with tools of their own.

**The event's bytes.** A JSON object with these twenty names: after, at, before, details, display_name, id, ip, kind, on_id,
on_kind, on_label, outcome, post_id, request_id, role, unit_name, unit_path, user_id, username, why. Names sorted, no spaces,
UTF-8, characters beyond ASCII as they are (`json.dumps(…, sort_keys=True, ensure_ascii=False, separators=(",", ":"))`).
`id`, `user_id` and `post_id` are whole numbers or null. `at` is text, UTC, always six places: "2026-11-23T08:23:26.928943Z".
`before` and `after` (or null) and `details` are *texts*: the JSON as it stands in the column, not parsed. All else is text.

**The link.** digest = SHA-256 over: the byte 0x00, the 32 bytes of the digest of the link before (32 zero bytes before the
first), the event's bytes. Links are numbered from 1 without gaps; every event has exactly one.

**The root** of a batch or checkpoint of size n is the digest of link n. It stands for all n events and their order.

Nothing here imports Django: an export is verified on a machine that has never seen the site.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from xiezhi.kernel.hashing import canonical

GENESIS = bytes(32)
"""What stands where the first link would name the one before it."""

LEAF = b"\x00"

COLUMNS = (
    "id",
    "at",
    "kind",
    "outcome",
    "user_id",
    "username",
    "display_name",
    "post_id",
    "role",
    "unit_name",
    "on_kind",
    "on_id",
    "on_label",
    "unit_path",
    "why",
    "before",
    "after",
    "details",
    "ip",
    "request_id",
)
"""The columns of an event, in the order in which rows are read."""

Event = Mapping[str, Any]
"""The twenty values of an event, by name, as the docstring spells them."""


class LinkRow(NamedTuple):
    """A link and the event it names; None where that event is not there."""

    seq: int
    event_id: int
    digest: bytes
    previous: bytes
    batch: int
    event: Event | None


class LooseRow(NamedTuple):
    """An event without a link. `pending`: the sealer has it in its queue."""

    event: Event
    pending: bool


def digest_of(previous: bytes, event: Event) -> bytes:
    """The digest of the link that follows `previous` and covers `event`."""
    return sha256(LEAF + previous + canonical(event)).digest()
