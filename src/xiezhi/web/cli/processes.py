"""xiezhi processes check | show | draw | docs | verify: the processes of the site, and the matters that go by them."""

from __future__ import annotations

from pathlib import Path

import click

from xiezhi.cli.terminal import TerminalProgress, format_option, print_json, say
from xiezhi.kernel.errors import ContentError, IntegrityError, UserError
from xiezhi.kernel.language import command_language
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.cli.database import reachable
from xiezhi.web.lake import core_config
from xiezhi.web.matters import gateway
from xiezhi.web.matters.actions.comparing import compare
from xiezhi.web.matters.gateway import Process
from xiezhi.web.matters.models import Matter
from xiezhi.web.matters.policies.registry import registered


@click.group("processes")
def command() -> None:
    """事项流程 / the processes of matters: check, show, draw, docs, verify."""


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


@command.command("verify")
def verify() -> None:
    """由流转步骤重算每个事项,逐一比对 / compute every matter anew from its steps. Exit code 5 on a difference.

    Example: xiezhi processes verify
    """
    looked, wrong = 0, 0
    with reachable(), TerminalProgress() as progress:
        with system_scope("verify"):
            numbers = list(Matter.objects.order_by("pk").values_list("pk", flat=True))
        for looked, pk in enumerate(numbers, 1):
            with system_scope("verify"):
                for one in compare(Matter.objects.get(pk=pk)):
                    wrong += 1
                    click.echo(f"{one.number} {one.column}: {one.kept!r} ≠ {one.computed!r}")
            progress.step("compare", looked, len(numbers))
    click.echo(say(f"比对了 {looked} 个事项,{wrong} 处不符", f"{looked} matters compared, {wrong} differences"), err=True)
    if wrong:
        raise SystemExit(IntegrityError.exit_code)


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
