"""The job that receives a batch of uploads."""

from __future__ import annotations

import time
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel.errors import RetryableError
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.deliveries.actions import mirroring, receiving
from xiezhi.web.deliveries.actions.uploading import RECEIVE
from xiezhi.web.jobs.kinds import JSON, LeaseLost, Task, job_kind

PATIENCE = 1800
"""Seconds to wait while another process writes to the lake."""
PAUSE = 3


@job_kind(RECEIVE, zh="接收交付", en="Receive deliveries", permission=Permission.DELIVERY_UPLOAD)
def receive(task: Task, batch: str) -> dict[str, JSON]:
    """Receive a batch, then bring the table of deliveries in step. Started again after a crash, it goes on where it was."""
    try:
        result = _patiently(task, UUID(batch))
    except (LeaseLost, RetryableError):
        raise  # somebody goes on with it
    except Exception:
        receiving.give_up(UUID(batch), by=task.viewer)
        raise
    finally:
        mirroring.mirror_all()
    return {
        "received": result.received,
        "refused": result.refused,
        "deliveries": result.deliveries,
        "url": reverse("deliveries:batch", args=[batch]),
    }


def _patiently(task: Task, batch: UUID) -> receiving.Result:
    """Another receiving or a reveal may hold the lake or the vault for a while: that is waited for, not reported."""
    until = time.monotonic() + PATIENCE
    while True:
        task.check()
        try:
            return receiving.receive_batch(batch, acting=task.acting, by=task.viewer, progress=task.progress)
        except RetryableError:
            if time.monotonic() > until:
                raise
            task.progress.step("waiting", 0, 0, _("数据湖正在写入，稍候"))
            time.sleep(PAUSE)
