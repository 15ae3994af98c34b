"""What is shown of jobs: one's own, and the queue as a whole to whoever keeps the system running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiezhi.kernel import clock
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.scope import entered, system_scope_of
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.jobs.kinds import known
from xiezhi.web.jobs.models import Job
from xiezhi.web.jobs.pace import USUAL
from xiezhi.web.jobs.queue import QUEUE
from xiezhi.web.jobs.states import LIVE, JobState
from xiezhi.web.kit.cards import Figure, ToDo, Urgency

DAY = timedelta(days=1)
QUEUE_COLUMNS = (
    "id",
    "kind",
    "state",
    "by_username",
    "unit_name",
    "asked_at",
    "started_at",
    "finished_at",
    "attempts",
    "lease_until",
    "lease_owner",
    "reference",
    "system",
)
"""What the system administrator sees of everybody's jobs: no titles, arguments or results, which tell of the business."""

WORKERS = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > statement_timestamp() - %s::interval"
ENTRIES = (
    "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = %s AND status = 'todo' AND coalesce(scheduled_at, now()) <= now()"
)


def mine(viewer: Viewer) -> QuerySet[Job]:
    """The jobs that this person asked for, in whichever post."""
    return Job.objects.filter(user_id=viewer.user_id) if viewer.user_id else Job.objects.none()


def last_done(kind: str) -> Job | None:
    """The newest job of a kind that was done to its end, whoever asked for it; None where none ever was."""
    with entered(seeing_the_queue):
        return Job.objects.filter(kind=kind, state=JobState.DONE).order_by("-finished_at").first()


def job_of(viewer: Viewer, job_id: UUID) -> Job:
    """One's own job, or one of one's own unit that the kind's permission lets one watch. Raises Http404."""
    own = mine(viewer).filter(pk=job_id).first()
    if own is not None:
        return own
    with entered(system_scope_of("jobs")):
        job = get_object_or_404(Job, pk=job_id)
    return get_object_or_404(mine(viewer), pk=job_id) if not _may_watch(viewer, job) else job


def _may_watch(viewer: Viewer, job: Job) -> bool:
    kind = known(job.kind)
    if kind is None or kind.permission is None or not viewer.can(kind.permission):
        return False
    return viewer.can(Permission.SYSTEM_RUN) or (job.unit_id is not None and job.unit_id == viewer.unit_id)


def queue(viewer: Viewer, *, state: str = "", kind: str = "", ended: str = "") -> QuerySet[Job]:
    """Everybody's jobs, without what they are about; `ended` "day": during the last day. Evaluate it in `seeing_the_queue`."""
    found = Job.objects.only(*QUEUE_COLUMNS) if viewer.can(Permission.SYSTEM_RUN) else Job.objects.none()
    if state:
        found = found.filter(state=state)
    if ended == "day":
        found = found.filter(finished_at__gt=clock.now() - DAY)
    return found.filter(kind=kind) if kind else found


seeing_the_queue = system_scope_of("queue")
"""The scope in which the queue is read; only `queue` and `health` are asked in it."""


@dataclass(frozen=True)
class Health:
    """`late`: waiting for longer than a worker needs to fetch them. `lapsed`: leases that the reaper has yet to see."""

    workers: int
    waiting: int
    doing: int
    late: int
    lapsed: int
    failed_today: int
    entries: int
    oldest: datetime | None

    @property
    def well(self) -> bool:
        return bool(self.workers) and not self.late and not self.lapsed


def health(viewer: Viewer) -> Health | None:
    """How the queue is. None for those who do not keep the system running. Three queries."""
    if not viewer.can(Permission.SYSTEM_RUN):
        return None
    now = clock.now()
    waiting, doing = Q(state=JobState.WAITING), Q(state=JobState.DOING)
    with entered(seeing_the_queue):
        counted = Job.objects.filter(Q(state__in=LIVE) | Q(finished_at__gt=now - DAY)).aggregate(
            waiting=Count("pk", filter=waiting),
            doing=Count("pk", filter=doing),
            late=Count("pk", filter=waiting & Q(asked_at__lt=now - 4 * timedelta(seconds=USUAL.lease)) & Q(attempts=0)),
            lapsed=Count("pk", filter=doing & Q(lease_until__lt=now)),
            failed_today=Count("pk", filter=Q(state=JobState.FAILED)),
            oldest=Min("asked_at", filter=waiting),
        )
    with connection.cursor() as cursor:
        cursor.execute(WORKERS, [f"{USUAL.stalled} seconds"])
        workers = cursor.fetchone()[0]
        cursor.execute(ENTRIES, [QUEUE])
        return Health(workers=workers, entries=cursor.fetchone()[0], **counted)


def last_heartbeat() -> datetime | None:
    """When any worker last said that it lives; None where none has yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        found: datetime | None = cursor.fetchone()[0]
    return found


def to_do(viewer: Viewer) -> list[ToDo]:
    """Own jobs that failed during the last day. One query."""
    if viewer.user_id is None:
        return []
    failed = mine(viewer).filter(state=JobState.FAILED, finished_at__gt=clock.now() - DAY).order_by("-finished_at")[:5]
    return [
        ToDo(
            _("后台任务失败：%(title)s") % {"title": job.title},
            reverse("jobs:job", args=[job.pk]),
            Urgency.OPEN,
            note=job.failure,
            icon="warning",
        )
        for job in failed
    ]


def figures(viewer: Viewer) -> list[Figure]:
    """Of the queue, for the system administrator."""
    found = health(viewer)
    if found is None:
        return []
    url = reverse("jobs:queue")
    note = ngettext("%(number)d 个后台进程", "%(number)d 个后台进程", found.workers) % {"number": found.workers}
    return [
        Figure(_("等待的后台任务"), found.waiting, f"{url}?state=waiting", note=note, tone="" if found.well else "bad"),
        Figure(
            _("一天内失败的后台任务"),
            found.failed_today,
            f"{url}?state=failed&ended=day",
            tone="warn" if found.failed_today else "good",
        ),
    ]
