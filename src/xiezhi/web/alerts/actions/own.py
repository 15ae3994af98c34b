"""A person's own: saved views and the mark of the last visit."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.alerts import events
from xiezhi.web.alerts.models import SavedView, Visit
from xiezhi.web.audit.record import record

APART = timedelta(minutes=30)
"""Looking again within this is the same visit."""


@transaction.atomic
def save_view(*, name: str, query: str, is_default: bool, by: Viewer) -> SavedView:
    """Under the name; one of the same name is replaced."""
    require(by, Permission.ALERT_READ)
    if is_default:
        SavedView.objects.filter(user_id=by.person_id, is_default=True).exclude(name=name).update(is_default=False)
    view, _made = SavedView.objects.update_or_create(
        user_id=by.person_id, name=name, defaults={"query": query, "is_default": is_default}
    )
    record(events.VIEW_SAVED, by=by, on=view, after={"default": is_default})
    return view


@transaction.atomic
def remove_view(view_id: int, *, by: Viewer) -> None:
    require(by, Permission.ALERT_READ)
    view = SavedView.objects.get(pk=view_id, user_id=by.person_id)
    record(events.VIEW_REMOVED, by=by, on=view)
    view.delete()


def note_visit(by: Viewer) -> None:
    """A visit begins where the last look is half an hour old. Not an act on anything: the trail is not told."""
    now = clock.now()
    visit = Visit.objects.filter(user_id=by.person_id).first()
    if visit is None:
        Visit.objects.bulk_create(
            [Visit(user_id=by.person_id, since=now - timedelta(days=7), seen_at=now)], ignore_conflicts=True
        )
    elif now - visit.seen_at > APART:
        Visit.objects.filter(user_id=by.person_id).update(since=visit.seen_at, seen_at=now)
    elif now - visit.seen_at > timedelta(minutes=1):
        Visit.objects.filter(user_id=by.person_id).update(seen_at=now)
