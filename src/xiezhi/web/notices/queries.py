"""A person's own notices."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.kit.cards import Figure, ToDo, Urgency
from xiezhi.web.notices.models import WAITS, Notice

MOST = 100
"""What the bell counts up to: beyond that the number tells nothing more."""
FIRST = 8


def of(viewer: Viewer, *, unread: bool = False) -> QuerySet[Notice]:
    """The viewer's notices; only those not read yet."""
    if viewer.user_id is None:
        return Notice.objects.none()
    found = Notice.objects.filter(user_id=viewer.user_id)
    return found.filter(read_at__isnull=True) if unread else found


def unread_count(viewer: Viewer) -> int:
    """How many are not read, at most MOST: one look into a small index, on every page."""
    return of(viewer, unread=True).order_by()[:MOST].count() if viewer.user_id is not None else 0


def to_do(viewer: Viewer) -> list[ToDo]:
    """The unread ones that carry a time limit or press, nearest first. One query. What waits by itself is not listed twice."""
    found = of(viewer, unread=True).exclude(urgency=Urgency.DRAFT).exclude(key__startswith=WAITS)
    return [
        ToDo(notice.title, reverse("notices:open", args=[notice.pk]), Urgency(notice.urgency), notice.due, icon="bell")
        for notice in found.order_by("due", "-made_at")[:FIRST]
    ]


def figures(viewer: Viewer) -> list[Figure]:
    """The unread ones, where there are any. One query."""
    number = unread_count(viewer)
    if not number:
        return []
    shown: int | str = f"{MOST}+" if number >= MOST else number
    return [Figure(_("未读通知"), shown, f"{reverse('notices:list')}?show=unread")]
