"""Background work on deliveries: receiving a batch, and what the clock has done with the lake every day."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from xiezhi.kernel.errors import RetryableError
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.audit.delivery import yesterday
from xiezhi.web.deliveries.actions import keeping, mirroring, previewing, receiving, reminding
from xiezhi.web.deliveries.actions.uploading import LOOK, RECEIVE
from xiezhi.web.jobs.clock import Daily, Hourly, scheduled
from xiezhi.web.jobs.kinds import JSON, LeaseLost, Task, job_kind


@job_kind(RECEIVE, zh="接收交付", en="Receive deliveries", permission=Permission.DELIVERY_UPLOAD)
def receive(task: Task, batch: str) -> dict[str, JSON]:
    """Receive a batch, then bring the table of deliveries in step. Started again after a crash, it goes on where it was."""
    try:
        result = task.patiently(lambda: _received(task, UUID(batch)))
    except (LeaseLost, RetryableError):
        raise  # somebody goes on with it
    except Exception:
        receiving.give_up(UUID(batch), by=task.viewer)
        task.check()  # what was stopped because somebody cancelled it ends as cancelled, not as failed
        raise
    finally:
        mirroring.mirror_all()
    return {
        "received": result.received,
        "refused": result.refused,
        "deliveries": result.deliveries,
        "url": reverse("deliveries:batch", args=[batch]),
    }


@job_kind(LOOK, zh="识别上传的文件", en="Look at uploaded files", permission=Permission.DELIVERY_UPLOAD)
def look(task: Task, batch: str) -> dict[str, JSON]:
    """Look at a batch before it is sent. Begun again after a crash, it goes on with what was not looked at."""
    looked = previewing.look_at_batch(UUID(batch), acting=task.acting, progress=task.progress)
    return {"files": looked, "url": reverse("deliveries:batch", args=[batch])}


@scheduled("late", Daily(8, 0), scope="late", zh="检查逾期交付并提醒", en="Look for late deliveries and remind")
@job_kind("deliveries.remind", zh="检查逾期交付", en="Look for late deliveries", permission=Permission.DELIVERY_CHASE)
def remind(task: Task) -> dict[str, JSON]:
    with task.acting() as viewer:
        return {"late": reminding.remind(by=viewer), "url": reverse("deliveries:calendar")}


@scheduled("retention", Daily(3, 50), scope="retention", zh="销毁超过保存期限的数据", en="Erase data past its retention")
@job_kind(
    "deliveries.expire", zh="销毁超过保存期限的交付", en="Erase what is past its retention", permission=Permission.SYSTEM_RUN
)
def expire(task: Task) -> dict[str, JSON]:
    """Begun again after a crash it goes on: what is erased is erased, and the table of deliveries is brought in step."""
    erased = task.patiently(lambda: keeping.expire(by=task.viewer))
    mirroring.mirror_all()
    return {"erased": erased}


@scheduled("uploads", Hourly(10), scope="retention", zh="清除遗留的上传文件", en="Remove files that uploads left")
@job_kind("deliveries.sweep", zh="清除遗留的上传文件", en="Remove files that uploads left", permission=Permission.SYSTEM_RUN)
def sweep(task: Task) -> dict[str, JSON]:
    """What a web process or a worker left that was killed."""
    return {"removed": keeping.sweep()}


@scheduled(
    "trail",
    Daily(1, 0),
    scope="trail_delivery",
    zh="把前一天的审计事件作为数据接收",
    en="Receive the trail of the day before as data",
)
@job_kind(
    "deliveries.trail", zh="交付前一天的审计事件", en="Deliver the trail of the day before", permission=Permission.SYSTEM_RUN
)
def deliver_trail(task: Task) -> dict[str, JSON]:
    """The platform's own events as a dataset, so that models watch those who use it."""
    rows = task.patiently(lambda: keeping.deliver_trail(yesterday(), by=task.viewer, progress=task.progress))
    mirroring.mirror_all()
    return {"rows": rows}


def _received(task: Task, batch: UUID) -> receiving.Result:
    return receiving.receive_batch(batch, acting=task.acting, by=task.viewer, progress=task.progress)
