"""The list of events, and one event with what it changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.audit import presenters as audit_presenters
from xiezhi.web.audit.places import last_checkpoint
from xiezhi.web.audit.record import Target
from xiezhi.web.kit.listing import Column, Listing
from xiezhi.web.kit.paging import page_by_key
from xiezhi.web.kit.rendering import page_or_part
from xiezhi.web.trail import presenters, queries
from xiezhi.web.trail.actions import looking
from xiezhi.web.trail.filters import EventFilter

COLUMNS = (
    Column("at", _("时间"), frozen=True),
    Column("who", _("人员")),
    Column("role", _("角色"), optional=True),
    Column("unit", _("单位"), optional=True),
    Column("what", _("操作")),
    Column("thing", _("对象")),
    Column("outcome", _("结果")),
    Column("ip", _("来源地址"), optional=True),
)


@guarded(Permission.TRAIL_READ)
def event_list(request: Request) -> HttpResponse:
    filters = EventFilter(request.GET)
    looking.note("list", by=request.viewer, wanted=filters.said())
    page = page_by_key(queries.found(request.viewer, filters.wanted()), request.GET, queries.NEWEST)
    listing = Listing(COLUMNS, page, "", request.GET)
    context = {
        "listing": listing,
        "rows": [presenters.row(event) for event in listing],
        "filters": filters,
        "exports": f"{reverse('trail:csv')}?{request.GET.urlencode()}",
    }
    return page_or_part(request, "trail/list.html", "trail/_list.html", context)


@guarded(Permission.TRAIL_READ)
def event(request: Request, event_id: int) -> HttpResponse:
    one = get_object_or_404(queries.found(request.viewer), pk=event_id)
    looking.note("event", by=request.viewer, on=Target("audit.auditevent", str(one.pk), f"{one.pk}"))
    context = {
        "row": presenters.row(one),
        "sentence": audit_presenters.sentence(one),
        "changes": audit_presenters.changes(one),
        "particulars": audit_presenters.particulars(one),
        "seal": presenters.seal(one, queries.link_of(one), last_checkpoint()),
        "together": [presenters.row(other) for other in queries.together(one)],
    }
    return render(request, "trail/event.html", context)
