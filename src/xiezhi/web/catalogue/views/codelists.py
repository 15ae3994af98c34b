"""Code lists: the closed vocabularies deliveries are checked against."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.catalogue import gateway, presenters


@guarded(Permission.CATALOGUE_READ)
def codelist_list(request: HttpRequest) -> HttpResponse:
    told = gateway.datasets()
    rows = [
        {"one": one, "users": [told[name] for name in dict.fromkeys(pair[0] for pair in one.used_by)]}
        for one in gateway.codelists().values()
    ]
    return render(request, "catalogue/codelists.html", {"rows": rows, "tabs": presenters.tabs("codelists")})


@guarded(Permission.CATALOGUE_READ)
def codelist(request: HttpRequest, name: str) -> HttpResponse:
    one = gateway.codelists().get(name)
    if one is None:
        raise Http404
    told = gateway.datasets()
    users = [
        {"dataset": told[dataset], "field": next(f for f in told[dataset].fields if f.name == field)}
        for dataset, field in one.used_by
    ]
    return render(request, "catalogue/codelist.html", {"one": one, "users": users})
