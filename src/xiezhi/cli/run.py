"""xiezhi run"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from xiezhi.cli.terminal import TerminalProgress, format_option, lake_option, out, print_json, say
from xiezhi.kernel.errors import UserError
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.runs import RuleEnding, run_rules

ENDINGS = {
    "done": ("完成", "done"),
    "broken": ("[red]出错[/]", "[red]broken[/]"),
    "not_computable": ("[yellow]缺数据[/]", "[yellow]no data[/]"),
}


@click.command("run")
@lake_option
@click.option("--rule", "codes", multiple=True, help="只运行这些模型 / only these rules (repeatable).")
@click.option(
    "--set", "settings", multiple=True, metavar="CODE.NAME=VALUE", help="参数 / a parameter, e.g. SUB-001.grace_months=2."
)
@click.option("--as-of", type=click.DateTime(), help="以此时刻的数据为准 / use the lake as it stood then (UTC).")
@click.option("--engine", default="duckdb", show_default=True, help="引擎 / engine.")
@click.option(
    "--only-changed", is_flag=True, help="数据未变的模型沿用上次结果 / keep the results of rules of which nothing changed."
)
@click.option("--memory", help="内存上限 / memory limit, e.g. 2GB.")
@format_option("table", "json")
def command(
    lake: str,
    codes: tuple[str, ...],
    settings: tuple[str, ...],
    as_of: datetime | None,
    engine: str,
    only_changed: bool,
    memory: str | None,
    form: str,
) -> None:
    """在数据快照上运行监督模型 / run the supervision models over a snapshot.

    A run cut off at any moment resumes when the same command is given again. Exit code 1 if a rule is broken.

    Example: xiezhi run --lake city.lake --rule SUB-001 --rule SUB-003
    """
    config = CoreConfig.from_environment(memory=memory)
    moment = as_of.replace(tzinfo=UTC) if as_of else None
    with TerminalProgress() as progress:
        record = run_rules(
            config,
            Path(lake),
            codes=codes,
            overrides=_overrides(settings),
            as_of=moment,
            engine=engine,
            only_changed=only_changed,
            progress=progress,
        )
    if form == "json":
        print_json(record.__dict__ | {"rules": [rule.__dict__ for rule in record.rules]})
    else:
        _show(record)
    if any(rule.ending == "broken" for rule in record.rules):
        raise SystemExit(1)


def _overrides(settings: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    chosen: dict[str, dict[str, Any]] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        code, dot, parameter = name.partition(".")
        if not (equals and dot):
            raise UserError(
                "XZ-CLI-01",
                zh=f"参数写法不对:{setting}",
                en=f"cannot read the parameter {setting}",
                todo_zh="写成 SUB-001.grace_months=2",
                todo_en="write SUB-001.grace_months=2",
            )
        chosen.setdefault(code, {})[parameter] = value
    return chosen


def _show(record: Any) -> None:
    table = Table(title=say(f"第 {record.run} 次运行", f"run {record.run}"), title_justify="left", box=None, pad_edge=False)
    for heading in (say("模型", "rule"), say("结果", "ending"), say("命中", "hits"), say("秒", "seconds"), say("原因", "why")):
        table.add_column(heading, justify="right" if heading in ("命中", "hits", "秒", "seconds") else "left")
    for rule in record.rules:
        table.add_row(rule.code, say(*ENDINGS[rule.ending]), str(rule.hits), f"{rule.seconds:.2f}", _why(rule))
    out().print(table)


def _why(rule: RuleEnding) -> str:
    if rule.since:
        return say(f"数据未变,沿用第 {rule.since} 次运行", f"nothing it reads has changed since run {rule.since}")
    return rule.problem.partition("\n")[0][:90]
