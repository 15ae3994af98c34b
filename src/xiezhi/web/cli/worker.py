"""xiezhi worker"""

from __future__ import annotations

import signal
import threading

import click

from xiezhi.web.cli.database import reachable
from xiezhi.web.jobs.worker import run_worker


@click.command("worker")
@click.option("--concurrency", type=click.IntRange(1, 32), default=1, show_default=True, help="同时任务数 / jobs at once.")
def command(concurrency: int) -> None:
    """后台任务:接收、运行、封存审计 / background jobs: receiving, running, sealing the trail.

    Ctrl-C ends it after the present job.
    """
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with reachable():
        run_worker(concurrency, stop)
