"""The queue that wakes workers up. It carries the number of a job and nothing else: what the job is, its row says."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from procrastinate.contrib.django import app

QUEUE = "xiezhi"
DO = "xiezhi.do"
"""The name under which the queue knows "do this job"."""
TICK = "xiezhi.tick"
"""The name under which the queue knows "the clock has struck for this entry"."""


def enqueue(job_id: UUID, *, after: timedelta | None = None) -> None:
    """In the present transaction: the entry and the job's row are both there, or neither."""
    rest = None if after is None else {"seconds": max(0, int(after.total_seconds()))}
    app.configure_task(DO, queue=QUEUE, schedule_in=rest).defer(job_id=str(job_id))
