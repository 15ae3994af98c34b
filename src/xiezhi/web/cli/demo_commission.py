"""xiezhi demo-commission: the second half of `xiezhi demo`, once the database stands."""

from __future__ import annotations

import click
from django.conf import settings
from django.utils import timezone

from xiezhi.cli.terminal import err, say
from xiezhi.kernel import clock
from xiezhi.web.alerts.actions.raising import raise_alerts
from xiezhi.web.cli.database import reachable, require_demonstration
from xiezhi.web.deliveries.actions.mirroring import mirror_all
from xiezhi.web.deliveries.queries.days import DemoDays
from xiezhi.web.demonstration.actions.settling import settle
from xiezhi.web.demonstration.arrivals import LAST_DAY
from xiezhi.web.supervision.actions.recording import record_runs


@click.command("demo-commission", hidden=True)
def command() -> None:
    """安置虚构的纪委监委,登记交付,产生预警 / settle the fictional commission, note its deliveries, raise its alerts."""
    require_demonstration()
    with reachable():
        settle(settings.XIEZHI_HOME)
        DemoDays(made_on=timezone.localtime(clock.now()).date(), counts_from=LAST_DAY).write(settings.XIEZHI_HOME)
        delivered = mirror_all()
        runs = record_runs()
        raised = raise_alerts()
        err().print(
            say(
                f"交付 {delivered} 份，运行 {len(runs)} 次，预警 {raised.new} 条",
                f"{delivered} deliveries, {len(runs)} runs, {raised.new} alerts",
            )
        )
