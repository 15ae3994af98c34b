"""xiezhi demo: a city, its commission, and the platform running over them, from nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from xiezhi.cli.terminal import TerminalProgress, err, say
from xiezhi.kernel.errors import UserError
from xiezhi.web.database import embedded
from xiezhi.web.demonstration.arrivals import arrivals
from xiezhi.web.demonstration.gateway import CoreConfig, build_demo


@click.command("demo")
@click.option(
    "--persons", type=click.IntRange(5000, 10_000_000), default=5000, show_default=True, help="城市人口 / persons of the city."
)
@click.option("--seed", type=int, default=1, show_default=True, help="随机种子 / seed.")
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="目录 / folder.",
)
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="端口,仅本机 / port, on this machine only."
)
@click.option("--no-serve", is_flag=True, help="准备好即结束 / end when all is ready.")
def command(persons: int, seed: int, folder: Path, port: int, no_serve: bool) -> None:
    """造一座小城和它的纪委监委,接收交付、运行模型、产生预警,打开平台 / a small city and its commission, the platform running.

    Prints one single-use sign-in link per role. Example: xiezhi demo --persons 20000
    """
    with TerminalProgress() as progress:
        build_demo(CoreConfig.from_environment(), folder, persons, seed, progress, arrivals)
    os.environ |= {"XIEZHI_HOME": str(folder.absolute()), "XIEZHI_MODE": "demo"}
    with embedded.start(folder.absolute() / "postgres"):
        err().print(say("准备数据库…", "preparing the database …"))
        _xiezhi("migrate")
        _xiezhi("demo-commission")
        _xiezhi("demo-links", "--port", str(port))
        if not no_serve:
            _xiezhi("serve", "--port", str(port))


def _xiezhi(*arguments: str) -> None:
    """Another command, as a process of its own: settings are read once in each, and here they change."""
    done = subprocess.run([sys.executable, "-m", "xiezhi", *arguments], check=False)
    if done.returncode:
        raise UserError(
            "XZ-DEMO-02",
            zh=f"演示停在 xiezhi {arguments[0]}(退出码 {done.returncode})",
            en=f"the demonstration stopped at xiezhi {arguments[0]} (exit code {done.returncode})",
            todo_zh="上面的错误说明了原因",
            todo_en="the error above says why",
        )
