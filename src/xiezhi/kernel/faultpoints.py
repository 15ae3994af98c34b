"""Named places at which a test may kill the process, one before and after each write that matters.

In production `reach` costs one dictionary look-up. `XIEZHI_KILL_AT=name` (or `name:3` for the third time) kills
the process there with SIGKILL, as a power cut would.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

KNOWN: dict[str, str] = {}
_seen: Counter[str] = Counter()


def declare(name: str, meaning: str) -> str:
    """Register a fault point; returns its name. Tests kill the process at every declared point."""
    KNOWN[name] = meaning
    return name


def reach(name: str) -> None:
    """Die here if the environment says so."""
    wanted = os.environ.get("XIEZHI_KILL_AT")
    if not wanted or wanted.partition(":")[0] != name:
        return
    _seen[name] += 1
    if _seen[name] >= int(wanted.partition(":")[2] or 1):
        os.kill(os.getpid(), signal.SIGKILL)
