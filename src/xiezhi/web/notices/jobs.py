"""Background work on notices."""

from __future__ import annotations

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import acting_as
from xiezhi.web.jobs.clock import Daily, scheduled
from xiezhi.web.jobs.kinds import JSON, Task, job_kind
from xiezhi.web.notices.actions.reading import expire


@scheduled("notices", Daily(3, 30), scope="retention", zh="清理已读通知", en="Remove old read notices")
@job_kind("notices.expire", zh="清理已读通知", en="Remove old read notices", permission=Permission.SYSTEM_RUN)
def expire_read(task: Task) -> dict[str, JSON]:
    with acting_as(task.viewer) as viewer:
        return {"removed": expire(by=viewer)}
