"""Which models were brought into work when: as a city does it, a few at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Stage:
    """`ago`: before the demonstration is made. `rules`: those that run then for the first time; none: all."""

    ago: timedelta
    rules: tuple[str, ...] = ()


STAGES = (
    Stage(
        timedelta(weeks=13),
        ("R003", "R018", "R024", "R025", "R028", "R030", "R035", "R036", "PRO-103", "BID-090"),
    ),
    Stage(timedelta(weeks=4), ("R038", "R048", "R058", "INS-217", "CAN-073", "MED-047", "MED-049", "VIL-110")),
    Stage(timedelta(days=5), ("SUB-001", "SUB-003")),
    Stage(timedelta(0)),
)

SETTLED = STAGES[0].ago + timedelta(days=1)
"""How long before the demonstration is made its commission was settled: before the first of its runs."""
