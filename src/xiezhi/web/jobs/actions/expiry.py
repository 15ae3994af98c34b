"""Clearing away records of jobs that are long over. That there was a job is in the trail for good."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record
from xiezhi.web.jobs import events
from xiezhi.web.jobs.models import Job
from xiezhi.web.jobs.states import FINAL

KEPT = timedelta(days=180)


@transaction.atomic
def expire(*, by: Viewer) -> int:
    """How many were removed."""
    number, _ = Job.objects.filter(state__in=FINAL, finished_at__lt=clock.now() - KEPT).delete()
    if number:
        record(events.EXPIRED, by=by, on="jobs.job", number=number)
    return number
