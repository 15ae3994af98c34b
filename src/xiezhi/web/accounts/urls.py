"""Routes of signing in, of one's own account, and of the administrators' screens."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.account.urls")),
    path("account/factors/", include("allauth.mfa.urls")),
]
