"""What replays found to differ."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts.models import Mismatch
from xiezhi.web.kit.cards import ToDo, Urgency


def mismatches(viewer: Viewer, *, handled: bool = False) -> QuerySet[Mismatch]:
    """The open ones; with `handled` the settled ones too. None for who does not check replays."""
    found = Mismatch.objects.all() if viewer.can(Permission.REPLAY_CHECK) else Mismatch.objects.none()
    return found if handled else found.filter(handled_at__isnull=True)


def waiting(viewer: Viewer) -> list[ToDo]:
    """One line on the workbench until the last one is handled, read notices or not."""
    if not viewer.can(Permission.REPLAY_CHECK) or viewer.user_id is None:
        return []
    number = mismatches(viewer).count()
    if not number:
        return []
    title = ngettext("重放命中有 %(n)d 处不一致待处理", "重放命中有 %(n)d 处不一致待处理", number) % {"n": number}
    return [ToDo(title, reverse("alerts:mismatches"), Urgency.OVERDUE, icon="refresh")]
