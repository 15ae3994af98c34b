"""What clocks of matters do by themselves."""

from __future__ import annotations

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.jobs.clock import Hourly, scheduled
from xiezhi.web.jobs.kinds import JSON, Task, job_kind
from xiezhi.web.matters.actions import alarming


@scheduled("alarms", Hourly(5), scope="alarms", zh="到期提醒与逾期上报", en="Reminders and escalations of what is due")
@job_kind("matters.ring", zh="到期提醒与逾期上报", en="Remind and escalate", permission=Permission.SYSTEM_RUN)
def ring(task: Task) -> dict[str, JSON]:
    """Tell whoever has to know that a clock comes to its end, or has."""
    return alarming.ring(by=task.viewer, check=task.check)
