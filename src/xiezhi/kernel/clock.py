"""The only place that reads the time, so that tests and replays can say what time it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

FIXED = "XIEZHI_NOW"


def now() -> datetime:
    """The present moment in UTC, or the moment that XIEZHI_NOW (ISO 8601) fixes."""
    fixed = os.environ.get(FIXED)
    return datetime.fromisoformat(fixed).astimezone(UTC) if fixed else datetime.now(UTC)


def today() -> date:
    return now().date()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Inside it is `moment`, for this whole process: how a demonstration's past comes about."""
    before = os.environ.get(FIXED)
    os.environ[FIXED] = moment.isoformat()
    try:
        yield
    finally:
        if before is None:
            del os.environ[FIXED]
        else:
            os.environ[FIXED] = before
