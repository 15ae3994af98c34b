"""The reaper: gives back what dead workers held. It runs apart from the queue, so that a stuck queue does not stop it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models.functions import Now
from procrastinate.contrib.django import app

from xiezhi.kernel import clock
from xiezhi.web.accounts.viewer import Viewer, system_scope
from xiezhi.web.audit.record import record
from xiezhi.web.jobs import events
from xiezhi.web.jobs.actions.ending import GIVEN_UP
from xiezhi.web.jobs.models import Job
from xiezhi.web.jobs.pace import ATTEMPTS, USUAL, Pace
from xiezhi.web.jobs.queue import DO, QUEUE, enqueue
from xiezhi.web.jobs.states import JobState

MANY = 500
"""Jobs in one transaction."""

FAILED_ZH = f"后台进程连续 {ATTEMPTS} 次中断，任务没有做完 → 请重新发起；再次失败请联系系统管理员"
FAILED_EN = f"the worker died {ATTEMPTS} times before the job was done → start it again, or ask the system administrator"

WAKEABLE = """
SELECT job.id FROM jobs_job AS job
WHERE job.state = 'waiting' AND coalesce(job.not_before, job.asked_at) < statement_timestamp() - %s::interval
  AND NOT EXISTS (SELECT FROM procrastinate_jobs AS entry
    WHERE entry.status IN ('todo', 'doing') AND entry.task_name = %s AND entry.args ->> 'job_id' = job.id::text)
ORDER BY job.asked_at LIMIT %s
"""


STALLED = """
SELECT entry.id FROM procrastinate_jobs AS entry LEFT JOIN procrastinate_workers AS worker ON worker.id = entry.worker_id
WHERE entry.status = 'doing' AND entry.queue_name = %s
  AND (worker.id IS NULL OR worker.last_heartbeat < statement_timestamp() - %s::interval)
ORDER BY entry.id LIMIT %s FOR UPDATE OF entry SKIP LOCKED
"""


@dataclass(frozen=True)
class Reaped:
    """What was found: jobs given back, jobs failed for good, jobs the queue had lost, entries of dead workers."""

    given_back: int = 0
    failed: int = 0
    woken: int = 0
    entries: int = 0

    def __bool__(self) -> bool:
        return any((self.given_back, self.failed, self.woken, self.entries))


def reap(pace: Pace = USUAL) -> Reaped:
    """Safe to call at any time, from anywhere outside a transaction, by any number at once."""
    with system_scope("reaper") as by:
        given_back, failed = _lapsed(by)
    with system_scope("reaper"):
        entries = _stalled_entries(pace)
        woken = _woken(pace)
    return Reaped(given_back, failed, woken, entries)


def _lapsed(by: Viewer) -> tuple[int, int]:
    # SKIP LOCKED: a row that somebody holds is a row whose worker lives, whatever its lease says.
    found = Job.objects.select_for_update(skip_locked=True).filter(state=JobState.DOING, lease_until__lt=Now())[:MANY]
    given_back = failed = 0
    for job in found:
        if job.cancel_asked:
            _over(job, JobState.CANCELLED, by)
        elif job.attempts >= ATTEMPTS:
            _over(job, JobState.FAILED, by, failure_zh=FAILED_ZH, failure_en=FAILED_EN)
            failed += 1
        else:
            Job.objects.filter(pk=job.pk).update(state=JobState.WAITING, **GIVEN_UP)
            enqueue(job.pk)
            given_back += 1
    return given_back, failed


def _over(job: Job, state: JobState, by: Viewer, **words: str) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=Now(), **GIVEN_UP, **words)
    event = events.CANCELLED if state is JobState.CANCELLED else events.FAILED
    record(event, by=by, on=job, job_kind=job.kind, attempts=job.attempts)


def _stalled_entries(pace: Pace) -> int:
    """Entries that a dead worker had fetched go back into the queue. A job that needs none by now ignores it."""
    with connection.cursor() as cursor:
        cursor.execute(STALLED, [QUEUE, f"{pace.stalled} seconds", MANY])
        found = [row[0] for row in cursor.fetchall()]
    for entry in found:
        app.job_manager.retry_job_by_id(job_id=entry, retry_at=clock.now())
    return len(found)


def _woken(pace: Pace) -> int:
    """Jobs that wait without an entry in the queue: its worker died between fetching the entry and taking the job."""
    with connection.cursor() as cursor:
        cursor.execute(WAKEABLE, [f"{pace.stalled} seconds", DO, MANY])
        found = [row[0] for row in cursor.fetchall()]
    for job_id in found:
        enqueue(job_id)
    return len(found)
