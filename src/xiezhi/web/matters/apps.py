"""Registration of the app: its jobs."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "xiezhi.web.matters"
    label = "matters"
    prefix = "matters/"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("xiezhi.web.matters.jobs")
