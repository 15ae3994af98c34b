"""How often a rule was right, and how sure one can be of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from xiezhi.web.supervision.states import BORNE_OUT, NOT_BORNE_OUT

Z = 1.96
"""95 %."""


FEW = 5
"""Judged hits below which no precision is shown: from one or two, whoever knows of the alert, recused or out of their scope,
would read how it was settled.
"""


@dataclass(frozen=True)
class Precision:
    """`true` of `judged` hits were borne out; `low` and `high` bound the share that lies behind it. `aside`: said nothing."""

    true: int
    judged: int
    aside: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.true / self.judged


def precision_of(outcomes: Mapping[str, int]) -> Precision | None:
    """None where fewer than FEW were judged: that is not a precision of nought."""
    true = sum(outcomes.get(outcome, 0) for outcome in BORNE_OUT)
    judged = true + sum(outcomes.get(outcome, 0) for outcome in NOT_BORNE_OUT)
    if judged < FEW:
        return None
    low, high = wilson(true, judged)
    return Precision(true, judged, sum(outcomes.values()) - judged, low, high)


def wilson(true: int, judged: int, z: float = Z) -> tuple[float, float]:
    """Wilson's score interval: sound for few judgements and for shares near 0 and 1, where the usual one is not."""
    share, spread = true / judged, z * z / judged
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / judged + spread / (4 * judged))
    return max(0.0, middle - half), min(1.0, middle + half)
