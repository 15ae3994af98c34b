"""Routes of the manual."""

from __future__ import annotations

from django.urls import path

from xiezhi.web.help.views import manual

app_name = "help"

urlpatterns = [
    path("", manual.guide_list, name="guides"),
    path("guides/<slug:name>/", manual.guide, name="guide"),
    path("pages/<slug:name>/", manual.topic, name="topic"),
    path("entry/<slug:name>/", manual.entry, name="entry"),
]
