"""What the workbench shows, each app asked in its own words. The first argument is always the viewer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr, TruncMonth
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.kernel.level import Level
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts import queries as alerts
from xiezhi.web.alerts.models import Alert
from xiezhi.web.alerts.states import AlertState
from xiezhi.web.kit.cards import Figure, ToDo, Urgency, offers
from xiezhi.web.kit.charts import Chart, Series
from xiezhi.web.kit.levels import LEVEL_CHOICES
from xiezhi.web.language import page_language
from xiezhi.web.lines import line_word
from xiezhi.web.supervision import gateway as models
from xiezhi.web.supervision.queries import place_names

ORDER = (Urgency.OVERDUE, Urgency.LAPSING, Urgency.OPEN, Urgency.DRAFT)
MONTHS, PLACES = 12, 10
FEWEST = 2
"""Bars below which a picture says no more than the figures above it."""
STEP = 5
"""Characters of one step of a unit's path: four digits and a full stop."""


def to_do(viewer: Viewer) -> dict[Urgency, list[ToDo]]:
    """Everything that waits for the viewer, overdue first; within an urgency what others asked for, then the nearest limit."""
    found: dict[Urgency, list[ToDo]] = {urgency: [] for urgency in ORDER}
    for app in offers():
        for one in app.to_do(viewer) if app.to_do else ():
            found[one.urgency].append(one)
    far = clock.now() + timedelta(days=36500)
    return {urgency: sorted(those, key=lambda one: (not one.asked, one.due or far)) for urgency, those in found.items()}


def figures(viewer: Viewer) -> list[Figure]:
    return [figure for app in offers() if app.figures for figure in app.figures(viewer)]


def some_withheld(viewer: Viewer) -> bool:
    """Whether alerts above the viewer's clearance are in none of the figures."""
    return alerts.some_withheld(viewer)


def charts(viewer: Viewer) -> list[Chart]:
    """Pictures of the open alerts in the viewer's scope: by line of work, model, unit and month. Three queries."""
    if not viewer.can(Permission.ALERT_READ):
        return []
    open_alerts = alerts.alerts(viewer, alerts.AlertCriteria(state=AlertState.OPEN, standing=True)).order_by()
    counted = _counted(open_alerts, viewer)
    found = [_by_line(counted), _by_place(counted, viewer), _by_month(open_alerts), _by_rule(counted)]
    return [chart for chart in found if chart is not None]


def _counted(found: QuerySet[Alert], viewer: Viewer) -> list[dict[str, Any]]:
    """One row for each line of work, model and unit: so few that they are added up here, after one walk over the alerts."""
    paths = viewer.scope.paths
    step = len(paths[0]) + (STEP if len(paths) == 1 else 0) if paths else 0
    grouped = found.annotate(place=Substr("unit_path", 1, step)).values("line", "rule", "place")
    return [dict(row) for row in grouped.annotate(**_levels())]


def _levels() -> dict[str, Count]:
    return {level.value: Count("pk", filter=Q(level=level)) for level in Level}


def _added(counted: list[dict[str, Any]], name: str) -> tuple[list[dict[str, Any]], str]:
    """The rows with the same `name` added up, most first: as many as a picture holds, and in words what those beyond come to."""
    found: dict[str, dict[str, Any]] = {}
    for row in counted:
        sums = found.setdefault(row[name], {name: row[name]} | {level.value: 0 for level in Level})
        for level in Level:
            sums[level.value] += row[level.value]
    ordered = sorted(found.values(), key=_total, reverse=True)
    beyond = ordered[PLACES:]
    said = _("图中是最多的 %(shown)s 项，另有 %(more)s 项共 %(alerts)s 条未画出。") % {
        "shown": PLACES,
        "more": len(beyond),
        "alerts": sum(map(_total, beyond)),
    }
    return ordered[:PLACES], said if beyond else ""


def _total(row: dict[str, Any]) -> int:
    return sum(int(row[level.value]) for level in Level)


