"""How a job ends, or rests and is tried again. Written by whoever has its lease, together with its event in the trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from xiezhi.kernel.words import Words
from xiezhi.web.accounts.viewer import Viewer, system_scope
from xiezhi.web.audit.kinds import EventKind
from xiezhi.web.audit.record import Actor, record
from xiezhi.web.jobs import events
from xiezhi.web.jobs.actions.leasing import SCOPE, Lease
from xiezhi.web.jobs.kinds import JSON, LeaseLost
from xiezhi.web.jobs.models import Job
from xiezhi.web.jobs.queue import enqueue
from xiezhi.web.jobs.states import JobState, before

GIVEN_UP: dict[str, Any] = {"lease_token": None, "lease_until": None, "lease_owner": ""}


def done(lease: Lease, result: Mapping[str, JSON] | None, *, by: Viewer) -> None:
    """Raises LeaseLost: then the result is not written, and whoever has the job now writes its own."""
    _end(lease, events.FINISHED, by, state=JobState.DONE, result=dict(result or {}), share=100, stage="", detail="")


def failed(lease: Lease, words: Words, *, by: Actor, reference: str = "") -> None:
    """Raises LeaseLost."""
    _end(lease, events.FAILED, by, state=JobState.FAILED, failure_zh=words.zh, failure_en=words.en, reference=reference)


def cancelled(lease: Lease, *, by: Actor) -> None:
    """Raises LeaseLost."""
    _end(lease, events.CANCELLED, by, state=JobState.CANCELLED)


def put_back(lease: Lease, words: Words, *, rest: timedelta) -> None:
    """It may succeed later: wait, then let any worker try again. Raises LeaseLost."""
    with system_scope(SCOPE):
        _change(lease, state=JobState.WAITING, failure_zh=words.zh, failure_en=words.en, not_before=Now() + rest)
        enqueue(lease.job.pk, after=rest)


def _end(lease: Lease, event: EventKind, by: Actor, *, state: JobState, **values: Any) -> None:
    with system_scope(SCOPE):
        _change(lease, state=state, finished_at=Now(), **values)
        record(event, by=by, on=lease.job, job_kind=lease.job.kind, attempts=lease.job.attempts)


def _change(lease: Lease, *, state: JobState, **values: Any) -> None:
    mine = Job.objects.filter(pk=lease.job.pk, lease_token=lease.token, state__in=before(state))
    if not mine.update(state=state, **GIVEN_UP, **values):
        raise LeaseLost
