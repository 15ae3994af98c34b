"""Two years as the State Council arranged them (国办发明电〔2023〕7号、〔2024〕12号)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from xiezhi.kernel.clock import ZONE
from xiezhi.processes.calendar import WorkingCalendar

FREE = (
    ("2024-01-01", "2024-01-01"),
    ("2024-02-10", "2024-02-17"),
    ("2024-04-04", "2024-04-06"),
    ("2024-05-01", "2024-05-05"),
    ("2024-06-10", "2024-06-10"),
    ("2024-09-15", "2024-09-17"),
    ("2024-10-01", "2024-10-07"),
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
    ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"),
    ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"),
)
WORKED = (
    "2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14", "2024-09-29", "2024-10-12",
    "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11",
)  # fmt: skip


def _exceptions() -> Iterator[tuple[date, bool]]:
    for first, last in FREE:
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            if day.weekday() < 5:
                yield day, False
            day += timedelta(days=1)
    for worked in WORKED:
        yield date.fromisoformat(worked), True


CALENDAR = WorkingCalendar.of(_exceptions(), [2024, 2025])


def at(text: str) -> datetime:
    """2025-01-27 18:00 on the site's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)
