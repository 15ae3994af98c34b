"""What the workbench shows of alerts: few queries for each of the two, and every number leads to what it counts."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiezhi.kernel import clock
from xiezhi.kernel.level import Level
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts.models import Alert
from xiezhi.web.alerts.queries.alerts import THERE, AlertCriteria, alerts, in_state
from xiezhi.web.alerts.queries.mismatches import waiting
from xiezhi.web.alerts.states import PROCESS, AlertState
from xiezhi.web.kit.cards import Figure, ToDo, Urgency
from xiezhi.web.kit.levels import ALERTS
from xiezhi.web.language import localise
from xiezhi.web.matters.presenters.states import state_shown
from xiezhi.web.supervision.states import HitState

SHOWN = 6
SENTENCE = 110
"""Characters of a sentence that a line of the workbench shows."""

HANDS = (Permission.ALERT_DISPATCH, Permission.ALERT_VERIFY, Permission.ALERT_REVIEW)
"""Whoever holds one of these can do something about what their unit has in hand."""

MOVERS = (Permission.ALERT_DISMISS, Permission.ALERT_SNOOZE, Permission.ALERT_MERGE)
"""Whoever holds one of these can do something about an open alert."""


def to_do(viewer: Viewer) -> list[ToDo]:
    """Hits that could not be proved again, for those who check that; what the viewer's unit has in hand, by its end; open alerts,
    for those who can do something about them.

    The gravest by themselves, the rest in one line with their number; and those whose hit is gone, which wait to be settled.
    """
    return [*_in_hand(viewer), *_open(viewer)]


def _in_hand(viewer: Viewer) -> list[ToDo]:
    """What waits for the viewer's unit, the nearest end first; the rest in one line with their number."""
    if not any(viewer.can(permission) for permission in HANDS):
        return []
    found = alerts(viewer, AlertCriteria(ours=True))
    first = F("matter__due_at").asc(nulls_last=True)
    shown = list(found.select_related("matter").order_by(first, "-level_rank", "-id")[:SHOWN])
    more = found.count() - len(shown) if len(shown) == SHOWN else 0
    words = ngettext("本单位另有 %(count)s 条经手的预警", "本单位另有 %(count)s 条经手的预警", more) % {"count": more}
    folded = [ToDo(words, f"{reverse('alerts:list')}?ours=on", icon="alert")] if more else []
    return [*(_held(one) for one in shown), *folded]


def _held(one: Alert) -> ToDo:
    due = one.matter.due_at if one.matter else None
    return ToDo(
        f"{one.number} {localise(one.title)}",
        reverse("alerts:one", args=[one.number]),
        urgency=Urgency.OVERDUE if due is not None and due <= clock.now() else Urgency.OPEN,
        due=due,
        note=state_shown(PROCESS, one.state).label,
        icon="alert",
        asked=True,
    )


def _open(viewer: Viewer) -> list[ToDo]:
    if not any(viewer.can(permission) for permission in MOVERS):
        return waiting(viewer)
    open_ones = alerts(viewer, AlertCriteria(state=AlertState.OPEN, standing=True))
    shown = list(open_ones.order_by("-level_rank", "-id")[:SHOWN])
    more = open_ones.count() - len(shown) if len(shown) == SHOWN else 0
    gone = alerts(viewer, AlertCriteria(state=AlertState.OPEN, hit_state=HitState.GONE)).count()
    folded = (
        (more, ngettext("另有 %(count)s 条待处置预警", "另有 %(count)s 条待处置预警", more), THERE),
        (gone, ngettext("%(count)s 条待处置预警的命中已消失", "%(count)s 条待处置预警的命中已消失", gone), HitState.GONE.value),
    )
    return [
        *waiting(viewer),
        *(_alert(one) for one in shown),
        *(ToDo(words % {"count": count}, _address(hit_state=state), icon="alert") for count, words, state in folded if count),
    ]


def _alert(one: Alert) -> ToDo:
    sentence = Truncator(localise(one.sentence)).chars(SENTENCE)
    return ToDo(f"{one.number} {localise(one.title)}", reverse("alerts:one", args=[one.number]), note=sentence, icon="alert")


def _address(**filters: str) -> str:
    return f"{reverse('alerts:list')}?{urlencode({**filters, 'state': AlertState.OPEN.value})}"


def figures(viewer: Viewer) -> list[Figure]:
    """Open alerts by level as far as their hits are there, new ones of the week, and open ones whose hit is gone."""
    if not viewer.can(Permission.ALERT_READ):
        return []
    week = clock.now() - timedelta(days=7)
    open_ones, gone = in_state(AlertState.OPEN), Q(hit_state=HitState.GONE)
    counted = alerts(viewer).aggregate(
        **{level.value: Count("id", filter=open_ones & ~gone & Q(level=level.value)) for level in Level},
        fresh=Count("id", filter=Q(raised_at__gte=week)),
        gone=Count("id", filter=open_ones & gone),
    )
    since = clock.local(week).date().isoformat()
    in_hand = alerts(viewer, AlertCriteria(ours=True)).count()
    return [
        *(
            Figure(str(word), counted[level.value], _address(level=level.value, hit_state=THERE), _("待处置"), level.value)
            for level, word in ALERTS.items()
        ),
        *([Figure(_("本单位经手"), in_hand, f"{reverse('alerts:list')}?ours=on")] if in_hand else []),
        Figure(_("本周新预警"), counted["fresh"], f"{reverse('alerts:list')}?raised_from={since}"),
        *([Figure(_("命中已消失"), counted["gone"], _address(hit_state="gone"), _("待处置"))] if counted["gone"] else []),
    ]
