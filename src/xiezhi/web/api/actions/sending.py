"""A delivery that a machine sends in: the same files under the same key are taken in once."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from http import HTTPStatus
from typing import Any, TypeAlias

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from xiezhi.kernel import clock
from xiezhi.kernel.words import Words
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.api.models import SentOnce
from xiezhi.web.api.problems import NOT_FOUND, Problem
from xiezhi.web.deliveries.actions import uploading
from xiezhi.web.jobs.models import Job

Sent: TypeAlias = "UploadedFile[Any]"

OTHER_CONTENT = Problem(
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "XZ-API-02",
    Words(zh="这个幂等键已用于另一份内容", en="this idempotency key was used for other content"),
    Words(
        zh="新的内容用新的键；重发原来的内容用原来的键", en="use a new key for new content, the old one only to repeat the old"
    ),
)


@transaction.atomic
def send(files: Sequence[Sent], *, by: Viewer, contract: str, key: str) -> Job:
    """Take the files in and have them received. Sent again under the same key: the job of the first time.

    Raises Problem where the key belongs to other content, or the files may not come in.
    """
    require(by, Permission.DELIVERY_UPLOAD)
    if key:
        fingerprint = _fingerprint(files, contract)
        wanted = SentOnce(user_id=by.user_id or 0, key=key, fingerprint=fingerprint, at=clock.now())
        # Two that send at once under one key: the second waits here until the first has committed.
        SentOnce.objects.bulk_create([wanted], ignore_conflicts=True)
        found = SentOnce.objects.get(user_id=wanted.user_id, key=key)
        if found.pk != wanted.pk:
            return _repeated(found, fingerprint, by)
    job = _sent(files, by, contract)
    if key:
        SentOnce.objects.filter(pk=wanted.pk).update(job_id=job.pk)
    return job


def _repeated(found: SentOnce, fingerprint: str, by: Viewer) -> Job:
    if found.fingerprint != fingerprint:
        raise OTHER_CONTENT
    job = Job.objects.filter(pk=found.job_id, user_id=by.user_id).first() if found.job_id else None
    if job is None:
        raise NOT_FOUND
    return job


def _sent(files: Sequence[Sent], by: Viewer, contract: str) -> Job:
    try:
        taken = uploading.take(files, by=by, contract=contract)
    except uploading.NotTaken as refused:
        raise _not_taken(refused) from refused
    return uploading.begin(taken, by=by)


def _not_taken(refused: uploading.NotTaken) -> Problem:
    """The faults are said in the language of the machine's account; the rest in both."""
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "XZ-API-03",
        Words(zh="文件不能接收，一份也没有留下", en="the files cannot be taken in; none was kept"),
        Words(zh="按 files 中的说明改正后整批重发", en="correct what `files` says and send all of them again"),
        more={"files": [{"name": one.name, "detail": one.what, "todo": one.todo} for one in refused.faults]},
    )


def _fingerprint(files: Sequence[Sent], contract: str) -> str:
    digest = sha256(contract.encode())
    for one in files:
        digest.update(f"\0{one.name}\0{one.size}\0".encode())
        for chunk in one.chunks():
            digest.update(chunk)
    return digest.hexdigest()
