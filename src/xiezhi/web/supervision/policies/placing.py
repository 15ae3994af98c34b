"""At which unit a hit lies, and how delicate it is. One rule for counts, tries and alerts alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.models import Unit
from xiezhi.web.accounts.models.unit import REGIONS
from xiezhi.web.lines import lines

CLASSES = {"public": 0, "internal": 1, "restricted": 2, "confidential": 3}
"""Classification of a delivered column → label. Identities are not counted so: the lake has their numbers only."""
IDENTITIES = {"bank_account": 2}
"""Whose accounts: as delicate as what is restricted. Any other identity makes a hit no more than internal."""
PUBLIC_IDENTITIES = ("credit_code", "party_id")

SUBJECT_KEY = 80


@dataclass(frozen=True)
class Placement:
    """`how`: region, name, line or root; what a page says of it."""

    unit_id: int
    path: str
    how: str


@dataclass
class Places:
    """The units of the city, found by what a hit says of itself. Read once a run.

    `departments`: line of work → those that answer for it, the first that the city has.
    """

    root: Placement
    by_region: dict[str, Placement] = field(default_factory=dict)
    by_name: dict[str, Placement] = field(default_factory=dict)
    by_department: dict[str, Placement] = field(default_factory=dict)
    departments: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, *, region: str | None, names: Iterable[str], line: str) -> Placement:
        """Village, town or county of the code; else the unit of the name; else the line's department; else the root."""
        code = (region or "").strip()
        for digits in (12, 9, 6, 4):
            if len(code) >= digits and code[:digits] in self.by_region:
                return self.by_region[code[:digits]]
        for name in names:
            if name in self.by_name:
                return self.by_name[name]
        for department in self.departments.get(line, ()):
            if department in self.by_department:
                return self.by_department[department]
        return self.root


def places() -> Places:
    """Of the units that are open. Raises UserError where the site has no unit yet."""
    units = list(Unit.objects.filter(closed_on=None).order_by("path"))
    if not units:
        raise UserError(
            "XZ-SUP-14",
            zh="还没有设立任何单位，命中无处归属",
            en="no unit was ever added: hits cannot be placed anywhere",
            todo_zh="先在“单位”中设立本市及其下级单位",
            todo_en="add the city and its units first, under Units",
        )
    answering = {line: one.departments for line, one in lines().items()}
    found = Places(Placement(units[0].pk, units[0].path, "root"), departments=answering)
    for unit in units:
        if unit.region and unit.kind in REGIONS:
            found.by_region.setdefault(unit.region, Placement(unit.pk, unit.path, "region"))
        if unit.department:
            found.by_department[unit.department] = Placement(unit.pk, unit.path, "line")
        for name in (unit.name, unit.credit_code):
            if name:
                found.by_name.setdefault(name, Placement(unit.pk, unit.path, "name"))
    return found


def region_of(region: str | None, unit: str | None) -> str | None:
    """A rule may name the place in either column; statistical codes have 6, 9 or 12 digits."""
    for value in (region, unit):
        if value and str(value).isdigit() and len(str(value)) in (6, 9, 12):
            return str(value)
    return None


def subject_key_of(kind: str, identity: str | None, value: int | str | None) -> str:
    """The word by which recusals name somebody: "citizen_id:139"."""
    return "" if value is None else f"{identity or kind}:{value}"[:SUBJECT_KEY]


def label_of(classes: Iterable[str], identities: Iterable[str]) -> int:
    """0 ordinary to 3 confidential: the most delicate of what a rule reads."""
    by_identity = max((IDENTITIES.get(kind, 0 if kind in PUBLIC_IDENTITIES else 1) for kind in identities), default=0)
    return max(by_identity, max((CLASSES[name] for name in classes), default=0))
