"""xiezhi reap"""

from __future__ import annotations

import click

from xiezhi.cli.terminal import out, say
from xiezhi.web.cli.database import reachable
from xiezhi.web.jobs.actions.reaping import Reaped, reap


@click.command("reap")
def command() -> None:
    """收回中断的后台任务 / give back the jobs of workers that died.

    Web and worker do this by themselves. A timer of the system does it too, so that it happens though both are stuck.
    """
    with reachable():
        found = reap()
    out().print(summary(found))


def summary(found: Reaped) -> str:
    """What was found, in the language of the terminal."""
    if not found:
        return say("没有中断的任务", "no job was left behind")
    return say(
        f"退回排队 {found.given_back} 个，判为失败 {found.failed} 个，重新唤醒 {found.woken} 个，收回队列项 {found.entries} 个",
        f"{found.given_back} put back, {found.failed} failed for good, {found.woken} woken, {found.entries} queue entries freed",
    )
