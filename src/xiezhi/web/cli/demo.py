"""xiezhi demo: a city, its commission, and the platform running over them, from nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from xiezhi.cli.terminal import TerminalProgress, err, say
from xiezhi.kernel.clock import now, standing_at
from xiezhi.kernel.errors import UserError
from xiezhi.web.database import embedded
from xiezhi.web.demonstration.arrivals import arrivals
from xiezhi.web.demonstration.folder import finish, held, made, require_free
from xiezhi.web.demonstration.gateway import CoreConfig, deliver_demo
from xiezhi.web.demonstration.past.stages import SETTLED

ENDING = 60.0
"""Seconds that a command may take to end once it was asked to."""

GIVEN_UP = 143
"""What a shell sees of a process that SIGTERM ended."""


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
@click.option("--fresh", is_flag=True, help="替换已有的演示,从头再造 / make it anew, in the place of the one that is here.")
def command(persons: int, seed: int, folder: Path, port: int, no_serve: bool, fresh: bool) -> None:
    """造一座小城和它的纪委监委,接收交付、运行模型、产生预警,打开平台 / a small city and its commission, the platform running.

    Opens the demonstration that is in the folder already, if there is one. Once the platform answers, prints one single-use
    sign-in link per role. Ctrl-C ends it. Example: xiezhi demo --persons 20000 --dir bigger
    """
    signal.signal(signal.SIGTERM, _end)
    with held(folder, port):
        if not no_serve:
            require_free(port)
        here = None if fresh else made(folder)
        if here is None:
            with TerminalProgress() as progress:
                deliver_demo(CoreConfig.from_environment(), folder, persons, seed, progress, arrivals)
        else:
            told = f"{folder}, --persons {here.persons} --seed {here.seed}"
            zh, en = f"打开已有的演示({told})。另造一座:--fresh", f"opening what is here ({told}). Another one: --fresh"
            err().print(say(zh, en), soft_wrap=True)
        os.environ |= {"XIEZHI_HOME": str(folder.absolute()), "XIEZHI_MODE": "demo"}
        with embedded.start(folder.absolute() / "postgres"):
            if here is None:
                err().print(say("准备数据库…", "preparing the database …"))
                with standing_at(now() - SETTLED):
                    _xiezhi("migrate")
                _xiezhi("demo-commission")
                finish(folder, persons, seed)
            if no_serve:
                err().print(say("演示已备好,打开它:", "the demonstration is ready; open it with:"), f"xiezhi demo --dir {folder}")
            else:
                _serve(port)


def _serve(port: int) -> None:
    """Until it is ended. Links are shown once they open something."""
    with _running("serve", "--port", str(port)) as server:
        while server.poll() is None and not _answers(port):
            time.sleep(0.2)
        if server.poll() is None:
            _xiezhi("demo-links", "--port", str(port))
        _judge("serve", server.wait())


def _answers(port: int) -> bool:
    with socket.socket() as asked:
        asked.settimeout(1)
        return asked.connect_ex(("127.0.0.1", port)) == 0


def _xiezhi(*arguments: str) -> None:
    """Another command, as a process of its own: settings are read once in each, and here they change."""
    with _running(*arguments) as process:
        _judge(arguments[0], process.wait())


@contextmanager
def _running(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """The command's process; it ends with the block, however that ends."""
    process = subprocess.Popen([sys.executable, "-m", "xiezhi", *arguments])
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(ENDING)
            except subprocess.TimeoutExpired:
                process.kill()


def _judge(name: str, code: int) -> None:
    if code:
        raise UserError(
            "XZ-DEMO-02",
            zh=f"演示停在 xiezhi {name}(退出码 {code})",
            en=f"the demonstration stopped at xiezhi {name} (exit code {code})",
            todo_zh="上面的错误说明了原因",
            todo_en="the error above says why",
        )


def _end(*_: object) -> None:
    raise SystemExit(GIVEN_UP)
