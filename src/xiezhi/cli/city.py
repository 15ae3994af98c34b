"""xiezhi city"""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table

from xiezhi.cli.terminal import TerminalProgress, format_option, out, print_json, say
from xiezhi.operations.city import Built, build_city


@click.group("city")
def command() -> None:
    """演示城市 / a fictional city to try everything on."""


@command.command("build")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--persons", type=int, default=50_000, show_default=True, help="人口 / residents, 5,000 to 10,000,000.")
@click.option("--seed", type=int, default=1, show_default=True, help="随机种子 / seed: the same seed gives the same bytes.")
@click.option(
    "--payments",
    type=click.IntRange(min=0),
    default=0,
    help="补贴发放总笔数 / subsidy payments in all, about (0: by population).",
)
@format_option("table", "json")
def build_command(folder: Path, persons: int, seed: int, payments: int, form: str) -> None:
    """写出一座虚构城市各部门交付的数据 / write what the departments of a fictional city would deliver.

    DIR must be new or empty. truth.csv holds what was planted and what only looks like it, faults.csv every damaged cell.

    Example: xiezhi city build city --persons 50000 --seed 7
    """
    begun = time.monotonic()
    with TerminalProgress() as progress:
        built = build_city(folder, persons=persons, seed=seed, payments=payments, progress=progress)
    if form == "json":
        print_json(asdict(built))
    else:
        _show(built, time.monotonic() - begun)


def _show(built: Built, seconds: float) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column(say("表", "table"))
    table.add_column(say("行", "rows"), justify="right")
    for name, rows in built.rows.items():
        table.add_row(name, f"{rows:,}")
    out().print(table)
    planted, alike, faults = (sum(counts.values()) for counts in (built.planted, built.look_alikes, built.faults))
    rows = sum(built.rows.values())
    out().print(
        say(
            f"{built.folder}:{built.files} 个文件,{rows:,} 行,用时 {seconds:.1f} 秒\n"
            f"埋设违规 {planted} 处、貌似违规 {alike} 处(truth.csv),数据缺陷 {faults:,} 处(faults.csv)",
            f"{built.folder}: {built.files} files, {rows:,} rows, {seconds:.1f} s\n"
            f"{planted} violations planted, {alike} look-alikes (truth.csv), {faults:,} data faults (faults.csv)",
        )
    )
