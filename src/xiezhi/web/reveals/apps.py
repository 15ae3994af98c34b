"""Registration of the app: its three screens."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.kit.cards import offer
from xiezhi.web.kit.navigation import Entry, Group, register


class RevealsConfig(AppConfig):
    name = "xiezhi.web.reveals"
    label = "reveals"
    prefix = "reveals/"

    def ready(self) -> None:
        register(
            Entry(_("揭示申请"), "reveals:mine", "eye", Permission.REVEAL_REQUEST, Group.WORK, order=40),
            Entry(_("待批准的揭示"), "reveals:waiting", "eye", Permission.REVEAL_APPROVE, Group.WORK, order=41),
            Entry(_("揭示登记簿"), "reveals:register", "eye", Permission.REVEAL_REGISTER, Group.OVERSIGHT, order=61),
        )
        queries = import_module("xiezhi.web.reveals.queries")
        offer("reveals", order=40, to_do=queries.to_do, figures=queries.figures)
