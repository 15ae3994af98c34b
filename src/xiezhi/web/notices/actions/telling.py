"""Telling people something."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.web.accounts.scope import entered, system_scope_of
from xiezhi.web.audit.identities import refuse_identities
from xiezhi.web.audit.record import Actor
from xiezhi.web.kit.cards import Urgency
from xiezhi.web.notices.models import Notice


@transaction.atomic
def tell(
    *,
    to: Iterable[int],
    title_zh: str,
    title_en: str,
    url: str,
    by: Actor,
    urgency: Urgency = Urgency.OPEN,
    due: datetime | None = None,
    key: str = "",
) -> int:
    """A notice to each person of `to` (ids of users); those with one of this `key` get none. How many were told.

    Not an event of its own in the trail: the act that is told of is one. Raises UserError where the text holds an identity.
    """
    refuse_identities(title=[title_zh, title_en], url=url)
    made_at = clock.now()
    notices = [
        Notice(
            user_id=user_id,
            title_zh=title_zh[:200],
            title_en=title_en[:300],
            url=url,
            urgency=urgency,
            due=due,
            key=key,
            made_at=made_at,
            by_username=by.username,
        )
        for user_id in sorted(set(to))
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=bool(key))
    return len(notices)


def settle(key: str) -> None:
    """What the notices of this key tell of no longer waits: whoever did not read theirs need not."""
    with entered(system_scope_of("notices")):
        Notice.objects.filter(key=key, read_at__isnull=True).update(read_at=clock.now())
