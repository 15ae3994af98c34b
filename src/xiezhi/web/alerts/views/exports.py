"""Exporting the list that one sees."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.alerts import presenters, queries
from xiezhi.web.alerts.actions import exporting
from xiezhi.web.alerts.filters import AlertFilter
from xiezhi.web.alerts.forms import ExportForm
from xiezhi.web.alerts.policies import MOST_ROWS_NOW
from xiezhi.web.jobs.actions.starting import start
from xiezhi.web.kit.paging import total_of
from xiezhi.web.kit.rendering import go, invalid, page_or_part

PAGE = "alerts/act_page.html"


@guarded(Permission.ALERT_EXPORT, methods=("GET", "POST"))
def export(request: Request) -> HttpResponse:
    """Why, and as what; then the file, or a job where it is long. The filter is that of the address."""
    query = request.GET.urlencode()
    form = ExportForm(request.POST if request.method == "POST" else None)
    filters = AlertFilter(QueryDict(query), request.viewer)
    alerts = queries.alerts(request.viewer, filters.wanted()).select_related("unit__parent__parent")
    total = total_of(alerts, MOST_ROWS_NOW)
    context = {
        "form": form,
        "title": _("导出预警"),
        "text": _("共 %(n)s 条，与列表的条件一致。") % {"n": total},
        "submit": _("导出"),
        "url": f"{request.path}?{query}",
        "back": f"{reverse('alerts:list')}?{query}",
        "export": True,
    }
    if request.method != "POST":
        return page_or_part(request, PAGE, "alerts/_act.html", context)
    if not form.is_valid():
        return invalid(request, PAGE, "alerts/_act.html", context)
    made = exporting.ask(query=query, format=form.cleaned_data["format"], why=form.cleaned_data["why"], by=request.viewer)
    if total.capped:
        job = start(
            "alerts.export",
            by=request.viewer,
            title=_("导出预警"),
            key=f"alerts.export:{made.pk}",
            arguments={"export_id": str(made.pk)},
        )
        return go(request, reverse("jobs:job", args=[job.pk]))
    sheet = exporting.ExportSheet(alerts, presenters.export_heads(), presenters.export_cells, filters.said())
    exporting.write(made.pk, sheet, by=request.viewer)
    answer = go(request, reverse("alerts:download", args=[made.pk]))
    # The browser stays on the page while the file comes: what asked for it closes, and it is said where the file is.
    answer.headers["HX-Trigger"] = json.dumps({"closePanels": "", "say": {"text": _("文件已生成，正在下载"), "tone": "good"}})
    return answer


@guarded(Permission.ALERT_EXPORT)
def download(request: Request, export_id: UUID) -> HttpResponseBase:
    """To its maker only, within a day."""
    made = queries.export_of(request.viewer, export_id)
    if made is None or made.made_at is None:
        raise Http404
    try:
        path = exporting.note_download(made, by=request.viewer)
    except UserError as error:
        raise Http404 from error
    response = FileResponse(path.open("rb"), as_attachment=True, filename=made.name)
    response["Cache-Control"] = "no-store, private"
    return response
