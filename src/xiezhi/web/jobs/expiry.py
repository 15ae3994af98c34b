"""What is removed once it is over: old records of jobs, and, of the accounts below, sessions and sign-in links."""

from __future__ import annotations

from xiezhi.web.accounts.actions import expiry as accounts
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import acting_as
from xiezhi.web.jobs.actions.expiry import expire
from xiezhi.web.jobs.clock import Daily, scheduled
from xiezhi.web.jobs.kinds import JSON, Task, job_kind


@scheduled("jobs", Daily(3, 40), scope="retention", zh="清理旧的后台任务记录", en="Remove old records of jobs")
@job_kind("jobs.expire", zh="清理旧的后台任务记录", en="Remove old records of jobs", permission=Permission.SYSTEM_RUN)
def expire_old(task: Task) -> dict[str, JSON]:
    with acting_as(task.viewer) as viewer:
        return {"removed": expire(by=viewer)}


@scheduled("accounts", Daily(3, 20), scope="retention", zh="清理过期会话和登录链接", en="Remove sessions and links that are over")
@job_kind(
    "accounts.expire", zh="清理过期会话和登录链接", en="Remove sessions and links that are over", permission=Permission.SYSTEM_RUN
)
def expire_sessions(task: Task) -> dict[str, JSON]:
    with acting_as(task.viewer) as viewer:
        return {"removed": accounts.expire(by=viewer)}
