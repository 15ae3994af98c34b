"""What waits for a person: of their office, of their region's signatures, of whoever sees it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.matters.models import Task


def tasks(viewer: Viewer) -> QuerySet[Task]:
    """Those that the viewer may do, in the order of their ends."""
    ours = Q(unit=viewer.unit_id) | Q(unit=None, region_path__in=("", viewer.region_path or "-"))
    permitted = Q(permissions__overlap=[permission.value for permission in viewer.permissions])
    return seen_by(Task.objects.filter(ours & permitted), viewer.scope).exclude(besides__contains=[viewer.user_id or 0])
