"""That the list of who sees what was taken out, and that somebody went through it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.web.accounts import events, queries
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.models import SightReview
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.sight_list import Seen, as_file, digest_of, seen_by_posts
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record


def whole_list() -> list[Seen]:
    today = clock.today()
    return seen_by_posts(list(queries.sight(today)), today)


@transaction.atomic
def export(*, format: str, by: Viewer) -> bytes:  # noqa: A002 - the word on the screen
    """The whole list as a file of that format."""
    require(by, Permission.SIGHT_REVIEW)
    rows: Sequence[Seen] = whole_list()
    record(events.SIGHT_EXPORTED, by=by, on="sight", posts=len(rows), digest=digest_of(rows), format=format)
    return as_file(rows, format)


@transaction.atomic
def mark_reviewed(*, by: Viewer, why: str) -> SightReview:
    """The list as it is now was gone through; `why` says what was found."""
    require(by, Permission.SIGHT_REVIEW)
    rows = whole_list()
    made = SightReview.objects.create(
        at=clock.now(),
        by_username=by.username,
        by_name=by.display_name,
        words=why,
        posts=len(rows),
        digest=digest_of(rows),
    )
    record(events.SIGHT_REVIEWED, by=by, on=made, why=why, posts=made.posts, digest=made.digest)
    return made
