"""Routes of matters."""

from __future__ import annotations

from django.urls import path

from xiezhi.web.matters.views import signing

app_name = "matters"

urlpatterns = [
    path("proposals/<uuid:proposal_id>/<str:act>/", signing.act, name="sign"),
]
