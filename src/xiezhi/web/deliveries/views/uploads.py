"""Sending files in, and what became of them."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.core.language import page_language
from xiezhi.web.deliveries import presenters, queries
from xiezhi.web.deliveries.actions import uploading
from xiezhi.web.deliveries.forms import UploadForm
from xiezhi.web.deliveries.models import Upload
from xiezhi.web.deliveries.policies.files import MOST_FILES, Fault
from xiezhi.web.jobs.models import Job
from xiezhi.web.kit.rendering import go, invalid, page_or_part


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
        taken = uploading.take(files, by=request.viewer, contract=form.cleaned_data["contract"])
    except uploading.NotTaken as refused:
        return invalid(request, "deliveries/upload.html", "deliveries/_upload.html", {**context, "refused": refused.faults})
    except UserError as error:
        fault = Fault("", error.en, error.todo_en) if page_language() == "en" else Fault("", error.zh, error.todo_zh)
        return invalid(request, "deliveries/upload.html", "deliveries/_upload.html", {**context, "refused": (fault,)})
    uploading.begin(taken, by=request.viewer)
    return go(request, reverse("deliveries:batch", args=[taken[0].batch]))


@guarded(Permission.DELIVERY_UPLOAD)
def batch(request: Request, batch: UUID) -> HttpResponse:
    files = _files(request, batch)
    job = Job.objects.filter(pk=files[0].job_id).first() if files[0].job_id else None
    open_ones = [one for one in files if not one.stage.ended]
    # Another person's job cannot be seen; their files then speak for it.
    over = files[0].job_id is None or (job is not None and job.finished)
    context = {
        "files": [{"one": one, "message": _said(one)} for one in files],
        "batch": batch,
        "job": job,
        "running": bool(open_ones) and not over,
        "stuck": bool(open_ones) and over,
    }
    return page_or_part(request, "deliveries/batch.html", "deliveries/_batch.html", context)


@guarded(Permission.DELIVERY_UPLOAD, methods=("POST",))
def again(request: Request, batch: UUID) -> HttpResponse:
    """Have what is still open of a batch received once more: after a failure, or where the worker was away."""
    files = _files(request, batch)
    uploading.begin(files, by=request.viewer)
    return go(request, reverse("deliveries:batch", args=[batch]))


def _files(request: Request, batch: UUID) -> list[Upload]:
    found = queries.batch(request.viewer, batch)
    if not found:
        raise Http404
    return found


def _said(one: Upload) -> tuple[str, str]:
    return (one.message_en, one.todo_en) if page_language() == "en" else (one.message_zh, one.todo_zh)
