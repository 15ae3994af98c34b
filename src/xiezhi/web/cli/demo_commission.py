"""xiezhi demo-commission: the second half of `xiezhi demo`, once the database stands."""

from __future__ import annotations

import click
from django.conf import settings

from xiezhi.cli.terminal import TerminalProgress, err, say
from xiezhi.kernel import clock
from xiezhi.web.cli.database import reachable, require_demonstration
from xiezhi.web.deliveries.actions.mirroring import mirror_all
from xiezhi.web.deliveries.queries.days import DemoDays
from xiezhi.web.demonstration.arrivals import LAST_DAY
from xiezhi.web.demonstration.past.living import live


@click.command("demo-commission", hidden=True)
def command() -> None:
    """安置虚构的纪委监委,让它办三个月的事,登记交付 / settle the fictional commission, let it work, note its deliveries."""
    require_demonstration()
    now = clock.now()
    with reachable():
        with TerminalProgress() as progress:
            lived = live(settings.XIEZHI_HOME, now, progress)
        DemoDays(made_on=clock.local(now).date(), counts_from=LAST_DAY).write(settings.XIEZHI_HOME)
        delivered = mirror_all()
        err().print(
            say(
                f"交付 {delivered} 份，运行 {lived.runs} 次，预警 {lived.alerts} 条，三个月里办理 {lived.acts} 件次",
                f"{delivered} deliveries, {lived.runs} runs, {lived.alerts} alerts, {lived.acts} acts in three months",
            )
        )
