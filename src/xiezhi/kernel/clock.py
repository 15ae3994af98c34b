"""The only place that reads the time, so that tests and replays can say what time it is."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime


def now() -> datetime:
    """The present moment in UTC, or the moment that XIEZHI_NOW (ISO 8601) fixes."""
    fixed = os.environ.get("XIEZHI_NOW")
    return datetime.fromisoformat(fixed).astimezone(UTC) if fixed else datetime.now(UTC)


def today() -> date:
    return now().date()
