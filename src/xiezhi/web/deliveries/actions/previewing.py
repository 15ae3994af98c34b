"""Looking at what was uploaded before it is sent: what each file would be taken for. Done again it comes to the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from xiezhi.kernel.progress import Progress
from xiezhi.web.accounts.scope import seen_by
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.deliveries import gateway
from xiezhi.web.deliveries.actions.receiving import LOST, SEND_AGAIN, Acting
from xiezhi.web.deliveries.actions.uploading import LOOK, path_of, uploads_folder, work_on
from xiezhi.web.deliveries.models import Upload
from xiezhi.web.deliveries.states import UploadState
from xiezhi.web.jobs.models import Job

MOST_SHEETS = 50
"""Sheets and members of one file that are looked at."""


def look(uploads: Sequence[Upload], *, by: Viewer) -> Job:
    """Have a worker look at the files of a batch."""
    return work_on(uploads, LOOK, by=by)


def look_at_batch(batch: UUID, *, acting: Acting, progress: Progress) -> int:
    """Look at every file of a batch that was not looked at yet; how many. Runs outside a transaction: large files take time."""
    with acting() as by:
        waiting = list(seen_by(Upload.objects.filter(batch=batch, state=UploadState.LOOKING).order_by("name", "pk"), by.scope))
    for number, upload in enumerate(waiting):
        progress.step("preview", number, len(waiting), upload.name)
        found = _found(upload)
        with acting() as by:
            # Where it was removed meanwhile, nothing is to be kept of it.
            mine = seen_by(Upload.objects.filter(pk=upload.pk, state=UploadState.LOOKING), by.scope)
            mine.update(state=UploadState.READY, preview=found)
    return len(waiting)


def _found(upload: Upload) -> list[dict[str, Any]]:
    path = path_of(upload)
    if not path.is_file():
        return [{"said": LOST.model_dump(), "todo": SEND_AGAIN.model_dump()}]
    return gateway.preview(path, uploads_folder() / "scratch", contract=upload.contract or None, most=MOST_SHEETS)
