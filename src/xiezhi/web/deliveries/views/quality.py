"""How good the data is: of all departments, and of one dataset over time."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.catalogue import gateway as catalogue
from xiezhi.web.deliveries import gateway, presenters, queries


@guarded(Permission.DELIVERY_READ)
def overview(request: Request) -> HttpResponse:
    ranked = queries.ranking(request.viewer)
    lines = [line for line in queries.calendar(request.viewer) if line.count]
    rows = [{**one, "title": presenters.department_title(one["department"])} for one in ranked]
    context = {"rows": rows, "chart": presenters.ranking_chart(ranked) if ranked else None, "lines": lines}
    return render(request, "deliveries/quality.html", context)


@guarded(Permission.DELIVERY_READ)
def dataset(request: Request, dataset: str) -> HttpResponse:
    told = catalogue.datasets().get(dataset)
    history = queries.history(request.viewer, dataset)
    if told is None or not any(line.dataset.name == dataset for line in queries.calendar(request.viewer)):
        raise Http404
    receipt = gateway.receipt(history[-1].number) if history else None
    context = {
        "told": told,
        "history": history,
        "rows": [presenters.row(one) for one in history[::-1]],
        "shares": presenters.shares_over_time(history) if history else None,
        "faults": presenters.faults_over_time(history) if history else None,
        "columns": presenters.column_grades(history, receipt) if receipt else [],
        "total": {
            name: sum(getattr(one, name) for one in history)
            for name in ("delivered", "accepted", "repaired", "set_aside", "duplicate")
        },
    }
    return render(request, "deliveries/quality_dataset.html", context)
