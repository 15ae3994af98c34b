"""Taking the trail away: a list as CSV, or the whole chain in a file that can be verified elsewhere."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.audit.presenters import changes, object_word, particulars, what, who
from xiezhi.web.jobs.actions.starting import start
from xiezhi.web.kit import display
from xiezhi.web.trail import jobs, queries
from xiezhi.web.trail.actions import looking
from xiezhi.web.trail.filters import EventFilter
from xiezhi.web.trail.spreadsheet import written
from xiezhi.web.trail.words import role_word

MOST = 50_000
"""Rows of a list. Whoever needs more takes the whole chain."""


@guarded(Permission.TRAIL_EXPORT)
def as_csv(request: Request) -> FileResponse:
    """The newest events that the filter finds."""
    filters = EventFilter(request.GET)
    events = queries.found(request.viewer, filters.wanted()).order_by(*queries.NEWEST)[:MOST]
    file, rows = written(_header(), (_row(event) for event in events.iterator(2000)))
    looking.note_taken(by=request.viewer, rows=rows, wanted=filters.said())
    return FileResponse(file, as_attachment=True, filename="trail.csv", content_type="text/csv; charset=utf-8")


@guarded(Permission.TRAIL_EXPORT, methods=("POST",))
def start_export(request: Request) -> HttpResponse:
    job = start(jobs.export, by=request.viewer, title=_("导出审计链"), key="trail.export")
    return redirect(f"{reverse('trail:verification')}?job={job.pk}")


@guarded(Permission.TRAIL_EXPORT)
def fetch(request: Request, job_id: UUID) -> FileResponse:
    """The file of an export of one's own."""
    job = get_object_or_404(queries.own_jobs(request.viewer), pk=job_id, kind="trail.export")
    path = jobs.export_path(str(job.pk))
    if not path.exists():
        raise Http404
    looking.note_fetched(by=request.viewer, name=path.name)
    return FileResponse(path.open("rb"), as_attachment=True, filename="trail.jsonl", content_type="application/x-ndjson")


def _header() -> tuple[str, ...]:
    names = (_("编号"), _("时间"), _("用户名"), _("人员"), _("角色"), _("单位"), _("操作"), _("结果"), _("对象种类"), _("对象"))
    return (*names, _("事由"), _("改动"), _("详情"), _("来源地址"), _("请求编号"))


def _row(event: AuditEvent) -> tuple[object, ...]:
    changed = "; ".join(f"{one.label}: {one.before} → {one.after}" for one in changes(event))
    told = "; ".join(f"{one.label}: {one.value}" for one in particulars(event))
    at, outcome = display.moment(event.at, seconds=True), event.get_outcome_display()
    names = (event.pk, at, event.username, who(event), role_word(event.role), event.unit_name, what(event), outcome)
    return (
        *names,
        object_word(event.on_kind),
        event.on_label or event.on_id,
        event.why,
        changed,
        told,
        event.ip,
        event.request_id,
    )
