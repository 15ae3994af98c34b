"""xiezhi coverage"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table

from xiezhi.cli.terminal import format_option, lake_option, out, print_json, say
from xiezhi.kernel.language import command_language
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.coverage import CoverageSummary, summarise_coverage
from xiezhi.rules.coverage_reasons import OUTSIDE_SAID, REASONS


@click.command("coverage")
@lake_option
@click.option("--rule", help="只看这个模型 / only this rule.")
@click.option(
    "--by",
    type=click.Choice(["rule", "month"]),
    default="rule",
    show_default=True,
    help="按模型或按单位与月 / per rule, or per unit and month.",
)
@format_option("table", "json")
def command(lake: str, rule: str | None, by: str, form: str) -> None:
    """可评估多少、其余为何不能 / how much could be evaluated, and why the rest could not.

    Example: xiezhi coverage --lake city.lake --rule SUB-001 --by month
    """
    rows = summarise_coverage(CoreConfig.from_environment(), Path(lake), rule=rule, by=by)
    if form == "json":
        print_json([asdict(row) for row in rows])
        return
    table = Table(box=None, pad_edge=False)
    for heading in (
        say("模型", "rule"),
        say("单位", "unit"),
        say("月份", "month"),
        say("应评估", "population"),
        say("已评估", "evaluated"),
        "%",
        say("未能评估", "not evaluated"),
    ):
        table.add_column(heading)
    for row in rows:
        share = f"{row.evaluated / row.population:.1%}" if row.population else "–"
        table.add_row(
            row.rule,
            str(row.unit or ""),
            str(row.month or "")[:7],
            str(row.population),
            str(row.evaluated),
            share,
            "  ".join(_said(row)),
        )
    out().print(table)


def _said(row: CoverageSummary) -> Iterator[str]:
    """Why not, and what was left out. Where nothing was in scope that is said, and how many rows were looked at."""
    yield from (f"{REASONS[reason].in_(command_language())} {count}" for reason, count in row.reasons.items())
    rows, outside = row.outside, OUTSIDE_SAID.in_(command_language())
    if rows and not row.population:
        yield say(f"范围内没有行;看过 {rows} 行,都{outside}", f"nothing was in scope; {rows} rows looked at, all {outside}")
    elif rows:
        yield say(f"{outside} {rows} 行", f"{outside}: {rows} rows")
    elif not row.population and not row.reasons:
        yield say("范围内没有行;没有可看的行", "nothing was in scope; there were no rows to look at")
