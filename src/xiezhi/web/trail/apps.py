"""Registration of the app, its place in the navigation and its background work."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.kit.cards import offer
from xiezhi.web.kit.navigation import Entry, Group, register


class TrailConfig(AppConfig):
    name = "xiezhi.web.trail"
    label = "trail"
    prefix = "trail/"

    def ready(self) -> None:
        # Models exist only now.
        from xiezhi.web.trail import jobs

        assert jobs
        register(
            Entry(_("审计记录"), "trail:list", "history", Permission.TRAIL_READ, Group.OVERSIGHT, order=60),
            Entry(_("审计统计"), "trail:figures", "chart", Permission.TRAIL_READ, Group.OVERSIGHT, order=61),
            Entry(_("审计链验证"), "trail:verification", "shield", Permission.TRAIL_READ, Group.OVERSIGHT, order=63),
        )
        queries = import_module("xiezhi.web.trail.queries")
        offer("trail", order=60, figures=queries.figures)
