"""What the workbench shows, each app asked in its own words. The first argument is always the viewer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

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
from xiezhi.web.deliveries import queries as deliveries
from xiezhi.web.jobs import queries as jobs
from xiezhi.web.kit.cards import Figure, ToDo, Urgency
from xiezhi.web.kit.charts import Chart, Series
from xiezhi.web.notices import queries as notices
from xiezhi.web.trail import queries as trail

ORDER = (Urgency.OVERDUE, Urgency.LAPSING, Urgency.OPEN, Urgency.DRAFT)
MONTHS, PLACES = 12, 12
STEP = 5
"""Characters of one step of a unit's path: four digits and a full stop."""

ASKED: tuple[Callable[[Viewer], list[ToDo]], ...] = (
    deliveries.to_do,
    accounts.to_do,
    jobs.to_do,
    notices.to_do,
)
COUNTED: tuple[Callable[[Viewer], list[Figure]], ...] = (
    deliveries.figures,
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
    return []
