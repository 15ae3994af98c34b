"""How much could be evaluated, of what the viewer may see."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Sum

from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.supervision.models import Coverage
from xiezhi.web.supervision.queries.naming import place_names
from xiezhi.web.supervision.states import EVALUATED, concerned

Outcomes = dict[str, int]


@dataclass(frozen=True)
class Cell:
    """A unit in a month. `unit`: as delivered, or the unit where it was placed. `month` None: the rule knows no month."""

    unit: str
    month: date | None
    outcomes: Outcomes

    @property
    def population(self) -> int:
        return concerned(self.outcomes)

    @property
    def evaluated(self) -> int:
        return self.outcomes.get(EVALUATED, 0)


def coverage_by_rule(viewer: Viewer) -> dict[str, Outcomes]:
    """Rule → outcome → rows."""
    found: dict[str, Outcomes] = defaultdict(dict)
    rows = seen_by(Coverage.objects.order_by(), viewer.scope).values("rule", "outcome").annotate(number=Sum("rows"))
    for row in rows:
        found[row["rule"]][row["outcome"]] = row["number"]
    return found


def coverage_of(viewer: Viewer, code: str) -> list[Cell]:
    """Of one rule, by unit as delivered and month."""
    return _cells(viewer, "unit_label", rule=code)


def coverage_by_place(viewer: Viewer) -> list[Cell]:
    """Of all rules together, by the name of the unit where it was placed, and month."""
    cells = _cells(viewer, "unit_path")
    names = place_names(cell.unit for cell in cells)
    return [replace(cell, unit=names.get(cell.unit, cell.unit)) for cell in cells]


def _cells(viewer: Viewer, unit: str, **wanted: str) -> list[Cell]:
    found: dict[tuple[str, date | None], Outcomes] = defaultdict(dict)
    rows = seen_by(Coverage.objects.filter(**wanted).order_by(), viewer.scope)
    for row in rows.values(unit, "month", "outcome").annotate(number=Sum("rows")):
        found[row[unit], row["month"]][row["outcome"]] = row["number"]
    return [Cell(place, month, outcomes) for (place, month), outcomes in found.items()]
