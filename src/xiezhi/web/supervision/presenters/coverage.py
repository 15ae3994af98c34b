"""How much could be evaluated: by model, by place and month, and why the rest could not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from xiezhi.web.kit.charts import Chart, Series
from xiezhi.web.language import localise
from xiezhi.web.supervision.gateway import RuleDescription, reason_words
from xiezhi.web.supervision.queries.coverage import Cell, Outcomes
from xiezhi.web.supervision.states import EVALUATED, OUTSIDE, concerned

MOST_UNITS, MOST_MONTHS = 24, 24
"""More do not fit on a screen. Those with the most rows are shown; the table below has them all."""


def percent(evaluated: int, population: int) -> float | None:
    return round(100 * evaluated / population, 1) if population else None


def reasons(outcomes: Mapping[str, int]) -> list[dict[str, Any]]:
    """Why rows were not evaluated, most rows first."""
    population = concerned(outcomes)
    missed = sorted(((why, rows) for why, rows in outcomes.items() if why not in (EVALUATED, OUTSIDE)), key=lambda pair: -pair[1])
    return [
        {"why": capfirst(localise(reason_words(why))), "rows": rows, "share": percent(rows, population)} for why, rows in missed
    ]


def together(cells: Iterable[Cell]) -> dict[str, int]:
    """Outcome → rows, of all cells."""
    found: Counter[str] = Counter()
    for cell in cells:
        found.update(cell.outcomes)
    return dict(found)


def units(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """Unit by unit, the least covered first."""
    by_unit: defaultdict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_unit[cell.unit].append(cell)
    rows = [_unit(unit, together(mine)) for unit, mine in by_unit.items()]
    return sorted(rows, key=lambda row: (row["share"] if row["share"] is not None else 101, -row["population"]))


def _unit(unit: str, outcomes: Mapping[str, int]) -> dict[str, Any]:
    return {"unit": unit or _("（未写明单位）"), **counted(outcomes)}


def counted(outcomes: Mapping[str, int]) -> dict[str, Any]:
    """Whom it concerns, how many of them were evaluated, why the rest was not, and what was outside."""
    population, evaluated = concerned(outcomes), outcomes.get(EVALUATED, 0)
    return {
        "population": population,
        "evaluated": evaluated,
        "share": percent(evaluated, population),
        "reasons": reasons(outcomes),
        "outside": outcomes.get(OUTSIDE, 0),
    }


def heat(cells: Sequence[Cell], label: str, heading: str) -> Chart | None:
    """Units against months, in percent. None where no row knows its month."""
    dated = [cell for cell in cells if cell.month is not None and cell.population]
    every = sorted({cell.month for cell in dated if cell.month})
    months = every[-MOST_MONTHS:]
    if not months:
        return None
    rows: Counter[tuple[str, date]] = Counter()
    evaluated: Counter[tuple[str, date]] = Counter()
    sizes: Counter[str] = Counter()
    for cell in dated:
        if cell.month is not None:
            rows[cell.unit, cell.month] += cell.population
            evaluated[cell.unit, cell.month] += cell.evaluated
            sizes[cell.unit] += cell.population
    shown = sorted(unit for unit, __ in sizes.most_common(MOST_UNITS))
    return Chart(
        "heat",
        label,
        [f"{month:%Y-%m}" for month in months],
        [Series(unit or "—", [percent(evaluated[unit, month], rows[unit, month]) for month in months]) for unit in shown],
        unit="%",
        top=100,
        tall=len(shown) > 8,
        heading=heading,
        left_out=_left_out(
            units=len(sizes) - len(shown),
            months=len(every) - len(months),
            undated=sum(cell.population for cell in cells if cell.month is None),
        ),
    )


def _left_out(*, units: int, months: int, undated: int) -> str:
    """What has no place in the map of units and months, in words."""
    said = [
        _("行数较少的 %(count)s 个单位") % {"count": units} if units else "",
        _("更早的 %(count)s 个月") % {"count": months} if months else "",
        _("没有月份的 %(count)s 行") % {"count": undated} if undated else "",
    ]
    listed = _("、").join(part for part in said if part)
    return _("图中没有：%(listed)s。") % {"listed": listed} if listed else ""


def by_rule(found: Mapping[str, Outcomes], rules: Mapping[str, RuleDescription]) -> list[dict[str, Any]]:
    """Model by model, the least covered first."""
    rows = [
        {"code": code, "title": localise(rules[code].title) if code in rules else code, **counted(outcomes)}
        for code, outcomes in found.items()
    ]
    return sorted(rows, key=lambda row: (row["share"] if row["share"] is not None else 101, row["code"]))


def without_rows(found: Mapping[str, Outcomes], rules: Mapping[str, RuleDescription]) -> list[tuple[str, str]]:
    """Models in force that concern nobody of whom the viewer sees: code and title."""
    return [(code, localise(rule.title)) for code, rule in sorted(rules.items()) if not concerned(found.get(code, {}))]


def rules_chart(rows: Sequence[Mapping[str, Any]]) -> Chart:
    """The least covered on top."""
    turned = list(reversed(rows))
    return Chart(
        "hbar",
        _("各模型的可评估比例"),
        [f"{row['code']} {row['title']}" for row in turned],
        [Series(_("可评估"), [row["share"] for row in turned])],
        unit="%",
        tall=len(rows) > 8,
        heading=_("模型"),
    )
