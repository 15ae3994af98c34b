"""One's own jobs."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import signed_in
from xiezhi.web.accounts.request import Request
from xiezhi.web.jobs import presenters, queries
from xiezhi.web.jobs.actions import cancelling
from xiezhi.web.kit import display
from xiezhi.web.kit.listing import Column, listing_of
from xiezhi.web.kit.rendering import go, page_or_part

COLUMNS = (
    Column("title", gettext_lazy("任务"), frozen=True),
    Column("state", gettext_lazy("状态")),
    Column("asked", gettext_lazy("发起"), sort="asked_at"),
    Column("lasted", gettext_lazy("用时"), end=True, optional=True),
    Column("note", gettext_lazy("说明")),
)


@signed_in()
def mine(request: Request) -> HttpResponse:
    listing = listing_of(queries.mine(request.viewer), request.GET, COLUMNS, default="-asked")
    context = {"listing": listing, "rows": [presenters.row(job) for job in listing]}
    return page_or_part(request, "jobs/mine.html", "jobs/_mine.html", context)


@signed_in()
def job(request: Request, job_id: UUID) -> HttpResponse:
    found = queries.job_of(request.viewer, job_id)
    own = found.user_id == request.viewer.user_id
    context = {**presenters.shown(found, own=own), **presenters.row(found)}
    context["url"] += "?reload=1"  # its state and times stand outside the part that asks for itself
    return render(request, "jobs/job.html", context)


@signed_in()
def progress(request: Request, job_id: UUID) -> HttpResponse:
    """The part that asks for itself until the job is over. `?reload=1`: then the whole page is loaded again."""
    found = queries.job_of(request.viewer, job_id)
    own = found.user_id == request.viewer.user_id
    reload = request.GET.get("reload") == "1"
    shown = presenters.shown(found, own=own)
    if reload:
        shown["url"] += "?reload=1"
    response = render(request, "jobs/_progress.html", shown)
    if reload and found.finished:
        response["HX-Refresh"] = "true"
    return response


@signed_in(methods=("GET", "POST"))
def cancel(request: Request, job_id: UUID) -> HttpResponse:
    found = queries.job_of(request.viewer, job_id)
    here, title = reverse("jobs:job", args=[job_id]), _("取消任务：%(title)s") % {"title": found.title}
    if request.method != "POST":
        context = {
            "title": title,
            "text": _("已经做好的部分可能保留；需要时可以重新发起。"),
            "url": request.path,
            "danger": True,
            "submit": _("取消任务"),
            "job": found,
        }
        return render(request, "kit/confirm.html", context)
    try:
        cancelling.cancel(job_id, by=request.viewer)
    except UserError as error:
        context = {"title": title, "text": display.refusal(error), "url": request.path, "danger": True}
        return render(request, "kit/confirm.html", context, status=422)
    return go(request, here)
