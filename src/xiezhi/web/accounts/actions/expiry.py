"""Clearing away sessions and links that no longer open anything. That somebody signed in is in the trail for good."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from xiezhi.kernel import clock
from xiezhi.web.accounts import events
from xiezhi.web.accounts.models import SignedInSession, SignInLink
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record

KEPT = timedelta(days=7)
"""How long a used or lapsed link stays: whoever says theirs did not work can be answered."""


@transaction.atomic
def expire(*, by: Viewer) -> int:
    """How many sessions and links were removed."""
    now = clock.now()
    sessions, _ = SignedInSession.objects.filter(expire_date__lt=now).delete()
    old = Q(expires_at__lt=now - KEPT) | Q(used_at__lt=now - KEPT)
    links, _ = SignInLink.objects.filter(old).delete()
    if sessions or links:
        record(events.EXPIRED, by=by, on="account", sessions=sessions, links=links)
    return sessions + links
