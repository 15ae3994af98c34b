"""How much could be evaluated, of what the viewer may see."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
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
    """Of one rule, by unit as delivered and month. Where a delivered name stands at several places, each with its place."""
    cells = _cells(viewer, ("unit_label", "unit_path"), rule=code)
    places: dict[str, set[str]] = defaultdict(set)
    for (label, path), _month, _outcomes in cells:
        places[label].add(path)
    several = {label for label, paths in places.items() if len(paths) > 1}
    names = place_names(path for label in several for path in places[label])
    return [
        Cell(f"{label} · {names.get(path, path)}" if label in several else label, month, outcomes)
        for (label, path), month, outcomes in cells
    ]


def coverage_by_place(viewer: Viewer) -> list[Cell]:
    """Of all rules together, by the unit where it was placed, and month."""
    cells = _cells(viewer, ("unit_path",))
    names = place_names(path for (path,), _month, _outcomes in cells)
    return [Cell(names.get(path, path), month, outcomes) for (path,), month, outcomes in cells]


def _cells(viewer: Viewer, by: tuple[str, ...], **wanted: str) -> list[tuple[tuple[str, ...], date | None, Outcomes]]:
    """(values of `by`, month, outcomes)."""
    found: dict[tuple[tuple[str, ...], date | None], Outcomes] = defaultdict(dict)
    rows = seen_by(Coverage.objects.filter(**wanted).order_by(), viewer.scope)
    for row in rows.values(*by, "month", "outcome").annotate(number=Sum("rows")):
        found[tuple(row[name] for name in by), row["month"]][row["outcome"]] = row["number"]
    return [(key, month, outcomes) for (key, month), outcomes in found.items()]
