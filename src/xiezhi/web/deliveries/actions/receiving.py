"""From an upload to deliveries. Cut off anywhere, done again it comes to the same: the lake holds no file twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from xiezhi.kernel import clock
from xiezhi.kernel.progress import Progress
from xiezhi.kernel.words import Words
from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer, acting_as
from xiezhi.web.audit.record import record
from xiezhi.web.catalogue import gateway as catalogue
from xiezhi.web.deliveries import events, gateway
from xiezhi.web.deliveries.actions.mirroring import mirror_all
from xiezhi.web.deliveries.actions.uploading import folder_of, path_of, uploads_folder
from xiezhi.web.deliveries.gateway import Receipt
from xiezhi.web.deliveries.models import Upload
from xiezhi.web.deliveries.states import UploadState, before

LOST = Words(zh="文件已不在服务器上", en="the file is no longer on the server")
SEND_AGAIN = Words(zh="请重新上传", en="send it again")


@dataclass
class Result:
    """What a batch came to."""

    received: int = 0
    refused: int = 0
    deliveries: list[int] = field(default_factory=list)


Acting = Callable[[], AbstractContextManager[Viewer]]
"""Opens the transaction in which the sender acts: what a job gives, so that one that lost its lease writes nothing."""


def receive_batch(batch: UUID, *, acting: Acting, by: Viewer, progress: Progress) -> Result:
    """Receive every file of a batch that is still open, one after the other. Runs outside a transaction: files take minutes."""
    result = Result()
    for upload in _begin(batch, acting):
        if not path_of(upload).is_file():
            _refuse(upload, LOST, SEND_AGAIN, acting)
            result.refused += 1
            continue
        foreign = _foreign(upload)
        if foreign is not None:
            _refuse(upload, *foreign, acting)
            result.refused += 1
            continue
        receipts = gateway.receive([path_of(upload)], actor=by.username, contract=upload.contract or None, progress=progress)
        mirror_all()  # before the page links to them
        _finish(upload, receipts, acting)
        kept = any(not receipt.refused for receipt in receipts)
        result.received, result.refused = result.received + kept, result.refused + (not kept)
        result.deliveries += [receipt.delivery for receipt in receipts]
    with suppress(OSError):
        (uploads_folder() / batch.hex).rmdir()  # what else lies in it waits for its sender
    return result


def give_up(batch: UUID, *, by: Viewer) -> None:
    """The job ended without finishing: the open files say so, and can be tried again."""
    with acting_as(by):
        seen_by(Upload.objects.filter(batch=batch, state__in=before(UploadState.FAILED)), by.scope).update(
            state=UploadState.FAILED
        )


def _begin(batch: UUID, acting: Acting) -> list[Upload]:
    with acting() as by:
        found = seen_by(Upload.objects.filter(batch=batch, state__in=before(UploadState.CHECKING)), by.scope)
        found.update(state=UploadState.CHECKING)
        return list(seen_by(Upload.objects.filter(batch=batch, state=UploadState.CHECKING).order_by("name", "pk"), by.scope))


def _foreign(upload: Upload) -> tuple[Words, Words] | None:
    """Why a department's own contact may not deliver this: it is another's. Asked before anything enters the lake."""
    if not upload.department:
        return None
    told = catalogue.datasets()
    for sheet in gateway.recognise([path_of(upload)], uploads_folder() / "scratch"):
        if sheet.department not in (None, upload.department) and sheet.contract:
            dataset = told[sheet.contract]
            where_zh, where_en = (f"{sheet.member or sheet.sheet}: ",) * 2 if sheet.member or sheet.sheet else ("", "")
            return (
                Words(
                    zh=f"{where_zh}这是{dataset.department_title.zh}的“{dataset.title.zh}”，不是本部门的数据",
                    en=f"{where_en}this is “{dataset.title.en}” of {dataset.department_title.en}, not your department's",
                ),
                Words(
                    zh="核对是否选错文件；确需由本部门交付的，请联系数据分析员",
                    en="check the file; if it is yours to deliver, ask the data analyst",
                ),
            )
    return None


def _close(upload: Upload, state: UploadState, acting: Acting) -> None:
    with acting() as by:
        upload.state, upload.ended_at = state, clock.now()
        upload.save(update_fields=["state", "ended_at", "numbers", "message_zh", "message_en", "todo_zh", "todo_en"])
        if state is UploadState.REFUSED:
            record(events.REFUSED, by=by, on=upload, reason=upload.message_zh, outcome="refused")
        else:
            record(events.RECEIVED, by=by, on=upload, deliveries=upload.numbers)
    shutil.rmtree(folder_of(upload), ignore_errors=True)


def _refuse(upload: Upload, what: Words, todo: Words, acting: Acting) -> None:
    upload.message_zh, upload.message_en, upload.todo_zh, upload.todo_en = what.zh, what.en, todo.zh, todo.en
    _close(upload, UploadState.REFUSED, acting)


def _finish(upload: Upload, receipts: Sequence[Receipt], acting: Acting) -> None:
    """Note what a file became. `same_as` a delivery that came before this upload was sent: it was here already."""
    upload.numbers = [receipt.delivery for receipt in receipts]
    refusals = [receipt.refusal for receipt in receipts if receipt.refusal]
    if refusals and len(refusals) == len(receipts):
        first = refusals[0]
        _refuse(
            upload,
            Words(zh=first.zh, en=first.en),
            Words(zh=first.todo_zh or "核对后重新交付", en=first.todo_en or "mend it and deliver again"),
            acting,
        )
        return
    rows, aside = sum(one.delivered for one in receipts), sum(one.set_aside for one in receipts)
    before = [
        one for one in receipts if one.same_as and datetime.fromisoformat(one.received_at) < upload.sent_at.replace(microsecond=0)
    ]
    if before and len(before) == len(receipts):
        numbers = ", ".join(str(one.same_as) for one in before)
        upload.message_zh, upload.message_en = (
            f"此前已收到同一文件（第 {numbers} 号交付），没有新内容",
            f"received before as delivery {numbers}; nothing new",
        )
    else:
        upload.message_zh = f"共 {rows:,} 行" + (f"，其中 {aside:,} 行退回" if aside else "，全部接收")
        upload.message_en = f"{rows:,} rows, " + (f"{aside:,} set aside" if aside else "all received")
        if not rows:
            upload.message_zh, upload.message_en = "没有数据行，没有任何内容入湖", "no rows: nothing came into the lake"
            upload.todo_zh, upload.todo_en = (
                "确实没有数据的，告知数据分析师；否则核对后重新交付",
                "if there is truly nothing to deliver, tell the data analyst; else check and deliver again",
            )
        if aside:
            upload.todo_zh, upload.todo_en = (
                "下载退回行，改正后重新交付",
                "download the rows set aside, mend them and deliver again",
            )
    _close(upload, UploadState.RECEIVED, acting)
