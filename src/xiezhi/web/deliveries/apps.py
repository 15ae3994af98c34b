"""Registration of the app: navigation, its job, and what it tells the catalogue."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.kit.cards import offer
from xiezhi.web.kit.navigation import Entry, Group, register


class DeliveriesConfig(AppConfig):
    name = "xiezhi.web.deliveries"
    label = "deliveries"
    prefix = "deliveries/"

    def ready(self) -> None:
        import_module("xiezhi.web.deliveries.jobs")
        queries = import_module("xiezhi.web.deliveries.queries")
        import_module("xiezhi.web.catalogue.queries").tell_freshness(queries.freshness)
        register(
            Entry(_("交付"), "deliveries:list", "inbox", Permission.DELIVERY_READ, Group.DATA, order=5),
            Entry(_("上传交付"), "deliveries:upload", "upload", Permission.DELIVERY_UPLOAD, Group.DATA, order=6),
            Entry(_("交付日历"), "deliveries:calendar", "calendar", Permission.DELIVERY_READ, Group.DATA, order=7),
            Entry(_("数据质量"), "deliveries:quality", "chart", Permission.DELIVERY_READ, Group.DATA, order=8),
        )
        offer("deliveries", order=30, to_do=queries.to_do, figures=queries.figures)
