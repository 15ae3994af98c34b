"""The process that does jobs: fetches them from the queue, strikes the clock, gives back what dead workers held."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection
from procrastinate.connector import BaseAsyncConnector
from procrastinate.contrib.django import DjangoApp, app

from xiezhi.kernel.errors import RetryableError, XiezhiError
from xiezhi.web.audit.actions.sealing import seal
from xiezhi.web.jobs import clock
from xiezhi.web.jobs.actions.reaping import reap
from xiezhi.web.jobs.doing import do
from xiezhi.web.jobs.pace import USUAL, Pace
from xiezhi.web.jobs.queue import DO, QUEUE, TICK

log = logging.getLogger("xiezhi.jobs")

CATCH_UP = 12 * 3600.0
"""Seconds after its hour in which what the clock should have started is still started: a machine was off."""


def run_worker(concurrency: int, stop: threading.Event, *, pace: Pace = USUAL) -> None:
    """Work until `stop`, then end the present jobs and return. Two may run at once, on one machine or on several."""
    reap(pace)
    beside = [
        Repeating("reaper", lambda: reap(pace), every=pace.reap, stop=stop),
        Repeating("sealer", seal, every=pace.seal, stop=stop),
    ]
    for thread in beside:
        thread.start()
    try:
        asyncio.run(_run(concurrency, stop, pace))
    finally:
        stop.set()
        for thread in beside:
            thread.join()


class Repeating(threading.Thread):
    """Calls something every so many seconds, with a connection of its own, until `stop`. What fails is tried again."""

    def __init__(self, name: str, what: Callable[[], object], *, every: float, stop: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self._what, self._every, self._stop_at = what, every, stop

    def run(self) -> None:
        while not self._stop_at.is_set():
            self._once()
            self._stop_at.wait(self._every)
        connection.close()

    def _once(self) -> None:
        try:
            self._what()
        except RetryableError:
            pass  # another process does it just now
        except XiezhiError as error:
            log.error("%s: %s", self.name, error)
        except DatabaseError as error:
            log.warning("%s: %s", self.name, error)
        except Exception:
            log.exception("%s failed", self.name)
        finally:
            connection.close_if_unusable_or_obsolete()


def start_reaper(*, pace: Pace = USUAL, stop: threading.Event | None = None) -> Repeating:
    """The reaper as a thread of another process, a web server's: jobs are given back though no worker is left."""
    thread = Repeating("reaper", lambda: reap(pace), every=pace.reap, stop=stop or threading.Event())
    thread.start()
    return thread


async def _run(concurrency: int, stop: threading.Event, pace: Pace) -> None:
    worker_app = _app(pace)
    async with worker_app.open_async():
        working = asyncio.create_task(
            worker_app.run_worker_async(
                queues=[QUEUE],
                name=owner(),
                concurrency=concurrency,
                fetch_job_polling_interval=pace.poll,
                update_heartbeat_interval=pace.stalled / 4,
                stalled_worker_timeout=pace.stalled,
                delete_jobs="always",
                install_signal_handlers=False,
            )
        )
        while not stop.is_set() and not working.done():
            await asyncio.sleep(0.1)
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working


def _app(pace: Pace) -> DjangoApp:
    """The queue's app with what it may be asked for. Its own, so that one process may run several workers in turn."""
    made = DjangoApp(connector=_connector(), periodic_defaults={"max_delay": CATCH_UP})

    def done(job_id: str) -> None:
        do(UUID(job_id), owner=owner(), pace=pace)

    def ticked(timestamp: int, entry: str) -> None:
        clock.strike(entry, timestamp)

    made.task(name=DO, queue=QUEUE)(done)
    tick = made.task(name=TICK, queue=QUEUE)(ticked)
    for entry in clock.entries():
        made.periodic(cron=entry.when.cron, periodic_id=entry.name, task_kwargs={"entry": entry.name})(tick)
    return made


def _connector() -> BaseAsyncConnector:
    """One that listens: Django's own connections, which `app` uses, cannot."""
    connector: Any = app.connector
    made: BaseAsyncConnector = connector.get_worker_connector()
    return made


def owner() -> str:
    """This process, by name: who stands in a lease."""
    return f"{socket.gethostname()}:{os.getpid()}"
