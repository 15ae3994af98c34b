"""How every command speaks: language, errors, progress, tables and JSON. Results go to stdout, the rest to stderr."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from xiezhi.kernel.errors import XiezhiError
from xiezhi.kernel.hashing import plain
from xiezhi.kernel.language import command_language

AnyCallable = TypeVar("AnyCallable", bound=Callable[..., Any])

SILENT_FOR = 2.0
"""Seconds before work shows progress: what is over sooner needs none."""

LINE_EVERY = 10.0
"""Seconds between lines of progress in a log."""

STAGES = {
    "facts": ("准备事实表", "preparing facts"),
    "rules": ("运行模型", "running rules"),
    "coverage": ("统计可评估性", "measuring coverage"),
    "read": ("读取", "reading"),
    "write": ("写入", "writing"),
    "city": ("生成城市", "building the city"),
    "wait": ("等待写入结束", "waiting for writers"),
    "dump": ("导出数据库", "dumping the database"),
    "hash": ("计算各表校验值", "hashing every table"),
    "copy": ("复制文件", "copying files"),
    "verify": ("校验备份", "verifying the backup"),
    "load": ("导入数据库", "loading the database"),
    "compare": ("比对事项", "comparing matters"),
}
"""Words for what `Progress.step` is told."""


def say(zh: str, en: str) -> str:
    return zh if command_language() == "zh" else en


PIPED_WIDTH = 140
"""Columns of a table where no terminal says how wide it is: a pipe, a file, a log."""


def out() -> Console:
    """Results. A terminal's own width; PIPED_WIDTH elsewhere, unless COLUMNS says otherwise."""
    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = PIPED_WIDTH
    return console


def err() -> Console:
    return Console(stderr=True, highlight=False)


def print_json(value: Any) -> None:
    """A value for programs: UTF-8 JSON, dates in ISO 8601."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=plain))


def fail(error: XiezhiError) -> None:
    err().print(f"[bold red]{say('错误', 'error')}[/] ", end="")
    err().print(error.message(command_language()), markup=False)


class TerminalProgress:
    """Draws a bar on stderr once work has lasted SILENT_FOR seconds; where nobody watches a terminal, a line at every LINE_EVERY.

    Ctrl-C asks the work to stop at its next step.
    """

    def __init__(self) -> None:
        self._begun = self._told = time.monotonic()
        self._bar: Progress | None = None
        self._task: Any = None

    def __enter__(self) -> TerminalProgress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def step(self, stage: str, done: int, total: int, note: str = "") -> None:
        if time.monotonic() - self._begun < SILENT_FOR:
            return
        name = say(*STAGES.get(stage, (stage, stage)))
        if not err().is_terminal:
            self._line(f"{name} {done:,}/{total:,} {note}" if total else f"{name} {note}")
            return
        if self._bar is None:
            columns = (
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.fields[note]}"),
                TimeElapsedColumn(),
            )
            self._bar = Progress(*columns, console=err(), transient=True)
            self._task = self._bar.add_task("", total=None, note="")
            self._bar.start()
        self._bar.update(self._task, description=name, completed=done, total=total or None, note=note)

    def _line(self, text: str) -> None:
        if time.monotonic() - self._told >= LINE_EVERY:
            self._told = time.monotonic()
            click.echo(text.rstrip(), err=True)

    def cancelled(self) -> bool:
        return False


def format_option(*formats: str) -> Callable[[AnyCallable], AnyCallable]:
    """`--format`, the first one given being the default."""
    return click.option(
        "--format", "form", type=click.Choice(formats), default=formats[0], show_default=True, help="输出格式 / output format."
    )


def lake_option(command: AnyCallable) -> AnyCallable:
    return click.option("--lake", required=True, type=click.Path(file_okay=False), help="数据湖目录 / the lake's folder.")(
        command
    )
