"""xiezhi reveal"""

from __future__ import annotations

from pathlib import Path

import click

from xiezhi.cli.terminal import format_option, lake_option, print_json, say
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.identities import reveal_identity


@click.command("reveal")
@lake_option
@click.option(
    "--kind", required=True, type=click.Choice([str(kind) for kind in IdentityKind]), help="号码的种类 / what the numbers are."
)
@click.option("--purpose", required=True, help="目的,写入日志 / why; goes into the log.")
@click.option("--actor", help="操作人,默认当前用户 / who; the present user if not given.")
@click.option("--case", help="案件或线索编号 / case or clue number.")
@format_option("table", "json")
@click.argument("numbers", nargs=-1, required=True, type=click.IntRange(min=1))
def command(lake: str, kind: str, purpose: str, actor: str | None, case: str | None, form: str, numbers: tuple[int, ...]) -> None:
    """揭示号码背后的身份 / the identity behind a number. Every use is written to a log that cannot be altered unnoticed.

    Example: xiezhi reveal --lake city.lake --kind citizen_id 17 42 --purpose "核查线索" --actor 张三 --case 2026-018
    """
    config = CoreConfig.from_environment()
    values = reveal_identity(
        config, Path(lake), kind=IdentityKind(kind), numbers=numbers, purpose=purpose, actor=actor, case=case
    )
    if form == "json":
        print_json([{"kind": kind, "number": number, "value": value} for number, value in values.items()])
        return
    for number, value in values.items():
        click.echo(f"#{number}\t{value if value is not None else say('(无此号码或已遗忘)', '(no such number, or forgotten)')}")
