"""Registration of the app, its list and its bell."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xiezhi.web.kit.cards import offer
from xiezhi.web.kit.navigation import Entry, Group, register
from xiezhi.web.kit.slots import Slot, fill


class NoticesConfig(AppConfig):
    name = "xiezhi.web.notices"
    label = "notices"
    prefix = "notices/"
    verbose_name = "通知"

    def ready(self) -> None:
        import_module("xiezhi.web.notices.jobs")
        register(Entry(_("通知"), "notices:list", "bell", None, Group.WORK, order=80))
        fill(Slot.BELL, "notices/_bell.html")
        queries = import_module("xiezhi.web.notices.queries")
        offer("notices", order=80, to_do=queries.to_do)
