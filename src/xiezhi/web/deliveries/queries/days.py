"""What day it is for deliveries. In a demonstration, whose city has data of one fixed year only, another than it is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from xiezhi.kernel import clock
from xiezhi.kernel.durable import write_durably

FILE = "demonstration.json"


@dataclass(frozen=True)
class DemoDays:
    """On the day it was made, a demonstration's calendar says `counts_from`; from there both go on alike."""

    made_on: date
    counts_from: date

    def shown(self, day: date) -> date:
        """What the calendar says on a day. Days before the demonstration was made are its own past already."""
        return day if day < self.made_on else self.counts_from + (day - self.made_on)

    def write(self, home: Path) -> None:
        write_durably(home / FILE, json.dumps(asdict(self), default=str).encode())


def today() -> date:
    """The day it is where the commission is."""
    return _shown(timezone.localtime(clock.now()).date())


def day_of(moment: datetime) -> date:
    """The day on which something came."""
    return _shown(timezone.localtime(moment).date())


def elsewhere() -> date | None:
    """The calendar's day, where it is not the real one."""
    return today() if today() != timezone.localtime(clock.now()).date() else None


def _shown(day: date) -> date:
    days = _days(Path(settings.XIEZHI_HOME)) if settings.XIEZHI_DEMO else None
    return days.shown(day) if days else day


@lru_cache(maxsize=4)
def _days(home: Path) -> DemoDays | None:
    if not (home / FILE).is_file():
        return None
    told = json.loads((home / FILE).read_bytes())
    return DemoDays(date.fromisoformat(told["made_on"]), date.fromisoformat(told["counts_from"]))
