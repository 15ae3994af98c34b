"""Every route of the inner site. Each app names its own; who may use one is said at its view."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

PREFIXES = {
    "workbench": "",
    "accounts": "",
    "alerts": "alerts/",
    "deliveries": "deliveries/",
    "catalogue": "catalogue/",
    "supervision": "rules/",
    "reveals": "reveals/",
    "notices": "notices/",
    "jobs": "jobs/",
    "schedule": "schedule/",
    "trail": "trail/",
    "api": "api/",
    "doctor": "",
    "demonstration": "demo/",
}

urlpatterns = [
    path(prefix, include(f"xiezhi.web.{app}.urls"))
    for app, prefix in PREFIXES.items()
    if f"xiezhi.web.{app}" in settings.INSTALLED_APPS and find_spec(f"xiezhi.web.{app}.urls")
]
