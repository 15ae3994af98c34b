"""The first page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.accounts.roles import ROLES, RoleCode
from xiezhi.web.workbench import queries

SHOWN = 8
"""Things to do of one urgency shown before the rest folds away."""


@guarded(Permission.WORKBENCH_OPEN)
def home(request: Request) -> HttpResponse:
    waiting = queries.to_do(request.viewer)
    charts = queries.charts(request.viewer)
    waits = any(waiting.values())
    context = {
        "waiting": [(urgency.value, those[:SHOWN], those[SHOWN:]) for urgency, those in waiting.items() if those],
        "nothing_waits": not waits,
        "figures": queries.figures(request.viewer),
        "some_withheld": queries.some_withheld(request.viewer),
        "beside": charts[0] if waits and charts else None,
        "charts": charts[1:] if waits else charts,
        "role": ROLES[RoleCode(request.viewer.role or "")],
    }
    return render(request, "workbench/home.html", context)
