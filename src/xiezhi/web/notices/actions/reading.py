"""Marking one's own notices as read, and clearing away what was read long ago."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404

from xiezhi.kernel import clock
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record
from xiezhi.web.notices import events, queries
from xiezhi.web.notices.models import Notice

KEPT = timedelta(days=90)
"""How long a notice stays after it was read. What it told of is in the trail for good."""


@transaction.atomic
def mark_read(notice_id: UUID, *, by: Viewer) -> Notice:
    """Raises Http404 for another's. A second time changes nothing."""
    notice = get_object_or_404(queries.of(by).select_for_update(), pk=notice_id)
    if notice.read_at is None:
        notice.read_at = clock.now()
        notice.save(update_fields=["read_at"])
        record(events.READ, by=by, on=f"notice:{notice.pk}", number=1)
    return notice


@transaction.atomic
def mark_all_read(*, by: Viewer) -> int:
    """How many were unread."""
    number = queries.of(by, unread=True).update(read_at=clock.now())
    if number:
        record(events.READ, by=by, on="notice:all", number=number)
    return number


@transaction.atomic
def expire(*, by: Viewer) -> int:
    """Remove what was read longer ago than KEPT. In a system scope: of everybody."""
    number, _ = Notice.objects.filter(read_at__lt=clock.now() - KEPT).delete()
    if number:
        record(events.EXPIRED, by=by, on="notice:read", number=number)
    return number
