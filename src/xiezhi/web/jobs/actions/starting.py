"""Asking for background work."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.scope import entered, system_scope_of
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record
from xiezhi.web.jobs import events
from xiezhi.web.jobs.kinds import JSON, Work, kind_of
from xiezhi.web.jobs.models import Job
from xiezhi.web.jobs.queue import enqueue
from xiezhi.web.jobs.states import LIVE


@transaction.atomic
def start(work: Work | str, *, by: Viewer, title: str, key: str = "", arguments: Mapping[str, JSON] | None = None) -> Job:
    """Have `work` done by a worker, as `by`. A job of the same `key` that is not over yet is returned instead of a second.

    It begins once the present transaction is committed. Raises NotPermitted where the kind asks for more than `by` may.
    """
    kind = kind_of(work)
    if kind.permission is not None:
        require(by, kind.permission)
    wanted = Job(
        kind=kind.code,
        title=title[:200],
        key=key,
        arguments=dict(arguments or {}),
        user_id=by.user_id,
        by_username=by.username,
        post_id=by.post_id,
        unit_id=by.unit_id,
        unit_name=by.unit_name,
        system=by.scope.system,
        asked_at=clock.now(),
    )
    with entered(system_scope_of("jobs")):  # the live job of this key may be another person's
        job = _one_of(wanted)
    if job.pk == wanted.pk:
        enqueue(job.pk)
        record(events.STARTED, by=by, on=job, job_kind=kind.code)
    return job


def _one_of(wanted: Job) -> Job:
    """The row inserted, or the live one that stood in its way."""
    while True:
        Job.objects.bulk_create([wanted], ignore_conflicts=True)
        found = Job.objects.filter(pk=wanted.pk).first() or Job.objects.filter(key=wanted.key, state__in=LIVE).first()
        if found is not None:
            return found
        # The one in the way has ended between the two statements.
