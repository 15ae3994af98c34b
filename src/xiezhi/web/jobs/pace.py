"""How fast the machinery of jobs turns. Tests turn it faster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

ATTEMPTS = 3
"""How often a job is begun, before it counts as failed."""


@dataclass(frozen=True)
class Pace:
    """All in seconds. `lease`: how long a worker has a job without a sign of life; `beat`: how often it gives one.

    `stalled`: how long a worker of the queue may be silent. `rest`: before a job is tried again that may succeed later.
    """

    lease: float = 60.0
    beat: float = 15.0
    reap: float = 20.0
    poll: float = 5.0
    written: float = 0.5
    stalled: float = 40.0
    rest: float = 30.0
    seal: float = 10.0

    @property
    def lease_time(self) -> timedelta:
        return timedelta(seconds=self.lease)


USUAL = Pace()
