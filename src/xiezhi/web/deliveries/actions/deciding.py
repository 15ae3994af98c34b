"""What becomes of a file that was uploaded: its unit sends it, or takes it away."""

from __future__ import annotations

import shutil
from contextlib import suppress
from uuid import UUID

from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import NotPermitted, require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.record import record
from xiezhi.web.deliveries import events
from xiezhi.web.deliveries.actions.uploading import begin, folder_of, target_of
from xiezhi.web.deliveries.models import Upload
from xiezhi.web.deliveries.policies.access import may_decide
from xiezhi.web.deliveries.states import UploadState
from xiezhi.web.jobs.models import Job


@transaction.atomic
def send(batch: UUID, *, by: Viewer) -> Job:
    """Send what is ready of a batch: from now on a worker receives it.

    Raises UserError where a file of it is still being looked at, or none is ready; NotPermitted for another unit's.
    """
    require(by, Permission.DELIVERY_UPLOAD)
    found = list(seen_by(Upload.objects.filter(batch=batch), by.scope).select_for_update().order_by("name", "pk"))
    if any(one.stage is UploadState.LOOKING for one in found):
        raise UserError(
            "XZ-DLV-03", "还有文件正在识别", "a file is still being looked at", "等识别完再报送", "send when that is done"
        )
    ready = [one for one in found if one.stage is UploadState.READY]
    if not ready:
        raise UserError("XZ-DLV-04", "没有待报送的文件", "there is nothing left to send", "刷新页面后再看", "reload the page")
    _check(by, *ready)
    mine = Upload.objects.filter(pk__in=[one.pk for one in ready])
    mine.update(state=UploadState.WAITING, preview=[], sent_at=clock.now())
    on = target_of(ready)
    record(events.SENT, by=by, on=on, files=len(ready), bytes=sum(one.size for one in ready))
    return begin(ready, by=by)


def remove(upload: Upload, *, by: Viewer) -> None:
    """Take a file out of its upload and erase its bytes; one that was refused leaves the list.

    Raises UserError for one that is being received or was, NotPermitted for another unit's.
    """
    require(by, Permission.DELIVERY_UPLOAD)
    _check(by, upload)
    with transaction.atomic():
        locked = seen_by(Upload.objects.filter(pk=upload.pk), by.scope).select_for_update().get()
        if not locked.stage.may_become(UploadState.REMOVED):
            raise UserError(
                "XZ-DLV-05",
                f"{locked.name}：{UploadState(locked.state).label}，不能移除",
                f"{locked.name} cannot be removed any more",
                "已接收的要撤回，请联系数据分析员",
                "ask the data analyst about what was received",
            )
        was, locked.state, locked.preview, locked.ended_at = locked.state, UploadState.REMOVED, [], clock.now()
        locked.save(update_fields=["state", "preview", "ended_at"])
        record(events.REMOVED, by=by, on=locked, bytes=locked.size, was=was)
    erase(locked)


def erase(upload: Upload) -> None:
    """Its bytes, and the batch's folder where they were the last in it."""
    shutil.rmtree(folder_of(upload), ignore_errors=True)
    with suppress(OSError):
        folder_of(upload).parent.rmdir()


def _check(by: Viewer, *uploads: Upload) -> None:
    if not all(may_decide(by, one) for one in uploads):
        raise NotPermitted(Permission.DELIVERY_UPLOAD)
