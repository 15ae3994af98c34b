"""Doing one job: take it, become its requester, work, write how it ended. Whatever happens, nothing stays in between."""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.http import Http404
from django.utils import translation

from xiezhi.kernel import clock
from xiezhi.kernel.errors import RetryableError, UserError, XiezhiError
from xiezhi.kernel.words import Words
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.viewer import Viewer, posts_of, system_viewer, viewer_of
from xiezhi.web.audit.context import facts
from xiezhi.web.audit.record import Actor, System
from xiezhi.web.jobs.actions import ending, leasing
from xiezhi.web.jobs.actions.leasing import Lease
from xiezhi.web.jobs.kinds import JSON, Cancelled, LeaseLost, Task, known
from xiezhi.web.jobs.models import Job
from xiezhi.web.jobs.pace import ATTEMPTS, USUAL, Pace
from xiezhi.web.jobs.pulse import Pulse

log = logging.getLogger("xiezhi.jobs")

NOT_PERMITTED = Words(
    zh="发起人的岗位现在无权做这件事 → 请有权的人重新发起",
    en="the post of whoever asked may no longer do this → somebody who may has to start it again",
)
NOT_THERE = Words(
    zh="要处理的对象不存在，或发起人看不到它 → 核对后重新发起",
    en="what the job is about is not there, or whoever asked may not see it → check, and start it again",
)
DATABASE = Words(zh="数据库暂时不可用，稍后自动重试", en="the database was away; it is tried again by itself")


def do(job_id: UUID, *, owner: str, pace: Pace = USUAL) -> None:
    """Do the job if it waits. Somebody else has it, or it is over: nothing to do."""
    lease = leasing.take(job_id, owner=owner, pace=pace)
    if lease is None:
        return
    with facts(request_id=f"job:{job_id}"):
        try:
            _do(lease, pace)
        except LeaseLost:
            log.warning("a job went on without us", extra={"job": str(job_id)})


def _do(lease: Lease, pace: Pace) -> None:
    actor: Actor = System(lease.job.by_username)
    try:
        actor = viewer = requester(lease.job)
        result = _work(lease, viewer, pace)
    except Cancelled:
        ending.cancelled(lease, by=actor)
    except RetryableError as error:
        _again(lease, _words(error), actor, pace)
    except XiezhiError as error:
        ending.failed(lease, _words(error), by=actor)
    except PermissionDenied:
        ending.failed(lease, NOT_PERMITTED, by=actor)
    except Http404:
        ending.failed(lease, NOT_THERE, by=actor)
    except OperationalError as error:
        log.warning("the database failed a job: %s", error, extra={"job": str(lease.job.pk)})
        _again(lease, DATABASE, actor, pace)
    except LeaseLost:
        raise
    except Exception:
        _unexpected(lease, actor)
    else:
        ending.done(lease, result, by=viewer)


def _work(lease: Lease, viewer: Viewer, pace: Pace) -> dict[str, JSON]:
    job = lease.job
    kind = known(job.kind)
    if kind is None:
        raise UserError(
            "XZ-JOB-04",
            zh=f"这个版本不认识任务种类 {job.kind}",
            en=f"this version knows no job called {job.kind}",
            todo_zh="升级后重新发起",
            todo_en="start it again after the upgrade",
        )
    if kind.permission is not None:
        require(viewer, kind.permission)
    with Pulse(lease, pace) as pulse, translation.override(viewer.language):
        task = Task(job.pk, job.title, viewer, pulse, job.attempts, pulse.check, lambda: leasing.held(lease, viewer.scope))
        pulse.check()
        result = kind.work(task, **job.arguments)
        if pulse.lost:
            raise LeaseLost
    return dict(result or {})


def requester(job: Job) -> Viewer:
    """Who asked for the job, as they are now. Raises UserError where the account or the post is gone."""
    if job.system:
        return system_viewer(job.system)
    today = clock.today()
    with transaction.atomic():
        user = User.objects.filter(pk=job.user_id or 0).first()
        if user is None or not user.is_active or user.has_expired(today):
            raise _gone("XZ-JOB-01", zh="发起人的账号已停用或到期", en="the account of whoever asked is disabled or has expired")
        post = next((post for post in posts_of(user, today) if post.pk == job.post_id), None)
    if post is None and job.post_id is not None:
        raise _gone("XZ-JOB-02", zh="发起人已不在发起时的岗位上", en="whoever asked no longer holds the post they asked in")
    return viewer_of(user, post)


def _gone(code: str, *, zh: str, en: str) -> UserError:
    return UserError(code, zh=zh, en=en, todo_zh="由现任人员重新发起", todo_en="whoever is in office now has to start it again")


def _words(error: XiezhiError) -> Words:
    return Words(zh=error.message("zh"), en=error.message("en"))


def _again(lease: Lease, words: Words, actor: Actor, pace: Pace) -> None:
    if lease.job.attempts >= ATTEMPTS:
        ending.failed(lease, words, by=actor)
    else:
        ending.put_back(lease, words, rest=timedelta(seconds=pace.rest * 2 ** (lease.job.attempts - 1)))


def _unexpected(lease: Lease, actor: Actor) -> None:
    """A bug of ours: the log has all of it under a number, the person has the number."""
    reference = secrets.token_hex(4).upper()
    log.exception("a job failed unexpectedly", extra={"job": str(lease.job.pk), "reference": reference})
    words = Words(
        zh=f"任务意外出错，编号 {reference} → 把编号告诉系统管理员",
        en=f"the job failed unexpectedly, number {reference} → tell the number to the system administrator",
    )
    ending.failed(lease, words, by=actor, reference=reference)
