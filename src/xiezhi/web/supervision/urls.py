"""Routes of models, their runs and their changes. A rule's code comes last: no code is one of the words before it."""

from __future__ import annotations

from django.urls import path

from xiezhi.web.supervision.views import changes, coverage, rules, runs, tries

app_name = "supervision"

urlpatterns = [
    path("", rules.library_page, name="rules"),
    path("runs/", runs.run_list, name="runs"),
    path("runs/start/", runs.start, name="start"),
    path("runs/<int:number>/", runs.run, name="run"),
    path("changes/", changes.change_list, name="changes"),
    path("changes/<uuid:number>/", changes.change, name="change"),
    path("changes/<uuid:number>/<slug:move>/", changes.move, name="move"),
    path("tried/<uuid:number>/", tries.tried, name="tried"),
    path("tried/<uuid:number>/propose/", tries.propose, name="propose"),
    path("coverage/", coverage.overview, name="coverage"),
    path("<slug:code>/", rules.rule, name="rule"),
    path("<slug:code>/cases/", rules.cases, name="cases"),
    path("<slug:code>/try/", tries.try_parameters, name="try"),
    path("<slug:code>/status/", changes.propose_status, name="status"),
]
