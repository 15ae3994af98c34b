"""A trail in memory, true to the last byte, and whoever forges it. No database: a thousand of them cost nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xiezhi.web.audit.chain import COLUMNS, GENESIS, LinkRow, LooseRow, digest_of
from xiezhi.web.audit.checkpoints import Checkpoint, signed
from xiezhi.web.audit.faults import FaultKind
from xiezhi.web.audit.keys import SigningKey
from xiezhi.web.audit.verify import Evidence, Verdict, verify

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
KEY = SigningKey(Ed25519PrivateKey.generate())
OTHER_KEY = SigningKey(Ed25519PrivateKey.generate())


@dataclass
class Trail:
    """What a verifier is given."""

    rows: list[LinkRow]
    loose: list[LooseRow] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=list)

    def copied(self) -> Trail:
        return Trail(list(self.rows), list(self.loose), list(self.checkpoints))

    def verdict(self, *, now: datetime = NOW, **evidence: Any) -> Verdict:
        held = Evidence(**{"lines": [one.line() for one in self.checkpoints], "key": KEY.public, **evidence})
        return verify(iter(self.rows), iter(self.loose), held, now=now)

    def relink(self, first: int) -> None:
        """Number and chain everything from place `first` anew, as somebody does who knows the algorithm."""
        previous = self.rows[first - 1].digest if first else GENESIS
        for at in range(first, len(self.rows)):
            row = self.rows[at]
            assert row.event is not None
            previous, before = digest_of(previous, row.event), previous
            self.rows[at] = LinkRow(at + 1, row.event_id, previous, before, row.batch, row.event)


def event(number: int, at: datetime) -> dict[str, Any]:
    made: dict[str, Any] = dict.fromkeys(COLUMNS, "")
    return made | {
        "id": number,
        "at": at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "kind": "alert.dismissed",
        "outcome": "done",
        "user_id": 7,
        "username": f"user{number % 5}",
        "post_id": None,
        "why": "同名不同人",
        "before": '{"state":"raised"}',
        "after": '{"state":"done"}',
        "details": "{}",
    }


def trail(events: int = 60, batch: int = 7) -> Trail:
    """Events a second apart, the last a minute ago, with a checkpoint after every `batch`."""
    made, begin = Trail([]), NOW - timedelta(minutes=1, seconds=events)
    digest = GENESIS
    for seq in range(1, events + 1):
        told = event(seq + 100, begin + timedelta(seconds=seq))
        digest, previous = digest_of(digest, told), digest
        made.rows.append(LinkRow(seq, told["id"], digest, previous, (seq - 1) // batch + 1, told))
        if seq % batch == 0 or seq == events:
            last = made.checkpoints[-1] if made.checkpoints else None
            made.checkpoints.append(signed(KEY, last, size=seq, root=digest, at=begin + timedelta(seconds=seq)))
    return made


Forgery = Callable[[Trail, random.Random], None]


def alter(forged: Trail, dice: random.Random) -> None:
    """Change one column of one event."""
    at = dice.randrange(len(forged.rows))
    row = forged.rows[at]
    assert row.event is not None
    name = dice.choice([name for name in COLUMNS if name != "id"])
    old = row.event[name]
    new = dice.choice([value for value in ("", None, 0, 8, "x", "拒", f"{old}x", f"{old} ") if value != old])
    if name == "at":
        new = str(old)[:-2] + ("0Z" if str(old)[-2] != "0" else "1Z")
    forged.rows[at] = row._replace(event={**row.event, name: new})


def delete(forged: Trail, dice: random.Random) -> None:
    """Remove an event, or its link with it."""
    at = dice.randrange(len(forged.rows))
    row = forged.rows[at]
    if dice.random() < 0.5 or at == len(forged.rows) - 1:
        forged.rows[at] = row._replace(event=None)
    else:
        del forged.rows[at]


def insert(forged: Trail, dice: random.Random) -> None:
    """Add an event past the chain, or push a link in between and renumber."""
    at = dice.randrange(len(forged.rows))
    told = event(dice.randrange(1000, 2000), NOW - timedelta(minutes=2))
    if dice.random() < 0.5:
        forged.loose.append(LooseRow(told, pending=False))
        return
    previous = forged.rows[at - 1].digest if at else GENESIS
    forged.rows.insert(at, LinkRow(at + 1, told["id"], digest_of(previous, told), previous, forged.rows[at].batch, told))
    forged.rows[at + 1 :] = [row._replace(seq=seq) for seq, row in enumerate(forged.rows[at + 1 :], start=at + 2)]


def reorder(forged: Trail, dice: random.Random) -> None:
    """Exchange two events, or two whole links."""
    a, b = sorted(dice.sample(range(len(forged.rows)), 2))
    one, two = forged.rows[a], forged.rows[b]
    if dice.random() < 0.5:
        forged.rows[a], forged.rows[b] = (
            one._replace(event_id=two.event_id, event=two.event),
            two._replace(event_id=one.event_id, event=one.event),
        )
    else:
        forged.rows[a], forged.rows[b] = two._replace(seq=one.seq), one._replace(seq=two.seq)


def cut(forged: Trail, dice: random.Random) -> None:
    """Take away the last links with their events."""
    del forged.rows[-dice.randrange(1, len(forged.rows) + 1) :]


def rewrite(forged: Trail, dice: random.Random) -> None:
    """Change, remove or add an event and compute every link after it anew: the chain itself is then without a fault."""
    at = dice.randrange(len(forged.rows))
    row = forged.rows[at]
    assert row.event is not None
    match dice.randrange(3):
        case 0:
            forged.rows[at] = row._replace(event={**row.event, "why": "改"})
        case 1 if at < len(forged.rows) - 1:
            del forged.rows[at]
        case _:
            told = event(dice.randrange(1000, 2000), NOW - timedelta(minutes=2))
            forged.rows.insert(at, row._replace(event_id=told["id"], event=told))
    forged.relink(at)


FORGERIES: dict[str, tuple[Forgery, frozenset[FaultKind]]] = {
    "alter": (alter, frozenset({FaultKind.ALTERED})),
    "delete": (delete, frozenset({FaultKind.DELETED, FaultKind.LINKS_LOST})),
    "insert": (insert, frozenset({FaultKind.INSERTED, FaultKind.REORDERED})),
    "reorder": (reorder, frozenset({FaultKind.REORDERED})),
    "cut": (cut, frozenset({FaultKind.CUT})),
    "rewrite": (rewrite, frozenset({FaultKind.REWRITTEN, FaultKind.CUT})),  # one event fewer since the last checkpoint is a cut
}
"""Each with the names of which at least one must be said."""


def resigned(forged: Trail, key: SigningKey) -> None:
    """Write all checkpoints anew over the forged chain, with this key."""
    digests = {row.seq: row.digest for row in forged.rows}
    last: Checkpoint | None = None
    for at, one in enumerate(forged.checkpoints):
        size = min(one.size, len(forged.rows))
        root = digests.get(size, GENESIS)
        last = forged.checkpoints[at] = signed(key, last, size=size, root=root, at=datetime.fromisoformat(one.at))
