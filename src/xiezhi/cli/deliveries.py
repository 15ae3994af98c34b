"""xiezhi deliveries"""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

from xiezhi.cli.terminal import format_option, lake_option, out, print_json, say
from xiezhi.kernel import clock
from xiezhi.lake.ledger import DeliveryRecord
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.deliveries import list_deliveries


@click.command("deliveries")
@lake_option
@click.option("--contract", help="只列此契约 / only deliveries under this contract.")
@format_option("table", "json")
def command(lake: str, contract: str | None, form: str) -> None:
    """列出收到的交付 / list what was delivered.

    Example: xiezhi deliveries --lake city.lake --contract subsidy_payment
    """
    found = list_deliveries(CoreConfig.from_environment(), Path(lake), contract=contract)
    if form == "json":
        print_json([one.receipt | {"state": one.state, "erased_by": one.erased_by} for one in found])
        return
    table = Table(box=None, pad_edge=False)
    for zh, en in (
        ("编号", "no."),
        ("接收时间", "received"),
        ("文件", "file"),
        ("契约", "contract"),
        ("行数", "rows"),
        ("状态", "state"),
    ):
        table.add_column(say(zh, en), justify="right" if zh in ("编号", "行数") else "left")
    for one in found:
        name = " › ".join(part for part in (one.file, one.member, one.sheet) if part)
        moment = clock.as_read(one.received_at)
        table.add_row(str(one.number), moment, name, one.contract or "—", f"{one.receipt['delivered']:,}", _state(one))
    out().print(table)


def _state(one: DeliveryRecord) -> str:
    if one.erased_by is not None:
        return say(f"已销毁,证明 {one.erased_by}", f"erased, certificate {one.erased_by}")
    if one.refused:
        return say("整件拒收", "refused")
    return say("已入湖", "held") if one.state else say("无新内容", "nothing new")
