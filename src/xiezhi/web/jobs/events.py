"""What jobs write into the trail."""

from xiezhi.web.audit.kinds import declare, name_object

_NAMED = {"state": ("状态", "State"), "job_kind": ("任务种类", "Kind of job"), "attempts": ("尝试次数", "Attempts")}

STARTED = declare("job.started", zh="发起后台任务", en="Started a background job", fields=_NAMED)
FINISHED = declare("job.finished", zh="后台任务完成", en="Background job finished", fields=_NAMED)
FAILED = declare("job.failed", zh="后台任务失败", en="Background job failed", fields=_NAMED)
CANCEL_ASKED = declare("job.cancel_asked", zh="请求取消后台任务", en="Asked to cancel a background job", fields=_NAMED)
CANCELLED = declare("job.cancelled", zh="后台任务已取消", en="Background job cancelled", fields=_NAMED)
EXPIRED = declare("job.expired", zh="清理后台任务记录", en="Removed old records of jobs", fields={"number": ("条数", "Number")})

name_object("job", zh="后台任务", en="background job")
name_object("jobs.job", zh="后台任务", en="background job")
