"""Verifying the trail where it stands: the database, the checkpoints beside it, their second copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from xiezhi.kernel import clock
from xiezhi.web.audit import places, reading
from xiezhi.web.audit.keys import PublicKey, public_key
from xiezhi.web.audit.verify import Evidence, Verdict, verify


def evidence(*, key: PublicKey | None = None, expected: Sequence[tuple[int, str]] = ()) -> Evidence:
    """Everything that is held against the database. `key`: the auditor's own copy of the public key, better than the site's."""
    lines, unfinished = places.checkpoint_file().lines()
    copy = places.checkpoint_copy()
    elsewhere = copy.lines()[0] if copy is not None and copy.path.exists() else None
    return Evidence(lines, key or public_key(places.keys()), unfinished, elsewhere, expected)


def verify_site(
    *,
    key: PublicKey | None = None,
    expected: Sequence[tuple[int, str]] = (),
    step: Callable[[int, int], None] = lambda done, total: None,
) -> Verdict:
    """The verdict over the whole trail of this site. `step` hears how many links are done, of how many."""
    with reading.reading_the_trail():
        # In this order: what is linked, then what is signed. A sealer at work meanwhile adds to both and is no fault.
        size = reading.size()
        held = evidence(key=key, expected=expected)
        total = max(size, reading.size_signed(held.lines))
        held = replace(held, gone=reading.gone_from_queue())
        return verify(reading.links(0, total), reading.loose(), held, now=clock.now(), step=lambda done: step(done, total))
