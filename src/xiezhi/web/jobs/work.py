"""Background work on jobs themselves."""

from __future__ import annotations

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import acting_as
from xiezhi.web.jobs.actions.expiring import expire
from xiezhi.web.jobs.kinds import JSON, Task, job_kind


@job_kind("jobs.expire", zh="清理旧的后台任务记录", en="Remove old records of jobs", permission=Permission.SYSTEM_RUN)
def expire_old(task: Task) -> dict[str, JSON]:
    with acting_as(task.viewer) as viewer:
        return {"removed": expire(by=viewer)}
