"""Registration of the app and of its place in the navigation."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.kit.navigation import Entry, Group, register


class ApiConfig(AppConfig):
    name = "xiezhi.web.api"
    label = "api"
    prefix = "api/"
    verbose_name = "机器接口"

    def ready(self) -> None:
        register(Entry(_("机器令牌"), "api:tokens", "key", Permission.MACHINE_MANAGE, Group.SYSTEM, order=40))
