"""The library of models, and the page of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.kit.rendering import page_or_part
from xiezhi.web.lines import line_word
from xiezhi.web.supervision import gateway, queries
from xiezhi.web.supervision.actions import testing
from xiezhi.web.supervision.filters import RuleFilter
from xiezhi.web.supervision.gateway import RuleDescription
from xiezhi.web.supervision.presenters import changes, coverage, library
from xiezhi.web.supervision.presenters import rule as presenter
from xiezhi.web.supervision.queries import Site
from xiezhi.web.supervision.states import NEXT_STATUS


@guarded(Permission.RULE_READ)
def library_page(request: Request) -> HttpResponse:
    filters, site = RuleFilter(request.GET), queries.site()
    figures, waiting = queries.figures_of_rules(request.viewer), queries.open_changes()
    found = queries.matching(site, filters.all_chosen())
    rows = [library.row(rule, site, figures[rule.code], waiting.get(rule.code)) for rule in found]
    context = {"filters": filters, "rows": rows, "total": len(gateway.rules()), "chart": library.hits_by_line(rows)}
    return page_or_part(request, "supervision/rules.html", "supervision/_rules.html", context)


@guarded(Permission.RULE_READ)
def rule(request: Request, code: str) -> HttpResponse:
    return render(request, "supervision/rule.html", _page(request, rule_or_404(code), request.GET.get("tab", "words")))


@guarded(Permission.RULE_READ, methods=("POST",))
def cases(request: Request, code: str) -> HttpResponse:
    """Run the cases now, and show what came of each beside it."""
    one = rule_or_404(code)
    results = {result["name"]: result for result in testing.run_cases(by=request.viewer, code=code)}
    return render(request, "supervision/rule.html", {**_page(request, one, "cases"), "results": results})


def rule_or_404(code: str) -> RuleDescription:
    found = gateway.rules().get(code)
    if found is None:
        raise Http404
    return found


def _page(request: Request, one: RuleDescription, tab: str) -> dict[str, Any]:
    """What every tab has, and what this one has."""
    if tab not in TABS:
        raise Http404
    site = queries.site()
    status = site.status(one)
    return {
        "one": one,
        "line": line_word(one.domain),
        "status": status,
        "following": NEXT_STATUS[status],
        "waiting": queries.open_changes().get(one.code),
        "tab": tab,
        "tabs": presenter.tabs(one, tab),
        "part": f"supervision/_{tab}.html",
        **TABS[tab](request, one, site),
    }


def _words(request: Request, one: RuleDescription, site: Site) -> dict[str, Any]:
    figures = queries.figures_of_rules(request.viewer)[one.code]
    return {
        "figures": figures,
        "share": library.share(figures.precision),
        "conditions": gateway.valued(one.code, site.overrides(one.code)).conditions,
        "norms": presenter.norms(one),
    }


def _parameters(request: Request, one: RuleDescription, site: Site) -> dict[str, Any]:
    return {
        "rows": presenter.parameters(one, site),
        "lapsed": [lapsed for lapsed in site.lapsed if lapsed.rule == one.code],
        "tries": queries.tries_of(one.code),
    }


def _cases(request: Request, one: RuleDescription, site: Site) -> dict[str, Any]:
    return {"cases": gateway.cases(one.code)}


def _coverage(request: Request, one: RuleDescription, site: Site) -> dict[str, Any]:
    cells = queries.coverage_of(request.viewer, one.code)
    return {
        **coverage.counted(coverage.together(cells)),
        "units": coverage.units(cells),
        "heat": coverage.heat(cells, _("各单位逐月的可评估比例"), _("月份")),
    }


def _runs(request: Request, one: RuleDescription, site: Site) -> dict[str, Any]:
    points = queries.history(request.viewer, one.code)
    return {"points": list(reversed(points)), "chart": presenter.hits_over_runs(points) if points else None}


def _precision(request: Request, one: RuleDescription, site: Site) -> dict[str, Any]:
    return {"rows": presenter.judged(queries.outcomes_of(one.code))}


def _lineage(request: Request, one: RuleDescription, site: Site) -> dict[str, Any]:
    return {"picture": presenter.lineage(one), "reads": presenter.reads(one)}


def _changes(request: Request, one: RuleDescription, site: Site) -> dict[str, Any]:
    return {"rows": [changes.row(change) for change in queries.changes_of(one.code)]}


def _sql(request: Request, one: RuleDescription, site: Site) -> dict[str, Any]:
    return {"valued": gateway.valued(one.code, site.overrides(one.code))}


TABS: dict[str, Callable[[Request, RuleDescription, Site], dict[str, Any]]] = {
    "words": _words,
    "parameters": _parameters,
    "cases": _cases,
    "coverage": _coverage,
    "runs": _runs,
    "precision": _precision,
    "lineage": _lineage,
    "changes": _changes,
    "sql": _sql,
}
