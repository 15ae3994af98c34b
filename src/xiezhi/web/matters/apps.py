"""Registration of the app: its jobs, and the signatures that wait for somebody on their workbench."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

from xiezhi.web.kit.cards import offer


class MattersConfig(AppConfig):
    name = "xiezhi.web.matters"
    label = "matters"
    prefix = "matters/"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("xiezhi.web.matters.jobs")
        offer("matters", order=5, to_do=import_module("xiezhi.web.matters.queries.cards").to_do)
