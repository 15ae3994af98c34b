"""The only place that reads the time, so that tests and replays can say what time it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

FIXED = "XIEZHI_NOW"

ZONE = ZoneInfo("Asia/Shanghai")
"""The one zone of a site: every moment that a person reads is of it.

Not a setting at run time: intake and facts cut days by it (`x + INTERVAL 8 HOUR`), and a moment shown in another zone than
the day that was cut from it would contradict the sentence it stands in.
"""


def now() -> datetime:
    """The present moment in UTC, or the moment that XIEZHI_NOW (ISO 8601) fixes."""
    fixed = os.environ.get(FIXED)
    return datetime.fromisoformat(fixed).astimezone(UTC) if fixed else datetime.now(UTC)


def today() -> date:
    """The day on the site's clock: at one in the morning it is no longer yesterday, as it still is in UTC."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """The moment on the site's clock. One without a zone is in UTC, as the lake and the records keep them."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(ZONE)


def as_read(moment: datetime | str, *, seconds: bool = False) -> str:
    """The moment as a person reads it, on the site's clock: 2026-11-21 17:02. `moment` may be ISO 8601 text."""
    given = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return local(given).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


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
