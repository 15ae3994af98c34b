"""A person's own: saved views, the last visit, exports."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from xiezhi.kernel import clock
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts.models import Export, SavedView, Visit
from xiezhi.web.alerts.policies import EXPORT_LASTS


def saved_views(viewer: Viewer) -> list[SavedView]:
    return list(SavedView.objects.filter(user_id=viewer.person_id))


def default_view(viewer: Viewer) -> SavedView | None:
    return SavedView.objects.filter(user_id=viewer.person_id, is_default=True).first()


def last_visit(viewer: Viewer) -> datetime | None:
    """Where "new since my last visit" begins."""
    visit = Visit.objects.filter(user_id=viewer.person_id).first()
    return visit.since if visit else None


def export_of(viewer: Viewer, export_id: UUID) -> Export | None:
    """The viewer's own, as long as its file lives."""
    return Export.objects.filter(pk=export_id, user_id=viewer.person_id, asked_at__gt=clock.now() - EXPORT_LASTS).first()
