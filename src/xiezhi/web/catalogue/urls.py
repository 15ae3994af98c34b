"""Routes of the catalogue."""

from __future__ import annotations

from django.urls import path

from xiezhi.web.catalogue.views import codelists, datasets

app_name = "catalogue"

urlpatterns = [
    path("", datasets.dataset_list, name="list"),
    path("fields/", datasets.field_list, name="fields"),
    path("purposes/", datasets.purposes, name="purposes"),
    path("codelists/", codelists.codelist_list, name="codelists"),
    path("codelists/<slug:name>/", codelists.codelist, name="codelist"),
    path("<slug:name>/", datasets.dataset, name="dataset"),
    path("<slug:name>/template/<slug:kind>/", datasets.template, name="template"),
]
