"""The queue as a whole, for whoever keeps the system running: that there are jobs, not what they are about."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.guard import guarded
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.request import Request
from xiezhi.web.accounts.scope import entered
from xiezhi.web.jobs import presenters, queries
from xiezhi.web.jobs.filters import QueueFilter
from xiezhi.web.kit.listing import Column, listing_of
from xiezhi.web.kit.rendering import page_or_part

COLUMNS = (
    Column("kind", _("种类"), frozen=True),
    Column("state", _("状态"), sort="state"),
    Column("who", _("发起人"), sort="by_username"),
    Column("asked", _("发起"), sort="asked_at"),
    Column("lasted", _("用时"), end=True),
    Column("attempts", _("尝试次数"), sort="attempts", end=True),
    Column("lease", _("租约到期"), sort="lease_until"),
    Column("owner", _("后台进程"), optional=True),
    Column("reference", _("错误编号"), optional=True),
)


@guarded(Permission.SYSTEM_RUN)
def queue(request: Request) -> HttpResponse:
    filters = QueueFilter(request.GET)
    found = queries.queue(
        request.viewer, state=filters.chosen("state"), kind=filters.chosen("kind"), ended=filters.chosen("ended")
    )
    with entered(queries.seeing_the_queue):
        listing = listing_of(found, request.GET, COLUMNS, default="-asked")
        rows = [presenters.row(job) for job in listing]
    context = {"listing": listing, "rows": rows, "filters": filters, "health": queries.health(request.viewer)}
    return page_or_part(request, "jobs/queue.html", "jobs/_queue.html", context)
