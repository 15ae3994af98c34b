"""Requests to reveal: one's own, those one may decide, and the register."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.roles import ROLES
from xiezhi.web.accounts.scope import entered, seen_by, system_scope_of
from xiezhi.web.accounts.viewer import Viewer, posts_of, viewer_of
from xiezhi.web.kit.cards import Figure, ToDo
from xiezhi.web.reveals.models import RevealRequest
from xiezhi.web.reveals.policies import MANY_A_DAY, RevealWanted
from xiezhi.web.reveals.states import RevealState

SHOWN = 500


@dataclass(frozen=True)
class Asked:
    """What the register's filter asks for."""

    text: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None


LISTED = 8
"""Requests that the workbench names one by one; the rest it counts."""


def requests(viewer: Viewer) -> QuerySet[RevealRequest]:
    return seen_by(RevealRequest.objects.all(), viewer.scope)


def readable(viewer: Viewer) -> QuerySet[RevealRequest]:
    """Those whose page one may open: one's own, and for whoever approves all in sight."""
    return requests(viewer) if viewer.can(Permission.REVEAL_APPROVE) else own(viewer)


def own(viewer: Viewer) -> QuerySet[RevealRequest]:
    return requests(viewer).filter(asked_by_id=viewer.user_id)


def to_decide(viewer: Viewer) -> QuerySet[RevealRequest]:
    """Those of others that wait for somebody who may approve."""
    if not viewer.can(Permission.REVEAL_APPROVE):
        return RevealRequest.objects.none()
    waiting = requests(viewer).filter(state=RevealState.ASKED, lapses_at__gt=clock.now())
    return waiting.exclude(asked_by_id=viewer.user_id)


def register(viewer: Viewer, asked: Asked) -> list[RevealRequest]:
    """The newest of the register. Whoever supervises the supervisors has no units of their own, and reads all of it."""
    found = RevealRequest.objects.all() if not viewer.scope.paths else requests(viewer)
    found = found.filter(state=asked.state) if asked.state else found
    if asked.text:
        found = found.filter(
            Q(asked_name__icontains=asked.text)
            | Q(case_number__icontains=asked.text)
            | Q(alert_number__icontains=asked.text)
            | Q(purpose__icontains=asked.text)
        )
    found = found.filter(asked_at__date__gte=asked.since) if asked.since else found
    found = found.filter(asked_at__date__lte=asked.until) if asked.until else found
    with entered(viewer.scope if viewer.scope.paths else system_scope_of("reveal_register")):
        return list(found.order_by("-asked_at", "-id")[:SHOWN])


def many(viewer: Viewer, days: int = 30) -> list[Any]:
    """Who opened many on one day, lately."""
    since = clock.now() - timedelta(days=days)
    found = RevealRequest.objects.filter(opened_at__gte=since).annotate(day=TruncDate("opened_at"))
    counted = found.values("asked_name", "asked_unit", "day").annotate(count=Count("id")).filter(count__gte=MANY_A_DAY)
    with entered(viewer.scope if viewer.scope.paths else system_scope_of("reveal_register")):
        return list(counted.order_by("-day", "-count")[:20])


def approvers(wanted: RevealWanted, besides: int | None) -> list[int]:
    """Ids of those who may approve this one: they hold the permission and see the row."""
    roles = [code for code, role in ROLES.items() if Permission.REVEAL_APPROVE in role.permissions]
    today = clock.today()
    people = User.objects.filter(is_active=True, posts__role__in=roles).exclude(pk=besides or 0).distinct()
    return [user.pk for user in people if _may(user, wanted, today)]


def _may(user: User, wanted: RevealWanted, today: date) -> bool:
    viewers: Iterable[Viewer] = (viewer_of(user, post) for post in posts_of(user, today))
    return any(viewer.can(Permission.REVEAL_APPROVE) and wanted.seen_in(viewer.scope) for viewer in viewers)


def to_do(viewer: Viewer) -> list[ToDo]:
    """Requests that wait for this person's decision, and own ones that may be opened."""
    if viewer.user_id is None or not viewer.scope.paths:
        return []
    mine = own(viewer).filter(state=RevealState.APPROVED, lapses_at__gt=clock.now())
    if not viewer.can(Permission.REVEAL_REQUEST):
        mine = mine.none()
    waiting = to_decide(viewer).order_by("lapses_at")
    more = max(0, waiting.count() - LISTED)
    return [
        *(
            ToDo(
                _("批准揭示：%(who)s 申请 %(case)s") % {"who": one.asked_name, "case": one.case_number},
                reverse("reveals:one", args=[one.pk]),
                due=one.lapses_at,
                icon="eye",
                asked=True,
            )
            for one in waiting[:LISTED]
        ),
        *(
            [ToDo(_("另有 %(count)s 项揭示等待批准") % {"count": more}, reverse("reveals:waiting"), icon="eye", asked=True)]
            if more
            else []
        ),
        *(
            ToDo(
                _("可以打开：%(case)s") % {"case": one.case_number},
                reverse("reveals:one", args=[one.pk]),
                due=one.lapses_at,
                icon="eye",
            )
            for one in mine
        ),
    ]


def figures(viewer: Viewer) -> list[Figure]:
    return []
