"""The whole trail as one file that anybody can verify elsewhere. `offline` reads it.

JSON lines: a head; each checkpoint as the text of its line; each link with its event; events without a link; the end, which
says how many links there are, so that a file cut short is noticed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from xiezhi.kernel import clock
from xiezhi.kernel.durable import sync
from xiezhi.kernel.hashing import canonical
from xiezhi.web.audit import reading
from xiezhi.web.audit.chain import COLUMNS
from xiezhi.web.audit.offline import VERSION, WHAT
from xiezhi.web.audit.online import evidence
from xiezhi.web.audit.verify import STEP


def export(path: Path, *, step: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Write the trail to `path`, whole or not at all; how many links."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    links = 0
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:  # noqa: PTH123 - a descriptor
            for value in _lines(step):
                handle.write(canonical(value) + b"\n")
                links += "link" in value
            handle.write(canonical({"end": links}) + b"\n")
            handle.flush()
            os.fsync(handle.fileno())
        beside.replace(path)
        sync(path.parent)
    finally:
        beside.unlink(missing_ok=True)
    return links


def _lines(step: Callable[[int, int], None]) -> Iterator[dict[str, Any]]:
    with reading.reading_the_trail():
        size = reading.size()
        held = evidence()
        total = max(size, reading.size_signed(held.lines))
        gone = reading.gone_from_queue()
        yield {
            "what": WHAT,
            "version": VERSION,
            "made_at": clock.now().isoformat(),
            "public_key": held.key.pem() if held.key else "",
            "columns": COLUMNS,
            "gone": gone,
        }
        for line in held.lines:
            yield {"checkpoint": line.decode("utf-8", "replace")}
        for row in reading.links(0, total):
            yield {"link": [row.seq, row.event_id, row.digest.hex(), row.previous.hex(), row.batch], "event": row.event}
            if row.seq % STEP == 0:
                step(row.seq, total)
        for found in reading.loose():
            yield {"loose": found.event, "pending": found.pending}
