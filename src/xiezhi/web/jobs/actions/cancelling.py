"""Cancelling: at once while it waits; while it is being done, by asking whoever does it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.shortcuts import get_object_or_404

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record
from xiezhi.web.jobs import events
from xiezhi.web.jobs.models import Job
from xiezhi.web.jobs.states import FINAL, JobState


@transaction.atomic
def cancel(job_id: UUID, *, by: Viewer) -> Job:
    """Cancel one's own job. Raises Http404 for another's, UserError for one that is over."""
    job = get_object_or_404(Job.objects.select_for_update(), pk=job_id, user_id=by.user_id)
    if job.state in FINAL:
        raise UserError(
            "XZ-JOB-03",
            zh="这个任务已经结束，不能取消",
            en="this job is over and cannot be cancelled",
            todo_zh="刷新页面，看它的结果",
            todo_en="reload the page to see its result",
        )
    if job.cancel_asked:
        return job
    job.cancel_asked = True
    if job.state == JobState.WAITING:
        job.state = JobState.CANCELLED
        Job.objects.filter(pk=job.pk).update(state=job.state, cancel_asked=True, finished_at=Now())
        record(events.CANCELLED, by=by, on=job, job_kind=job.kind)
    else:
        job.save(update_fields=["cancel_asked"])
        record(events.CANCEL_ASKED, by=by, on=job, job_kind=job.kind)
    return job
