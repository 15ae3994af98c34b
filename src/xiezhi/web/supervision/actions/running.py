"""Asking for a run of the models."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.guard import require
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.jobs.actions.starting import start
from xiezhi.web.jobs.models import Job
from xiezhi.web.supervision import gateway, queries
from xiezhi.web.supervision.queries.runs import RUN_KEY

RUN = "rules.run"


def start_run(*, by: Viewer, codes: Sequence[str] = ()) -> Job:
    """Have `codes` run, or every model that is on trial or live. The run that is going on is returned instead of a second.

    Raises UserError for a model that is not there or does not run, and where nothing was ever received.
    """
    require(by, Permission.RUN_START)
    if not gateway.has_lake():
        raise UserError(
            "XZ-SUP-01",
            zh="还没有接收过任何交付，无数据可比对",
            en="nothing was ever received: there is no data to run on",
            todo_zh="先在“上传交付”中接收数据",
            todo_en="receive data first, under Upload",
        )
    wanted = list(dict.fromkeys(codes))
    running = set(queries.site().running())
    if refused := [code for code in wanted if code not in running]:
        raise UserError(
            "XZ-SUP-02",
            zh=f"这些模型不存在或未启用：{'、'.join(refused)}",
            en=f"these models are not there, or are neither on trial nor live: {', '.join(refused)}",
            todo_zh="只选择试运行或启用的模型",
            todo_en="choose models that are on trial or live",
        )
    title = _("运行全部模型") if not wanted else _("运行模型：%(codes)s") % {"codes": "、".join(wanted[:5])}
    return start(RUN, by=by, title=title, key=RUN_KEY, arguments={"codes": wanted})
