"""Taking a job, keeping it, and writing about it only as long as one has it.

Every statement here names the lease's token. A worker that was away for too long finds no row of its token any more, and what
it would have written is not written. Times are the database's: workers on several machines need not agree on the hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from xiezhi.web.accounts.scope import Scope, entered, system_scope_of
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.jobs.kinds import LeaseLost
from xiezhi.web.jobs.models import Job
from xiezhi.web.jobs.pace import Pace
from xiezhi.web.jobs.states import JobState

SCOPE = "jobs"


@dataclass(frozen=True)
class Lease:
    job: Job
    token: UUID


def take(job_id: UUID, *, owner: str, pace: Pace) -> Lease | None:
    """The job, if it waits: of any number that ask at once, one gets it."""
    token = uuid4()
    with system_scope(SCOPE):
        taken = Job.objects.filter(pk=job_id, state=JobState.WAITING, cancel_asked=False).update(
            state=JobState.DOING,
            lease_token=token,
            lease_owner=owner[:100],
            lease_until=Now() + pace.lease_time,
            attempts=F("attempts") + 1,
            started_at=Coalesce(F("started_at"), Now()),
            share=None,
            stage="",
            detail="",
        )
        return Lease(Job.objects.get(pk=job_id), token) if taken else None


def renew(lease: Lease, *, pace: Pace) -> bool:
    """A sign of life. Whether somebody has asked to cancel. Raises LeaseLost."""
    return _written(lease, lease_until=Now() + pace.lease_time)


def tell(lease: Lease, *, share: int | None, stage: str, detail: str, pace: Pace) -> bool:
    """How far it is, which is a sign of life too. Whether somebody has asked to cancel. Raises LeaseLost."""
    return _written(lease, share=share, stage=stage[:40], detail=detail[:200], lease_until=Now() + pace.lease_time)


def _written(lease: Lease, **values: Any) -> bool:
    with system_scope(SCOPE):
        mine = Job.objects.filter(pk=lease.job.pk, lease_token=lease.token, state=JobState.DOING)
        if not mine.update(**values):
            raise LeaseLost
        return bool(mine.values_list("cancel_asked", flat=True).get())


@contextmanager
def held(lease: Lease, scope: Scope) -> Iterator[None]:
    """A transaction in `scope` which is committed only if the job is still this lease's. Raises LeaseLost.

    The row is locked: giving the job away waits for this transaction or comes before it, never between.
    """
    with transaction.atomic():
        with entered(system_scope_of(SCOPE)):
            rows = Job.objects.select_for_update().filter(pk=lease.job.pk, lease_token=lease.token, state=JobState.DOING)
            if rows.values_list("pk", flat=True).first() is None:
                raise LeaseLost
        with entered(scope):
            yield