def _piled(rows: list[dict[str, Any]], name: str = "", filtered_by: str = "", own: str = "") -> list[Series]:
    """One colour of each level there is. With `filtered_by` each bar leads to the alerts it counts; that of `own` leads nowhere,
    because no filter shows a unit without those below it."""
    address = reverse("alerts:list")

    def link(value: str, level: str) -> str:
        asked = {filtered_by: value, "level": level, "state": AlertState.OPEN.value, "hit_state": alerts.THERE}
        return f"{address}?{urlencode(asked)}" if value != own else ""

    return [
        Series(
            str(words),
            [row[level] for row in rows],
            level=level,
            links=[link(row[name], level) for row in rows] if filtered_by else (),
        )
        for level, words in LEVEL_CHOICES
        if any(row[level] for row in rows)
    ]


def _by_line(counted: list[dict[str, Any]]) -> Chart | None:
    rows, left_out = _added(counted, "line")
    if len(rows) < FEWEST:
        return None
    names = [line_word(row["line"]) for row in rows]
    piled = _piled(rows, "line", "line")
    return Chart("hbar", _("按业务条线"), names, piled, unit=_("条"), heading=_("业务条线"), left_out=left_out)


def _by_rule(counted: list[dict[str, Any]]) -> Chart | None:
    rows, left_out = _added(counted, "rule")
    if len(rows) < FEWEST:
        return None
    titles = {code: en if page_language() == "en" else zh for code, zh, en in _titles()}
    names = [titles.get(row["rule"], row["rule"]) for row in rows]
    piled = _piled(rows, "rule", "rule")
    return Chart("hbar", _("按模型"), names, piled, unit=_("条"), heading=_("模型"), left_out=left_out)


def _titles() -> list[tuple[str, str, str]]:
    return [(rule.code, rule.title.zh, rule.title.en) for rule in models.rules().values()]


def _by_month(found: QuerySet[Alert]) -> Chart | None:
    """By the month their matter ended, stacked by level; the last twelve months."""
    grouped = found.annotate(month=TruncMonth("period_to")).values("month")
    by_month = {row["month"]: dict(row) for row in grouped.annotate(**_levels())}
    undated = _total(by_month.pop(None)) if None in by_month else 0
    if not by_month:
        return None
    months = _months(min(by_month), max(by_month))
    rows = [by_month.get(month, {level.value: 0 for level in Level}) for month in months]
    earlier = sum(_total(row) for month, row in by_month.items() if month < months[0])
    return Chart(
        "stack",
        _("按事项所在月份"),
        [f"{month:%Y-%m}" for month in months],
        _piled(rows),
        unit=_("条"),
        heading=_("月份"),
        left_out=_not_drawn(earlier, undated),
    )


def _not_drawn(earlier: int, undated: int) -> str:
    """Alerts that a picture of months has no place for, in words."""
    said = [
        _("%(month)s 个月之前的 %(alerts)s 条") % {"month": MONTHS, "alerts": earlier} if earlier else "",
        _("没有所属期的 %(alerts)s 条") % {"alerts": undated} if undated else "",
    ]
    listed = _("、").join(part for part in said if part)
    return _("图中没有：%(listed)s。") % {"listed": listed} if listed else ""


def _months(first: date, last: date) -> list[date]:
    """Every month from one to the other, also those without alerts; at most the last so many."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers][-MONTHS:]


def _by_place(counted: list[dict[str, Any]], viewer: Viewer) -> Chart | None:
    """By the units right below the viewer's own (or by the units they oversee), most first."""
    rows, left_out = _added(counted, "place")
    if len(rows) < FEWEST:
        return None
    names = place_names(row["place"] for row in rows)
    shown = [names.get(row["place"], row["place"]) for row in rows]
    own = viewer.scope.paths[0] if len(viewer.scope.paths) == 1 else ""
    piled = _piled(rows, "place", "unit", own)
    return Chart("hbar", _("按单位"), shown, piled, unit=_("条"), heading=_("单位"), left_out=left_out)
