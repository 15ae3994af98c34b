"""What the workbench shows of alerts: two queries at most for each of the two."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.kernel.level import Level
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts.queries.alerts import Wanted, alerts, in_state
from xiezhi.web.alerts.queries.mismatches import waiting
from xiezhi.web.alerts.states import AlertState
from xiezhi.web.core.language import page_language
from xiezhi.web.kit.cards import Figure, ToDo
from xiezhi.web.kit.levels import ALERTS

SHOWN = 8
SENTENCE = 110
"""Characters of a sentence that a line of the workbench shows."""


def to_do(viewer: Viewer) -> list[ToDo]:
    """Hits that could not be proved again, for those who check that; the gravest open alerts, for those who may settle them."""
    if not viewer.can(Permission.ALERT_DISMISS):
        return waiting(viewer)
    open_ones = alerts(viewer, Wanted(levels=(Level.RED.value,), state=AlertState.OPEN)).order_by("-level_rank", "-id")[:SHOWN]
    english = page_language() == "en"
    return waiting(viewer) + [
        ToDo(
            f"{one.number} {one.title_en if english else one.title_zh}",
            reverse("alerts:one", args=[one.number]),
            note=Truncator(one.sentence_en if english else one.sentence_zh).chars(SENTENCE),
            icon="alert",
        )
        for one in open_ones
    ]


def figures(viewer: Viewer) -> list[Figure]:
    """Open alerts by level, and new ones of the week."""
    if not viewer.can(Permission.ALERT_READ):
        return []
    week = clock.now() - timedelta(days=7)
    open_ones = in_state(AlertState.OPEN)
    counted = alerts(viewer).aggregate(
        **{level.value: Count("id", filter=open_ones & Q(level=level.value)) for level in Level},
        fresh=Count("id", filter=Q(raised_at__gte=week)),
    )
    address = reverse("alerts:list")
    return [
        *(
            Figure(str(word), counted[level.value], f"{address}?level={level.value}&state=open", _("待处置"), level.value)
            for level, word in ALERTS.items()
        ),
        Figure(_("本周新预警"), counted["fresh"], f"{address}?raised_from={clock.local(week).date().isoformat()}"),
    ]
