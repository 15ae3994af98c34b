"""Registration of the app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.kit.navigation import Entry, Group, register


class ScheduleConfig(AppConfig):
    name = "xiezhi.web.schedule"
    label = "schedule"
    prefix = "schedule/"
    verbose_name = "日程"

    def ready(self) -> None:
        register(Entry(_("自动任务日程"), "schedule:table", "calendar", Permission.SYSTEM_RUN, Group.SYSTEM, order=31))
