"""xiezhi processes check | show | draw | docs: the processes of the site's content, and what the platform knows them by."""

from __future__ import annotations

from pathlib import Path

import click

from xiezhi.cli.terminal import format_option, print_json, say
from xiezhi.kernel.errors import ContentError, UserError
from xiezhi.kernel.language import command_language
from xiezhi.web.lake import core_config
from xiezhi.web.matters import gateway
from xiezhi.web.matters.gateway import Process
from xiezhi.web.matters.policies.registered import registered


@click.group("processes")
def command() -> None:
    """事项流程 / the processes of matters: check, show, draw, docs."""


@command.command("check")
@format_option("text", "json")
def check(form: str) -> None:
    """检查流程、审批链和时限 / find mistakes in processes, chains and deadlines. Exit code 4 if there are any.

    Example: xiezhi processes check
    """
    findings = gateway.check_processes(core_config(), registered())
    if form == "json":
        print_json([{"code": one.code, "name": one.name, "zh": one.zh, "en": one.en, "at": str(one.place)} for one in findings])
    else:
        for one in findings:
            click.echo(one.message(command_language()))
        click.echo(say(f"{len(findings)} 处要改", f"{len(findings)} to mend"), err=True)
    if findings:
        raise SystemExit(ContentError.exit_code)
    looked = len(gateway.content().processes)
    click.echo(say(f"检查了 {looked} 个流程", f"{looked} processes looked at"), err=True)


@command.command("show")
@click.argument("code")
def show(code: str) -> None:
    """看一个流程的说明 / the page of one process: states, moves, chains, deadlines.

    Example: xiezhi processes show alert
    """
    click.echo(gateway.process_page(_newest(code), command_language()))


@command.command("draw")
@click.argument("code")
def draw(code: str) -> None:
    """流程图(Mermaid)/ the picture of one process, as a Mermaid diagram.

    Example: xiezhi processes draw alert
    """
    click.echo(gateway.diagram(_newest(code), command_language()))


@command.command("docs")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def docs(folder: Path) -> None:
    """为每个流程写一页说明 / write a Markdown page per process.

    Example: xiezhi processes docs docs/reference/processes
    """
    written = gateway.write_process_pages(core_config(), folder, command_language())
    click.echo(say(f"{len(written)} 页", f"{len(written)} pages"), err=True)


def _newest(code: str) -> Process:
    versions = [process for (one, _), process in sorted(gateway.content().processes.items()) if one == code]
    if not versions:
        known = sorted({one for one, _ in gateway.content().processes})
        raise UserError(
            "XZ-MAT-18",
            zh=f"没有流程 {code}",
            en=f"there is no process {code}",
            todo_zh=f"现有:{'、'.join(known) or '无'}",
            todo_en=f"there are: {', '.join(known) or 'none'}",
        )
    return versions[-1]
