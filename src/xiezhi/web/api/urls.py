"""Routes of the machine interface, and of the screens around it."""

from __future__ import annotations

from django.urls import include, path

from xiezhi.web.api.machine import routes
from xiezhi.web.api.views import reference, tokens

app_name = "api"

urlpatterns = [
    path("tokens/", tokens.token_list, name="tokens"),
    path("tokens/new/", tokens.issue, name="issue"),
    path("tokens/<uuid:token_id>/revoke/", tokens.revoke, name="revoke"),
    path("v1/", reference.reference, name="reference"),
    path("v1/openapi.json", reference.openapi, name="openapi"),
    path("v1/", include(routes())),
]
