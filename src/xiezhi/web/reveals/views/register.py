"""The register: who opened whom, for which purpose."""

from __future__ import annotations

from django.http import HttpResponse

from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.audit.record import record
from xiezhi.web.kit.rendering import page_or_part
from xiezhi.web.reveals import events, queries
from xiezhi.web.reveals.forms import RegisterFilter


@guarded(Permission.REVEAL_REGISTER)
def register(request: Request) -> HttpResponse:
    """Whoever has no units of their own (auditors) reads who and why, and not which subject."""
    filters = RegisterFilter(request.GET)
    asked = filters.asked()
    record(events.REGISTER_READ, by=request.viewer, on="register:reveals")
    context = {
        "filters": filters,
        "rows": queries.register(request.viewer, asked),
        "many": queries.many(request.viewer),
        "subjects": bool(request.viewer.scope.paths),
    }
    return page_or_part(request, "reveals/register.html", "reveals/_register.html", context)
