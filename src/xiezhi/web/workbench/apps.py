"""Registration of the app and of its place in the navigation."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.kit.navigation import Entry, Group, register


class WorkbenchConfig(AppConfig):
    name = "xiezhi.web.workbench"
    label = "workbench"
    prefix = ""

    def ready(self) -> None:
        register(Entry(_("工作台"), "workbench:home", "home", Permission.WORKBENCH_OPEN, Group.WORK, order=1))
