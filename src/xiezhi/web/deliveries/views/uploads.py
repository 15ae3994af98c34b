"""Sending files in, and what became of them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.deliveries import presenters, queries
from xiezhi.web.deliveries.actions import deciding, previewing, uploading
from xiezhi.web.deliveries.actions.keeping import UNSENT_DAYS
from xiezhi.web.deliveries.forms import UploadForm
from xiezhi.web.deliveries.models import Upload
from xiezhi.web.deliveries.policies.access import may_decide
from xiezhi.web.deliveries.policies.files import MOST_FILES, FileFault
from xiezhi.web.deliveries.states import UploadState
from xiezhi.web.jobs.models import Job
from xiezhi.web.kit import display
from xiezhi.web.kit.rendering import go, invalid, page_or_part
from xiezhi.web.language import page_language


@guarded(Permission.DELIVERY_UPLOAD, methods=("GET", "POST"))
def upload(request: Request) -> HttpResponse:
    department = uploading.department_of(request.viewer)
    form = UploadForm(request.POST if request.method == "POST" else None, department=department)
    context = {
        "form": form,
        "batches": queries.recent_batches(request.viewer),
        "most_files": MOST_FILES,
        "templates": presenters.with_template(department),
    }
    if request.method != "POST":
        return page_or_part(request, "deliveries/upload.html", "deliveries/_upload.html", context)
    if not form.is_valid():
        return invalid(request, "deliveries/upload.html", "deliveries/_upload.html", context)
    files = [*request.FILES.getlist("files"), *request.FILES.getlist("folder")]
    try:
        chosen = form.cleaned_data["contract"]
        taken = uploading.take(files, by=request.viewer, contract=chosen, state=UploadState.LOOKING)
    except uploading.NotTaken as refused:
        return invalid(request, "deliveries/upload.html", "deliveries/_upload.html", {**context, "refused": refused.faults})
    except UserError as error:
        fault = FileFault("", error.en, error.todo_en) if page_language() == "en" else FileFault("", error.zh, error.todo_zh)
        return invalid(request, "deliveries/upload.html", "deliveries/_upload.html", {**context, "refused": (fault,)})
    previewing.look(taken, by=request.viewer)
    return go(request, _page_of(taken[0].batch))


@guarded(Permission.DELIVERY_UPLOAD)
def batch(request: Request, batch: UUID) -> HttpResponse:
    """What was uploaded together: what it would be taken for until it is sent, and afterwards what became of it."""
    found = _files(request, batch)
    files = [one for one in found if one.stage is not UploadState.REMOVED]
    job = Job.objects.filter(pk=files[0].job_id).first() if files and files[0].job_id else None
    open_ones = [one for one in files if not one.stage.ended and one.stage is not UploadState.READY]
    # Another person's job cannot be seen; their files then speak for it.
    over = not files or files[0].job_id is None or (job is not None and job.finished)
    ready = [one for one in files if one.stage is UploadState.READY]
    context = {
        "files": [_entry(request, one) for one in files],
        "batch": batch,
        "job": job,
        "running": bool(open_ones) and not over,
        "stuck": bool(open_ones) and over,
        "unsent": any(one.stage.unsent for one in files),
        "ready": len(ready),
        "may_send": bool(ready) and not open_ones and all(may_decide(request.viewer, one) for one in ready),
        "lapses": UNSENT_DAYS,
        "most_sheets": previewing.MOST_SHEETS,
    }
    return page_or_part(request, "deliveries/batch.html", "deliveries/_batch.html", context)


def _entry(request: Request, one: Upload) -> dict[str, object]:
    return {
        "one": one,
        "message": _said(one),
        "sheets": presenters.preview(one),
        "may_remove": one.stage.may_become(UploadState.REMOVED) and may_decide(request.viewer, one),
    }


@guarded(Permission.DELIVERY_UPLOAD, methods=("POST",))
def again(request: Request, batch: UUID) -> HttpResponse:
    """Go on with what is still open of a batch: after a failure, or where the worker was away."""
    files = _files(request, batch)
    if looking := [one for one in files if one.stage is UploadState.LOOKING]:
        previewing.look(looking, by=request.viewer)
    elif left := [one for one in files if not (one.stage.ended or one.stage.unsent)]:
        uploading.begin(left, by=request.viewer)
    return go(request, _page_of(batch))


@guarded(Permission.DELIVERY_UPLOAD, methods=("POST",))
def send(request: Request, batch: UUID) -> HttpResponse:
    """What was looked at is right: from now on it is received."""
    _files(request, batch)
    try:
        deciding.send(batch, by=request.viewer)
    except UserError as refused:
        messages.error(request, display.refusal(refused))
    return go(request, _page_of(batch))


@guarded(Permission.DELIVERY_UPLOAD, methods=("POST",))
def remove(request: Request, batch: UUID) -> HttpResponse:
    """Take away the file that the form names; none where it names none of the batch."""
    named = request.POST.get("file", "")
    for one in _files(request, batch):
        if str(one.pk) == named:
            try:
                deciding.remove(one, by=request.viewer)
            except UserError as refused:
                messages.error(request, display.refusal(refused))
            else:
                messages.success(request, _("已移除 %(name)s") % {"name": one.name})
    return go(request, _page_of(batch))


def _page_of(batch: UUID) -> str:
    return reverse("deliveries:batch", args=[batch])


def _files(request: Request, batch: UUID) -> list[Upload]:
    found = queries.batch(request.viewer, batch)
    if not found:
        raise Http404
    return found


def _said(one: Upload) -> tuple[str, str]:
    return (one.message_en, one.todo_en) if page_language() == "en" else (one.message_zh, one.todo_zh)
