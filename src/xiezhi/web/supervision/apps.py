"""Registration of the app: navigation and jobs."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.kit.cards import offer
from xiezhi.web.kit.navigation import Entry, Group, register


class SupervisionConfig(AppConfig):
    name = "xiezhi.web.supervision"
    label = "supervision"
    prefix = "rules/"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("xiezhi.web.supervision.jobs")
        register(
            Entry(_("模型库"), "supervision:rules", "rule", Permission.RULE_READ, Group.MODELS, order=10),
            Entry(_("模型运行"), "supervision:runs", "play", Permission.RUN_READ, Group.MODELS, order=20),
            Entry(_("模型变更"), "supervision:changes", "edit", Permission.RULE_READ, Group.MODELS, order=30),
            Entry(_("评估覆盖"), "supervision:coverage", "map", Permission.RUN_READ, Group.MODELS, order=40),
        )
        queries = import_module("xiezhi.web.supervision.queries")
        offer("supervision", order=20, to_do=queries.to_do, figures=queries.figures)
