"""Routes of the auditor's screens."""

from __future__ import annotations

from django.urls import path

from xiezhi.web.trail.views import events, exports, figures, histories, verification

app_name = "trail"
urlpatterns = [
    path("", events.event_list, name="list"),
    path("events/<int:event_id>/", events.event, name="event"),
    path("person/", histories.person, name="person"),
    path("thing/", histories.thing, name="thing"),
    path("figures/", figures.figures, name="figures"),
    path("verification/", verification.verification, name="verification"),
    path("verification/<uuid:job_id>/", verification.progress, name="progress"),
    path("checkpoint/", verification.checkpoint, name="checkpoint"),
    path("list.csv", exports.as_csv, name="csv"),
    path("export/", exports.start_export, name="export"),
    path("export/<uuid:job_id>/", exports.fetch, name="fetch"),
]
