"""Registration of the app, its place in the navigation and its link on every page."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xiezhi.web.kit.navigation import Entry, Group, register
from xiezhi.web.kit.slots import Slot, fill


class HelpConfig(AppConfig):
    name = "xiezhi.web.help"
    label = "help"
    prefix = "help/"
    verbose_name = "用户手册"

    def ready(self) -> None:
        register(Entry(_("用户手册"), "help:guides", "help", None, Group.WORK, order=95))
        fill(Slot.HELP, "help/_here.html")
