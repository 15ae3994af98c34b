from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiezhi.web.kit.cards import offer
from xiezhi.web.kit.navigation import Entry, Group, register
from xiezhi.web.kit.slots import Slot, fill


class AccountsConfig(AppConfig):
    name = "xiezhi.web.accounts"
    label = "accounts"
    prefix = ""
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only now.
        from xiezhi.web.accounts import receivers
        from xiezhi.web.accounts.permissions import Permission

        receivers.connect()
        fill(Slot.POST_SWITCHER, "accounts/_posts.html")
        fill(Slot.USER_MENU, "accounts/_menu.html")
        register(
            Entry(_("待授权"), "accounts:waiting", "key", Permission.POST_GRANT, Group.SYSTEM, order=10),
            Entry(_("账号"), "accounts:list", "users", Permission.ACCOUNT_READ, Group.SYSTEM, order=20),
            Entry(pgettext_lazy("导航", "单位"), "accounts:units", "tree", Permission.UNIT_MANAGE, Group.SYSTEM, order=30),
            Entry(_("权限一览"), "accounts:powers", "table", Permission.ACCOUNT_READ, Group.SYSTEM, order=40),
            Entry(_("可见范围"), "accounts:sight", "eye", Permission.SIGHT_REVIEW, Group.SYSTEM, order=45),
            Entry(_("安全策略"), "accounts:policy", "shield", Permission.ACCOUNT_READ, Group.SYSTEM, order=50),
        )
        queries = import_module("xiezhi.web.accounts.queries")
        offer("accounts", order=50, to_do=queries.to_do, figures=queries.figures)
