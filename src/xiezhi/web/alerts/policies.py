"""The limits of what may be done at once, and what counts as a change of an alert."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from xiezhi.web.alerts.models import Alert
from xiezhi.web.alerts.states import ENDED

MOST_AT_ONCE = 200
LONGEST_SNOOZE = timedelta(days=90)
MOST_ROWS_NOW = 2_000
"""Rows of an export that are written while one waits; more are a job."""
MOST_ROWS = 200_000
EXPORT_LASTS = timedelta(hours=24)


def takes_in(target: Alert, other: Alert) -> bool:
    """Whether `other`, on the same subject, may be merged into `target`: what is not concluded, and not less grave.

    From then on it goes by that one, so by merging nobody closes what they could not close.
    """
    return target.pk != other.pk and target.state not in ENDED and target.level_rank >= other.level_rank


def differs(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """What of level, amount and hit state is not as it was."""
    names = ("level", "amount", "hit_state")
    return {name: (before[name], after[name]) for name in names if before[name] != after[name]}
