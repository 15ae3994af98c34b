"""When each thing on the schedule was done last, and when it is next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from xiezhi.kernel import clock
from xiezhi.kernel.words import Words
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.scope import entered
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.jobs.clock import entries, key_of
from xiezhi.web.jobs.models import Job
from xiezhi.web.jobs.queries import seeing_the_queue
from xiezhi.web.schedule.steady import ALWAYS, Always


@dataclass(frozen=True)
class Line:
    """One line of the table. `state` of the last time: a job's, or "" where it never ran."""

    words: Words
    when: Words
    last: datetime | None = None
    state: str = ""
    next: datetime | None = None


def lines(viewer: Viewer) -> list[Line]:
    """Empty for those who do not keep the system running. One query."""
    if not viewer.can(Permission.SYSTEM_RUN):
        return []
    last = _last()
    now = clock.now()
    timed = [Line(entry.words, entry.when.words, next=entry.when.after(now), **last.get(entry.name, {})) for entry in entries()]
    return [_steady(one) for one in ALWAYS] + timed


def _steady(one: Always) -> Line:
    """It has no hour: what shows that it goes on is when it last did."""
    return Line(one.words, Words(zh=f"每 {one.seconds:.0f} 秒", en=f"every {one.seconds:.0f} seconds"), last=one.last())


def _last() -> dict[str, dict[str, Any]]:
    """Entry → when it was last started, and what became of it."""
    prefixes = {entry.name: key_of(entry.name) for entry in entries()}
    wanted = Q(pk__in=[])
    for prefix in prefixes.values():
        wanted |= Q(key__startswith=prefix)
    with entered(seeing_the_queue):
        found = Job.objects.filter(wanted).order_by("asked_at").values_list("key", "asked_at", "state")
        return {key.split(":")[1]: {"last": asked, "state": state} for key, asked, state in found}
