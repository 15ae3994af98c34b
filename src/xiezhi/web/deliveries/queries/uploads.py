"""What was sent in, batch by batch."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.deliveries.models import Upload
from xiezhi.web.deliveries.states import UploadState

RECENT = 10


def uploads(viewer: Viewer) -> QuerySet[Upload]:
    return seen_by(Upload.objects.all(), viewer.scope)


def batch(viewer: Viewer, key: UUID) -> list[Upload]:
    """The files uploaded together, by name; removed ones too."""
    return list(uploads(viewer).filter(batch=key).order_by("name", "pk"))


def recent_batches(viewer: Viewer) -> list[dict[str, Any]]:
    """The newest batches: when, by whom, how many files, how many of them refused, not sent yet or still open."""
    states = UploadState
    found: Any = (
        uploads(viewer)
        .exclude(state=states.REMOVED)
        .values("batch", "sender")
        .annotate(
            at=Max("sent_at"),
            files=Count("pk"),
            unsent=Count("pk", filter=Q(state__in=[states.LOOKING, states.READY])),
            refused=Count("pk", filter=Q(state=states.REFUSED)),
            open=Count("pk", filter=Q(state__in=[states.WAITING, states.CHECKING, states.FAILED])),
        )
        .order_by("-at")[:RECENT]
    )
    return list(found)
