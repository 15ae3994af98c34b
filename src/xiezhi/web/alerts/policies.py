"""The limits of what may be done at once, and what counts as a change of an alert."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

MOST_AT_ONCE = 200
LONGEST_SNOOZE = timedelta(days=90)
MOST_ROWS_NOW = 2_000
"""Rows of an export that are written while one waits; more are a job."""
MOST_ROWS = 200_000
EXPORT_LASTS = timedelta(hours=24)


def differs(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """What of level, amount and hit state is not as it was."""
    names = ("level", "amount", "hit_state")
    return {name: (before[name], after[name]) for name in names if before[name] != after[name]}
