"""Days as ordinals (1 = 1 January of the year 1), for whole columns."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from xiezhi.city.dice import Index

_EPOCH = date(1970, 1, 1).toordinal()


def months_of(ordinals: Any) -> Index:
    """Month numbers: year * 12 + month - 1."""
    numbers: Index = _days(ordinals).astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return numbers


def as_numbers(ordinals: Any) -> Index:
    """Dates as yyyymmdd."""
    days = _days(ordinals)
    day = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
    year, month = np.divmod(months_of(ordinals), 12)
    numbers: Index = year * 10_000 + (month + 1) * 100 + day
    return numbers


def _days(ordinals: Any) -> Any:
    return (np.asarray(ordinals, dtype=np.int64) - _EPOCH).astype("datetime64[D]")
