"""xiezhi demo-links"""

from __future__ import annotations

from collections.abc import Iterator

import click
from rich.table import Table

from xiezhi.cli.terminal import format_option, out, print_json, say
from xiezhi.web.accounts.actions import links
from xiezhi.web.accounts.models import Post
from xiezhi.web.accounts.roles import ROLES, Duty, RoleCode
from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.cli.database import reachable, require_demonstration

HOURS = 12


@click.command("demo-links")
@click.option("--port", type=int, default=8000, show_default=True, help="平台的端口 / port of the platform.")
@click.option("--each", type=click.IntRange(1, 1000), default=1, show_default=True, help="每个账号几条 / links for each account.")
@format_option("table", "json")
def command(port: int, each: int, form: str) -> None:
    """演示用:每个角色一条新的登录链接 / for the demonstration: a new sign-in link for each role. Only on this machine.

    Example: XIEZHI_HOME=demo XIEZHI_MODE=demo xiezhi demo-links
    """
    require_demonstration()
    with reachable():
        made = list(_links(f"http://127.0.0.1:{port}", each))
    if form == "json":
        print_json(made)
    else:
        out().print(_table(made))


def _links(site: str, each: int) -> Iterator[dict[str, str]]:
    with system_scope("demo") as by:
        for post in Post.objects.select_related("user", "unit").exclude(duty=Duty.MACHINE).order_by("pk"):
            role = ROLES[RoleCode(post.role)]
            for _ in range(each):
                secret = links.make_link(post.user, by=by, minutes=HOURS * 60)
                yield {
                    "role": role.code,
                    "title": say(role.zh, role.en),
                    "username": post.user.username,
                    "name": post.user.display_name,
                    "unit": say(post.unit.title.zh, post.unit.title.en),
                    "link": f"{site}/enter/{secret}/",
                }


def _table(made: list[dict[str, str]]) -> Table:
    title = say(
        "登录链接:每条只能用一次,12 小时内有效,只在本机", "sign-in links: each works once, for 12 hours, on this machine only"
    )
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for key, head in (
        ("title", say("角色", "role")),
        ("name", say("姓名", "name")),
        ("unit", say("单位", "unit")),
        ("link", say("链接", "link")),
    ):
        table.add_column(head, no_wrap=key == "link", overflow="fold")
    for one in made:
        table.add_row(one["title"], one["name"], one["unit"], one["link"])
    return table
