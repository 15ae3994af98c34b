"""xiezhi doctor"""

from __future__ import annotations

import sys

import click
from django.conf import settings
from rich.markup import escape

from xiezhi.cli.terminal import format_option, out, print_json, say
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.language import command_language
from xiezhi.web.cli.database import reachable
from xiezhi.web.config.settings import ENVIRONMENT
from xiezhi.web.database import roles
from xiezhi.web.doctor.examination import examine
from xiezhi.web.doctor.finding import DoctorFinding, Grade

MARKS = {Grade.WELL: "[green]✓[/]", Grade.NOTE: "[yellow]![/]", Grade.WRONG: "[bold red]✗[/]"}


@click.command("doctor")
@click.option("--print-roles", is_flag=True, help="给数据库管理员的 SQL / SQL for the database's administrator, once per site.")
@format_option("table", "json")
def command(print_roles: bool, form: str) -> None:
    """检查安装:什么不对、怎么改 / examine the set-up: what is wrong, and how to mend it. Exit code 1 if something is.

    It changes nothing.
    """
    if print_roles:
        click.echo(roles.printed())
        return
    _require_site()
    with reachable(answering=False):
        findings = examine()
    if form == "json":
        print_json(
            [
                {"code": one.code, "grade": one.grade, "zh": one.what.zh, "en": one.what.en, "todo": one.todo.en}
                for one in findings
            ]
        )
    else:
        for one in findings:
            out().print(_line(one))
    sys.exit(any(one.grade is Grade.WRONG for one in findings))


def _require_site() -> None:
    """Raises UserError where nothing was ever set up: to examine would be to begin a site in whatever folder one stands in."""
    home = settings.XIEZHI_HOME
    if not (ENVIRONMENT.database_url or (home / "postgres").is_dir()):
        raise UserError(
            "XZ-ENV-06",
            zh=f"{home} 里没有平台",
            en=f"there is no platform in {home}",
            todo_zh="用 XIEZHI_HOME 指出数据目录;新装的先运行 xiezhi migrate",
            todo_en="name the data folder with XIEZHI_HOME; on a new machine run xiezhi migrate first",
        )


def _line(one: DoctorFinding) -> str:
    what, todo = (one.what.zh, one.todo.zh) if command_language() == "zh" else (one.what.en, one.todo.en)
    return (
        f"{MARKS[one.grade]} {escape(what)}"
        + (f"\n    {say('办法', 'to do')}: {escape(todo)}" if todo else "")
        + f"  [dim]{one.code}[/]"
    )
