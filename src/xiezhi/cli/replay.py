"""xiezhi replay"""

from __future__ import annotations

from pathlib import Path

import click

from xiezhi.cli.terminal import TerminalProgress, format_option, lake_option, out, print_json, say
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.language import command_language
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.evidence import replay_hits


@click.command("replay")
@click.argument("hits", nargs=-1)
@click.option("--all", "every", is_flag=True, help="全部命中 / every current hit.")
@lake_option
@format_option("text", "json")
def command(hits: tuple[str, ...], every: bool, lake: str, form: str) -> None:
    """重算并比对命中 / recompute hits from their snapshot, rule version and parameters, and say exactly what differs.

    Exit code 5 if anything differs.

    Example: xiezhi replay --all --lake city.lake
    """
    if bool(hits) == every:
        raise UserError("XZ-CLI-02", zh="请给出命中编号,或用 --all", en="name hits, or use --all")
    with TerminalProgress() as progress:
        report = replay_hits(CoreConfig.from_environment(), Path(lake), hits, progress)
    if form == "json":
        differences = [{"kind": item.kind, "about": item.about, **item.words.model_dump()} for item in report.differences]
        print_json({"proved": report.proved, "differences": differences, "notes": [note.model_dump() for note in report.notes]})
    else:
        for item in report.differences:
            out().print(f"[red]✗[/] {item.words.in_(command_language())} [dim]{item.about}[/]")
        for note in report.notes:
            out().print(f"[yellow]![/] {note.in_(command_language())}")
        out().print(say(f"[green]✓[/] {len(report.proved)} 条命中已证明", f"[green]✓[/] {len(report.proved)} hits proved"))
    if report.differences:
        raise SystemExit(5)
