"""Every route of the inner site. Each app says in `apps.py` under which prefix its own lie; who may use one, its view says."""

from __future__ import annotations

from django.apps import apps
from django.urls import include, path

urlpatterns = [
    path(config.prefix, include(f"{config.name}.urls")) for config in apps.get_app_configs() if hasattr(config, "prefix")
]
