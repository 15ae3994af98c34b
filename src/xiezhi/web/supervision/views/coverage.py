"""How much of what the models concern could be evaluated."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.supervision import gateway, queries
from xiezhi.web.supervision.presenters import coverage as presenter


@guarded(Permission.RUN_READ)
def overview(request: Request) -> HttpResponse:
    found = queries.coverage_by_rule(request.viewer)
    cells = queries.coverage_by_place(request.viewer)
    rules = gateway.rules()
    rows = presenter.by_rule(found, rules)
    context = {
        "rows": rows,
        "chart": presenter.rules_chart(rows) if rows else None,
        "heat": presenter.heat(cells, _("各地各部门逐月的可评估比例"), _("月份")),
        "reasons": presenter.reasons(presenter.together(cells)),
        "population": sum(row["population"] for row in rows),
        "evaluated": sum(row["evaluated"] for row in rows),
        "without": presenter.without_rows(found, rules),
        "outside": sum(row["outside"] for row in rows),
    }
    return render(request, "supervision/coverage.html", context)
