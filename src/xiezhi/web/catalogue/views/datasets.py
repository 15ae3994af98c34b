"""Datasets, one dataset, its columns and purposes."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.catalogue import gateway, presenters, queries
from xiezhi.web.catalogue.filters import DatasetFilter, FieldFilter
from xiezhi.web.kit.rendering import page_or_part
from xiezhi.web.language import page_language

MOST_FIELDS = 200
TEMPLATES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


@guarded(Permission.CATALOGUE_READ)
def dataset_list(request: Request) -> HttpResponse:
    filters = DatasetFilter(request.GET)
    fresh = queries.freshness(request.viewer)
    found = queries.matching(department=filters.chosen("department"), cadence=filters.chosen("cadence"), text=filters.chosen("q"))
    context = {
        "filters": filters,
        "rows": [presenters.row(one, fresh) for one in found],
        "tabs": presenters.tabs("list"),
        "total": len(gateway.datasets()),
    }
    return page_or_part(request, "catalogue/list.html", "catalogue/_list.html", context)


@guarded(Permission.CATALOGUE_READ)
def field_list(request: Request) -> HttpResponse:
    filters = FieldFilter(request.GET)
    found = queries.matching_fields(
        text=filters.chosen("q"), kind=filters.chosen("kind"), classification=filters.chosen("classification")
    )
    rows = [{"dataset": dataset, **presenters.field_row(field)} for dataset, field in found[:MOST_FIELDS]]
    context = {"filters": filters, "rows": rows, "total": len(found), "most": MOST_FIELDS, "tabs": presenters.tabs("fields")}
    return page_or_part(request, "catalogue/fields.html", "catalogue/_fields.html", context)


@guarded(Permission.CATALOGUE_READ)
def dataset(request: Request, name: str) -> HttpResponse:
    one = gateway.datasets().get(name)
    if one is None:
        raise Http404
    context = {
        "one": one,
        "facts": presenters.facts_of(one),
        "fresh": queries.freshness(request.viewer).get(name),
        "tables": [{"table": table, "rows": [presenters.field_row(field) for field in table.fields]} for table in one.tables],
        "expectations": presenters.expectation_rows(one),
        "picture": presenters.lineage_picture(one, request.viewer),
        "rules": presenters.dark_rules(one, request.viewer),
    }
    return render(request, "catalogue/dataset.html", context)


@guarded(Permission.CATALOGUE_READ)
def template(request: Request, name: str, kind: str) -> HttpResponse:
    """An empty table to fill in: nothing of anybody is in it."""
    one = gateway.datasets().get(name)
    if one is None or not one.tabular or kind not in TEMPLATES:
        raise Http404
    content = gateway.template(name, "csv" if kind == "csv" else "xlsx", page_language())
    called = _("%(dataset)s-空白模板.%(kind)s") % {"dataset": one.title.zh, "kind": kind}
    head = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=called) or ""}
    return HttpResponse(content, content_type=TEMPLATES[kind], headers=head)


@guarded(Permission.CATALOGUE_READ)
def purposes(request: Request) -> HttpResponse:
    return render(request, "catalogue/purposes.html", {"rows": presenters.purposes(), "tabs": presenters.tabs("purposes")})
