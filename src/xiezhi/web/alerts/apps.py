"""Registration of the app: navigation and jobs."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.alerts.states import PROCESS
from xiezhi.web.kit.cards import offer
from xiezhi.web.kit.navigation import Entry, Group, register


def _page(matter: Any) -> str:
    return reverse("alerts:one", args=[matter.number])


class AlertsConfig(AppConfig):
    name = "xiezhi.web.alerts"
    label = "alerts"
    prefix = "alerts/"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("xiezhi.web.alerts.jobs")
        raising = import_module("xiezhi.web.alerts.actions.raising")
        import_module("xiezhi.web.supervision.policies").after_run(raising.raise_alerts)
        effects = import_module("xiezhi.web.alerts.actions.effects")
        registry = import_module("xiezhi.web.matters.policies.registry")
        registry.register(
            registry.Subject(PROCESS, page=_page, about=effects.alert_of, follow=effects.follow, followed=effects.followed)
        )
        register(Entry(_("预警"), "alerts:list", "alert", Permission.ALERT_READ, Group.WORK, order=10))
        register(Entry(_("重放核对"), "alerts:mismatches", "refresh", Permission.REPLAY_CHECK, Group.OVERSIGHT, order=40))
        queries = import_module("xiezhi.web.alerts.queries")
        import_module("xiezhi.web.reveals.policies").reveal_from(queries.reveal_wanted)
        offer("alerts", order=10, to_do=queries.to_do, figures=queries.figures)
