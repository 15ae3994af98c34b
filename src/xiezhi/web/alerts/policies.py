"""At which unit an alert is placed, how delicate it is, and the limits of what may be done at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from xiezhi.web.accounts.models import Unit
from xiezhi.web.accounts.models.unit import REGIONS

DEPARTMENTS: dict[str, tuple[str, ...]] = {
    "medical": ("medical_insurance",),
    "canteen": ("education",),
    "bidding": ("trading", "finance"),
    "procurement": ("finance", "trading"),
    "procurement-ocds": ("trading", "finance"),
    "insurance": ("insurance", "agriculture"),
    "assistance": ("civil_affairs",),
    "subsidy": ("finance", "civil_affairs"),
    "village": ("agriculture",),
}
"""Line → the departments that answer for it, the first that the city has."""

CLASSES = {"public": 0, "internal": 1, "restricted": 2, "confidential": 3}
"""Classification of a delivered column → label. Identities are not counted so: the lake has their numbers only."""
IDENTITIES = {"bank_account": 2}
"""Whose accounts: as delicate as what is restricted. Any other identity makes an alert no more than internal."""

MOST_AT_ONCE = 200
LONGEST_SNOOZE = timedelta(days=90)
MOST_ROWS_NOW = 2_000
"""Rows of an export that are written while one waits; more are a job."""
MOST_ROWS = 200_000
EXPORT_LASTS = timedelta(hours=24)


@dataclass(frozen=True)
class Place:
    """`how`: region, name, line or root; what the page says of it."""

    unit_id: int
    path: str
    how: str


@dataclass
class Places:
    """The units of the city, found by what a hit says of itself. Read once a run."""

    root: Place
    by_region: dict[str, Place] = field(default_factory=dict)
    by_name: dict[str, Place] = field(default_factory=dict)
    by_department: dict[str, Place] = field(default_factory=dict)

    def of(self, *, region: str | None, names: Iterable[str], line: str) -> Place:
        """Village, town or county of the code; else the unit of the name; else the line's department; else the root."""
        code = (region or "").strip()
        for digits in (12, 9, 6, 4):
            if len(code) >= digits and code[:digits] in self.by_region:
                return self.by_region[code[:digits]]
        for name in names:
            if name in self.by_name:
                return self.by_name[name]
        for department in DEPARTMENTS.get(line, ()):
            if department in self.by_department:
                return self.by_department[department]
        return self.root


def places() -> Places:
    """Of the units that are open. Raises LookupError where the site has no unit yet."""
    units = list(Unit.objects.filter(closed_on=None).order_by("path"))
    if not units:
        raise LookupError("no unit was ever added")
    found = Places(Place(units[0].pk, units[0].path, "root"))
    for unit in units:
        if unit.region and unit.kind in REGIONS:
            found.by_region.setdefault(unit.region, Place(unit.pk, unit.path, "region"))
        if unit.department:
            found.by_department[unit.department] = Place(unit.pk, unit.path, "line")
        for name in (unit.name, unit.credit_code):
            if name:
                found.by_name.setdefault(name, Place(unit.pk, unit.path, "name"))
    return found


def label_of(classes: Iterable[str], identities: Iterable[str]) -> int:
    """0 ordinary to 3 restricted: the most delicate of what a rule reads."""
    kinds = list(identities)
    by_identity = max((IDENTITIES.get(kind, 0 if kind in ("credit_code", "party_id") else 1) for kind in kinds), default=0)
    return max(by_identity, max((CLASSES[name] for name in classes), default=0))


def differs(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """What of level, amount and hit state is not as it was."""
    names = ("level", "amount", "hit_state")
    return {name: (before[name], after[name]) for name in names if before[name] != after[name]}
