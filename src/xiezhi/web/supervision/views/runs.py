"""Runs of the models: those that were, the one that is going on, and asking for another."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.kit import display
from xiezhi.web.kit.listing import Column, listing_of
from xiezhi.web.kit.rendering import go, page_or_part
from xiezhi.web.supervision import gateway, queries
from xiezhi.web.supervision.actions import running
from xiezhi.web.supervision.presenters import runs as presenter

COLUMNS = (
    Column("number", _("运行"), sort="number", frozen=True),
    Column("finished", _("完成时间"), sort="finished"),
    Column("actor", _("发起人"), sort="actor", optional=True),
    Column("rules", _("算出的模型"), sort="done", end=True),
    Column("troubled", _("未算出"), end=True),
    Column("hits", _("命中数"), end=True),
    Column("new", _("新出现"), end=True),
    Column("gone", _("已消失"), end=True),
    Column("lasted", _("用时"), sort="lasted_for", end=True, optional=True),
)


@guarded(Permission.RUN_READ)
def run_list(request: Request) -> HttpResponse:
    listing = listing_of(queries.runs(), request.GET, COLUMNS, default="-number")
    found = queries.found_by_run(request.viewer, [run.number for run in listing])
    context = {
        "listing": listing,
        "rows": [presenter.row(run, found.get(run.number, {})) for run in listing],
        "going": presenter.going(queries.live_job(), request.viewer),
        "has_lake": gateway.has_lake(),
    }
    return page_or_part(request, "supervision/runs.html", "supervision/_runs_list.html", context)


@guarded(Permission.RUN_READ)
def run(request: Request, number: int) -> HttpResponse:
    one = queries.run(number)
    if one is None:
        raise Http404
    rules, found = gateway.rules(), queries.found_by_rule(request.viewer, number)
    rows = [presenter.rule_row(ended, rules.get(ended.rule), found.get(ended.rule, {})) for ended in queries.run_rules(number)]
    context = {
        "one": one,
        "rows": rows,
        "done": sum(row["hits"] is not None for row in rows),
        "hits": sum(row["hits"] or 0 for row in rows),
        "new": sum(row["new"] for row in rows),
        "gone": sum(row["gone"] for row in rows),
        "stages": presenter.stages(one),
        "adjusted": presenter.adjusted(one, rules),
    }
    return render(request, "supervision/run.html", context)


@guarded(Permission.RUN_START, methods=("POST",))
def start(request: Request) -> HttpResponse:
    """All models, or those that are named. The run that is going on is shown instead of a second."""
    try:
        running.start_run(by=request.viewer, codes=request.POST.getlist("code"))
    except UserError as refusal:
        messages.error(request, display.refusal(refusal))
    else:
        messages.success(request, _now("已开始运行，完成后自动生成预警"))
    return go(request, reverse("supervision:runs"))
