"""The list of alerts, and the same by subject."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.alerts import presenters, queries
from xiezhi.web.alerts.actions import own
from xiezhi.web.alerts.filters import AlertFilter
from xiezhi.web.alerts.queries.alerts import worst
from xiezhi.web.kit.listing import Column, Listing, listing_of
from xiezhi.web.kit.numbers import whole_number
from xiezhi.web.kit.paging import Page, Total, size_of
from xiezhi.web.kit.rendering import page_or_part, wants_part

COLUMNS = (
    Column("number", _("编号"), sort="number", frozen=True),
    Column("level", _("级别"), sort="level_rank"),
    Column("what", _("情形"), sort="rule"),
    Column("subject", _("主体"), optional=True),
    Column("unit", _("单位"), sort="unit_path"),
    Column("amount", _("金额（元）"), sort="amount_rank", end=True),
    Column("state", _("状态")),
    Column("raised", _("生成"), sort="raised_at"),
)
SUBJECT_COLUMNS = (
    Column("subject", _("主体"), frozen=True),
    Column("kind", _("类别")),
    Column("worst", _("最高级别")),
    Column("count", _("预警数"), end=True),
    Column("rules", _("模型数"), end=True),
    Column("sum", _("金额合计（元）"), end=True),
    Column("newest", _("最近生成")),
)


@guarded(Permission.ALERT_READ)
def alert_list(request: Request) -> HttpResponse:
    if not request.GET and not wants_part(request):
        view = queries.default_view(request.viewer)
        if view is not None and view.query:
            return HttpResponseRedirect(f"{reverse('alerts:list')}?{view.query}")
    filters = AlertFilter(request.GET, request.viewer)
    found = queries.alerts(request.viewer, filters.wanted()).select_related("unit__parent__parent")
    listing = listing_of(found, request.GET, COLUMNS, default="-level")
    own.note_visit(request.viewer)
    context = {
        **_shared(request, filters),
        "listing": listing,
        "rows": presenters.rows(listing),
    }
    return page_or_part(request, "alerts/list.html", "alerts/_list.html", context)


@guarded(Permission.ALERT_READ)
def subject_list(request: Request) -> HttpResponse:
    """Who has most against them: count, sum and worst level of each subject."""
    filters = AlertFilter(request.GET, request.viewer)
    size = size_of(request.GET)
    number = whole_number(request.GET.get("page", ""), 500) or 1
    found = list(queries.subjects(request.viewer, filters.wanted())[(number - 1) * size : number * size + 1])
    more = len(found) > size
    total = Total((number - 1) * size + len(found[:size]), capped=more)
    page: Page[Any] = Page(
        found[:size],
        size,
        total,
        number,
        previous={"page": str(number - 1)} if number > 1 else None,
        next={"page": str(number + 1)} if more else None,
    )
    rows = [{**one, "level": worst(one["worst"]), "kind": presenters.kind_word(one["kind"])} for one in page.rows]
    listing: Listing[Any] = Listing(SUBJECT_COLUMNS, page, "", request.GET)
    context = {**_shared(request, filters), "listing": listing, "rows": rows}
    return page_or_part(request, "alerts/subjects.html", "alerts/_subjects.html", context)


def _shared(request: Request, filters: AlertFilter) -> dict[str, Any]:
    query = request.GET.copy()
    for name in ("page", "csrfmiddlewaretoken"):
        query.pop(name, None)
    return {
        "filters": filters,
        "some_withheld": queries.some_withheld(request.viewer),
        "views": queries.saved_views(request.viewer),
        "query": query.urlencode(),
        "may_export": request.viewer.can(Permission.ALERT_EXPORT),
        "asked_seal": filters.cleaned_data.get("seal") or "",
        "sealed": presenters.sealed_rows(filters.sealed()),
    }
