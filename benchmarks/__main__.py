"""The ratios of the README, measured in one run on this machine: `xiezhi bench` or `python -m benchmarks`.

Absolute seconds of a shared machine mean little; every figure here is a ratio between two things timed in turn in the same
process, medians of three after one warm-up.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from benchmarks import intake, other_libraries, whole_run
from benchmarks.cities import City, ensure_city
from benchmarks.machine import describe
from benchmarks.measure import growth_exponent


@click.command()
@click.option("--millions", default="1,10")
@click.option("--dir", "folder", type=click.Path(file_okay=False), default="bench")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def main(millions: str, folder: str, form: str) -> None:
    """Measure at each size and print the ratios."""
    sizes = [float(size) for size in millions.split(",")]
    measured = [_one(ensure_city(Path(folder), size), size) for size in sizes]
    report = {"machine": describe(), "sizes": measured, "growth": _growth(measured)}
    if form == "json":
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _show(report)


def _one(city: City, size: float) -> dict[str, Any]:
    run = whole_run.measure(city)
    return {
        "millions": size,
        "receive": city.receive,
        "run": run,
        "libraries": other_libraries.measure(city) if size <= 10 else {},
        "intake": intake.measure(city.folder / "intake", rows=int(min(size, 2) * 1_000_000)),
    }


def _growth(measured: list[dict[str, Any]]) -> dict[str, float]:
    """Exponent b of time ~ size^b between the smallest and the largest city; empty where there is one size."""
    if len(measured) < 2:
        return {}
    first, last = measured[0], measured[-1]
    sizes = (first["millions"], last["millions"])
    return {
        "run": growth_exponent(sizes, (first["run"]["seconds"], last["run"]["seconds"])),
        "receive": growth_exponent(sizes, (first["receive"]["seconds"], last["receive"]["seconds"])),
    }


def _show(report: dict[str, Any]) -> None:
    console = Console()
    console.print(report["machine"])
    table = Table(title="ratios", title_justify="left")
    for heading in (
        "payments",
        "whole run ÷ bare SQL",
        "pandas ÷ xiezhi",
        "Polars ÷ xiezhi",
        "intake ÷ plain copy",
        "peak MB (run)",
    ):
        table.add_column(heading, justify="right")
    for size in report["sizes"]:
        libraries = size["libraries"]
        table.add_row(
            f"{size['millions']:g} M",
            f"{size['run']['ratio']:.2f}",
            f"{libraries['pandas']:.1f}" if libraries else "–",
            f"{libraries['polars']:.1f}" if libraries else "–",
            f"{size['intake']['ratio']:.2f}",
            f"{size['run']['peak_mb']:.0f}",
        )
    console.print(table)
    for what, exponent in report["growth"].items():
        console.print(f"growth exponent of {what}: {exponent:.2f}")


if __name__ == "__main__":
    main()
