"""Registration of the app and of its places in the navigation."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.kit.cards import offer
from xiezhi.web.kit.navigation import Entry, Group, register


class JobsConfig(AppConfig):
    name = "xiezhi.web.jobs"
    label = "jobs"
    prefix = "jobs/"
    verbose_name = "后台任务"

    def ready(self) -> None:
        import_module("xiezhi.web.jobs.expiry")
        register(
            Entry(_("我的后台任务"), "jobs:mine", "history", Permission.WORKBENCH_OPEN, Group.WORK, order=90),
            Entry(_("任务队列"), "jobs:queue", "server", Permission.SYSTEM_RUN, Group.SYSTEM, order=30),
        )
        queries = import_module("xiezhi.web.jobs.queries")
        offer("jobs", order=70, to_do=queries.to_do, figures=queries.figures)
