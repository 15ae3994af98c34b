"""A moment that a program asks from: of an age that databases and zones can reckon with."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator

FIRST, LAST = 1900, 2999
"""Years. At the ends of what a datetime holds, another zone's day is outside of it."""


def _reckonable(moment: datetime) -> datetime:
    if not FIRST <= moment.year <= LAST:
        raise ValueError(f"year {moment.year} is not between {FIRST} and {LAST}")
    return moment


Moment = Annotated[datetime, AfterValidator(_reckonable)]
