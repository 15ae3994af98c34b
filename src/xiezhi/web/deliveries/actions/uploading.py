"""Taking files in: written to the uploads folder under a random name, recorded, and handed to a job."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.models import Unit
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.roles import ROLES, Duty
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.audit.identities import without_identities
from xiezhi.web.audit.record import Target, record
from xiezhi.web.catalogue import gateway as catalogue
from xiezhi.web.deliveries import events
from xiezhi.web.deliveries.models import Upload
from xiezhi.web.deliveries.policies.files import MOST_FILES, FileFault, fault_of, litter, safe_name
from xiezhi.web.deliveries.states import UploadState
from xiezhi.web.jobs.actions.starting import start
from xiezhi.web.jobs.models import Job

HEAD = 16

RECEIVE = "deliveries.receive"
"""The kind of job that receives a batch."""
LOOK = "deliveries.look"
"""The kind of job that looks at a batch before it is sent."""


class Incoming(Protocol):
    """A file on its way in: Django's UploadedFile, or whatever reads like one."""

    @property
    def name(self) -> str | None: ...
    @property
    def size(self) -> int | None: ...
    def chunks(self) -> Iterable[bytes]: ...


@dataclass(eq=False)
class NotTaken(Exception):
    """Files that may not come in. Nothing of the batch is kept."""

    faults: tuple[FileFault, ...]


def uploads_folder() -> Path:
    """Where files wait for their job, readable by the platform's own account only."""
    folder = Path(settings.XIEZHI_HOME) / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def folder_of(upload: Upload) -> Path:
    return uploads_folder() / upload.batch.hex / upload.pk.hex


def path_of(upload: Upload) -> Path:
    """The file itself: in a folder of random name, under the name the sender knows, which its receipt repeats."""
    return folder_of(upload) / upload.name


def department_of(viewer: Viewer) -> str | None:
    """The department a viewer may deliver for; None for all."""
    if viewer.role is None or ROLES[viewer.role].duty not in (Duty.DEPARTMENT, Duty.MACHINE):
        return None
    return Unit.objects.values_list("department", flat=True).get(path=viewer.unit_path)


def take(files: Iterable[Incoming], *, by: Viewer, contract: str = "", state: UploadState = UploadState.WAITING) -> list[Upload]:
    """Take files in as one batch. Raises NotTaken naming every file that may not come in; then none is kept.

    `contract`: the dataset, where the sender knows; else each sheet is recognised by its header. Then `begin` it; in the `state`
    of LOOKING it is to be looked at first (`previewing.look`).
    """
    require(by, Permission.DELIVERY_UPLOAD)
    department = department_of(by)
    _check_contract(contract, department)
    wanted = [one for one in files if not litter(one.name or "")]
    if not 0 < len(wanted) <= MOST_FILES:
        raise NotTaken(
            (
                FileFault(
                    "", _("没有可交的文件") if not wanted else _("一次最多 %(n)s 个文件") % {"n": MOST_FILES}, _("重新选择文件")
                ),
            )
        )
    batch = uuid.uuid4()
    made = [_upload(one, batch, by, contract, department or "", state) for one in wanted]
    try:
        faults = [fault for one, upload in zip(wanted, made, strict=True) if (fault := _store(one, upload))]
        if faults:
            raise NotTaken(tuple(faults))
        return _record(made, by, contract)
    except BaseException:
        shutil.rmtree(uploads_folder() / batch.hex, ignore_errors=True)
        raise


def target_of(uploads: Sequence[Upload]) -> Upload | Target:
    """What an event of these files is on: the one, or all of them, by the names that people know them by."""
    if len(uploads) == 1:
        return uploads[0]
    return Target("batch", str(uploads[0].batch), without_identities("、".join(sorted(one.name for one in uploads))))


@transaction.atomic
def _record(made: list[Upload], by: Viewer, contract: str) -> list[Upload]:
    Upload.objects.bulk_create(made)
    record(
        events.UPLOADED,
        by=by,
        on=target_of(made),
        files=len(made),
        bytes=sum(one.size for one in made),
        contract=contract,
    )
    return made


@transaction.atomic
def begin(uploads: Sequence[Upload], *, by: Viewer) -> Job:
    """Have a batch received by a worker. While that goes on, beginning again gives the same job."""
    return work_on(uploads, RECEIVE, by=by)


def work_on(uploads: Sequence[Upload], kind: str, *, by: Viewer) -> Job:
    """Start a job of that kind for files of one batch, or give the one that is under way."""
    first = uploads[0]
    title = first.name if len(uploads) == 1 else _("%(name)s 等 %(n)s 个文件") % {"name": first.name, "n": len(uploads)}
    job = start(kind, by=by, title=title, key=f"{kind}:{first.batch}", arguments={"batch": str(first.batch)})
    Upload.objects.filter(pk__in=[one.pk for one in uploads]).update(job_id=job.pk)
    return job


def _check_contract(contract: str, department: str | None) -> None:
    dataset = catalogue.datasets().get(contract)
    if contract and (dataset is None or department not in (None, dataset.department)):
        raise UserError(
            "XZ-DLV-01",
            zh="不能为这个数据集交付",
            en="you cannot deliver this dataset",
            todo_zh="选择本部门的数据集，或让系统自动识别",
            todo_en="choose one of your own department's datasets, or let the platform recognise it",
        )


def _upload(one: Incoming, batch: uuid.UUID, by: Viewer, contract: str, department: str, state: UploadState) -> Upload:
    return Upload(
        batch=batch,
        state=state,
        name=safe_name(one.name or ""),
        size=one.size or 0,
        contract=contract,
        department=department,
        unit_id=by.unit_id or 0,
        unit_path=by.unit_path,
        sent_at=clock.now(),
        sent_by=by.username,
        sender=by.display_name,
    )


def _store(one: Incoming, upload: Upload) -> FileFault | None:
    """Write the file and measure it. A file with a fault is not written at all."""
    digest, written, out = sha256(), 0, None
    try:
        for chunk in one.chunks():
            if out is None:
                fault = fault_of(upload.name, upload.size, chunk[:HEAD])
                if fault:
                    return fault
                folder_of(upload).mkdir(mode=0o700, parents=True)
                out = path_of(upload).open("wb")
            digest.update(chunk)
            written += out.write(chunk)
    finally:
        if out is not None:
            out.close()
    if out is None:
        return fault_of(upload.name, 0, b"")
    upload.sha256, upload.size = digest.hexdigest(), written
    return None
