"""Registration of the app and of its place in the navigation."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.kit.navigation import Entry, Group, register


class CatalogueConfig(AppConfig):
    name = "xiezhi.web.catalogue"
    label = "catalogue"
    prefix = "catalogue/"

    def ready(self) -> None:
        register(Entry(_("数据资源目录"), "catalogue:list", "database", Permission.CATALOGUE_READ, Group.DATA, order=20))
