"""The register of reveals: who opened which identity, and why."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.kit.listing import Column, Listing
from xiezhi.web.kit.paging import page_by_key
from xiezhi.web.kit.rendering import page_or_part
from xiezhi.web.trail import presenters, queries
from xiezhi.web.trail.actions import looking
from xiezhi.web.trail.filters import PersonPeriodFilter

COLUMNS = (
    Column("at", _("时间"), frozen=True),
    Column("who", _("人员")),
    Column("unit", _("单位"), optional=True),
    Column("what", _("操作")),
    Column("thing", _("对象")),
    Column("why", _("事由")),
    Column("case", _("事项编号")),
    Column("outcome", _("结果")),
)


@guarded(Permission.TRAIL_READ)
def register(request: Request) -> HttpResponse:
    filters = PersonPeriodFilter(request.GET)
    looking.note("reveals", by=request.viewer, wanted=filters.said())
    page = page_by_key(queries.reveals(request.viewer, filters.wanted()), request.GET, queries.NEWEST)
    listing = Listing(COLUMNS, page, "", request.GET)
    context = {"listing": listing, "rows": [presenters.row(event) for event in listing], "filters": filters}
    return page_or_part(request, "trail/reveals.html", "trail/_reveals.html", context)
