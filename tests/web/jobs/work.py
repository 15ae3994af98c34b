"""Kinds of work that only tests have."""

from __future__ import annotations

import time
from typing import Any

from django.db import connection

from xiezhi.kernel.errors import RetryableError, UserError
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import acting_as
from xiezhi.web.jobs.kinds import Task, job_kind


@job_kind("test.rows", zh="写行", en="Write rows")
def rows(task: Task, *, number: int, pause: float = 0.0) -> dict[str, Any]:
    """Adds row 1 … number of this job, one a transaction, each only if it is not there yet."""
    for row in range(1, number + 1):
        task.check()
        with task.acting(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO test_effect (job, row) VALUES (%s, %s) ON CONFLICT DO NOTHING", [str(task.job_id), row])
            cursor.execute(
                "INSERT INTO test_tries (job, row, attempt) VALUES (%s, %s, %s)", [str(task.job_id), row, task.attempt]
            )
        task.progress.step("rules", row, number, f"r{row}")
        time.sleep(pause)
    return {"rows": number}


@job_kind("test.refused", zh="被拒", en="Refused")
def refused(task: Task) -> dict[str, Any]:
    raise UserError("XZ-TEST-01", zh="不行", en="no way", todo_zh="换一个", todo_en="take another")


@job_kind("test.broken", zh="出错", en="Broken")
def broken(task: Task) -> dict[str, Any]:
    raise ZeroDivisionError("secret detail 990101199003070017")


@job_kind("test.later", zh="稍后", en="Later")
def later(task: Task) -> dict[str, Any]:
    if task.attempt < 3:
        raise RetryableError("XZ-TEST-02", zh="忙", en="busy")
    return {"attempt": task.attempt}


@job_kind("test.permitted", zh="要权限", en="Needs a right", permission=Permission.RUN_START)
def permitted(task: Task) -> dict[str, Any]:
    with acting_as(task.viewer) as viewer:
        require(viewer, Permission.RUN_START)
    return {"unit": task.viewer.unit_name}


@job_kind("test.slow", zh="慢", en="Slow")
def slow(task: Task, *, seconds: float = 5.0) -> dict[str, Any]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        task.check()
        time.sleep(0.02)
    return {}
