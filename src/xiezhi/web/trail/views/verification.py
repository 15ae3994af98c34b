"""Proof that the trail is whole: what was found, by whom; the last checkpoint, also for paper."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.audit import printing
from xiezhi.web.audit.places import copy_state, last_checkpoint
from xiezhi.web.audit.verify import PATIENCE
from xiezhi.web.jobs.actions.starting import start
from xiezhi.web.jobs.models import Job
from xiezhi.web.trail import jobs, presenters, queries
from xiezhi.web.trail.actions import looking


@guarded(Permission.TRAIL_READ, methods=("GET", "POST"))
def verification(request: Request) -> HttpResponse:
    """What was found lately; POST has a worker walk the whole chain."""
    if request.method == "POST":
        job = start(jobs.verify, by=request.viewer, title=_("验证审计链"), key="trail.verify")
        return redirect(f"{reverse('trail:verification')}?job={job.pk}")
    looking.note("verification", by=request.viewer, on="trail")
    waiting, since = queries.waiting()
    own = queries.own_jobs(request.viewer)[:5]
    last = last_checkpoint()
    context = {
        "last": last,
        "root": printing.spaced(last.root) if last else "",
        "signed_at": datetime.fromisoformat(last.at) if last else None,
        "copy": copy_state(),
        "waiting": waiting,
        "late": since is not None and clock.now() - since > PATIENCE,
        "verifications": [presenters.verification(event) for event in queries.verifications(request.viewer)],
        "jobs": [(job, reverse("trail:progress", args=[job.pk]), _file(job)) for job in own],
    }
    return render(request, "trail/verification.html", context)


@guarded(Permission.TRAIL_READ)
def progress(request: Request, job_id: UUID) -> HttpResponse:
    """The bar, asked for every two seconds. Writes no event: the page it stands on did."""
    job = get_object_or_404(queries.own_jobs(request.viewer), pk=job_id)
    response = render(request, "trail/_progress.html", {"job": job, "url": reverse("trail:progress", args=[job.pk])})
    if job.finished:
        response.headers["HX-Refresh"] = "true"
    return response


@guarded(Permission.TRAIL_READ)
def checkpoint(request: Request) -> HttpResponse:
    """The last checkpoint for paper, with its whole line as a QR code."""
    last = last_checkpoint()
    if last is None:
        raise Http404
    looking.note_printed(by=request.viewer, number=last.number)
    context = {
        "checkpoint": last,
        "root": printing.spaced(last.root),
        "previous": printing.spaced(last.previous),
        "signature": printing.spaced(last.signature),
        "qr": printing.qr_image(last),
        "now": clock.now(),
    }
    return render(request, "trail/checkpoint.html", context)


def _file(job: Job) -> str:
    """Where a finished export is to be had, while it is there."""
    if job.kind != "trail.export" or job.state != "done" or not jobs.export_path(str(job.pk)).exists():
        return ""
    return reverse("trail:fetch", args=[job.pk])
