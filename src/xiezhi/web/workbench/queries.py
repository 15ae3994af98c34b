"""What the workbench shows, each app asked in its own words. The first argument is always the viewer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr, TruncMonth
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.kernel.level import Level
from xiezhi.web.accounts import queries as accounts
from xiezhi.web.accounts.models import Unit
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts import queries as alerts
from xiezhi.web.alerts.models import Alert
from xiezhi.web.deliveries import queries as deliveries
from xiezhi.web.jobs import queries as jobs
from xiezhi.web.kit.cards import Figure, ToDo, Urgency
from xiezhi.web.kit.charts import Chart, Series
from xiezhi.web.notices import queries as notices
from xiezhi.web.reveals import queries as reveals
from xiezhi.web.trail import queries as trail

ORDER = (Urgency.OVERDUE, Urgency.LAPSING, Urgency.OPEN, Urgency.DRAFT)
MONTHS, PLACES = 12, 12
STEP = 5
"""Characters of one step of a unit's path: four digits and a full stop."""

ASKED: tuple[Callable[[Viewer], list[ToDo]], ...] = (
    alerts.to_do,
    reveals.to_do,
    deliveries.to_do,
    accounts.to_do,
    jobs.to_do,
    notices.to_do,
)
COUNTED: tuple[Callable[[Viewer], list[Figure]], ...] = (
    alerts.figures,
    deliveries.figures,
    reveals.figures,
    accounts.figures,
    trail.figures,
    jobs.figures,
)


def to_do(viewer: Viewer) -> dict[Urgency, list[ToDo]]:
    """Everything that waits for the viewer, overdue first; within an urgency the nearest time limit first."""
    found: dict[Urgency, list[ToDo]] = {urgency: [] for urgency in ORDER}
    for ask in ASKED:
        for one in ask(viewer):
            found[one.urgency].append(one)
    far = clock.now() + timedelta(days=36500)
    return {urgency: sorted(those, key=lambda one: one.due or far) for urgency, those in found.items()}


def figures(viewer: Viewer) -> list[Figure]:
    return [figure for count in COUNTED for figure in count(viewer)]


def charts(viewer: Viewer) -> list[Chart]:
    """Pictures of the alerts in the viewer's scope: by level over the months, and by place. Three queries."""
    if not viewer.can(Permission.ALERT_READ):
        return []
    open_alerts = seen_by(Alert.objects.exclude(hit_state="gone"), viewer.scope)
    found = [_by_month(open_alerts), _by_place(open_alerts, viewer)]
    return [chart for chart in found if chart is not None]


def _by_month(found: QuerySet[Alert]) -> Chart | None:
    """Alerts by the month their matter ended, stacked by level; the last twelve months that have any."""
    counted = (
        found.exclude(period_to=None)
        .annotate(month=TruncMonth("period_to"))
        .values("month")
        .annotate(**{level.value: Count("pk", filter=Q(level=level)) for level in Level})
        .order_by("-month")[:MONTHS]
    )
    rows: list[dict[str, Any]] = sorted(map(dict, counted), key=lambda row: row["month"])
    if not rows:
        return None
    series = [
        Series(words, [row[level] for row in rows], level=level)
        for level, words in _level_words()
        if any(row[level] for row in rows)
    ]
    return Chart("stack", _("预警按事项月份"), [f"{row['month']:%Y-%m}" for row in rows], series, unit=_("条"), heading=_("月份"))


def _by_place(found: QuerySet[Alert], viewer: Viewer) -> Chart | None:
    """Alerts by the units right below the viewer's own (or by the units they oversee), most first."""
    paths = viewer.scope.paths
    step = len(paths[0]) + (STEP if len(paths) == 1 else 0) if paths else 0
    counted = (
        found.annotate(place=Substr("unit_path", 1, step))
        .values("place")
        .annotate(**{level.value: Count("pk", filter=Q(level=level)) for level in Level}, total=Count("pk"))
        .order_by("-total")[:PLACES]
    )
    rows: list[dict[str, Any]] = [dict(row) for row in counted]
    if len(rows) < 2:
        return None
    names = dict(Unit.objects.filter(path__in=[row["place"] for row in rows]).values_list("path", _name_field()))
    series = [
        Series(words, [row[level] for row in rows], level=level)
        for level, words in _level_words()
        if any(row[level] for row in rows)
    ]
    return Chart(
        "hbar", _("预警按单位"), [names.get(row["place"], row["place"]) for row in rows], series, unit=_("条"), heading=_("单位")
    )


def _level_words() -> list[tuple[str, str]]:
    return [("red", _("红色")), ("orange", _("橙色")), ("yellow", _("黄色")), ("blue", _("蓝色"))]


def _name_field() -> str:
    return "name_en" if get_language() == "en" else "name"
