"""A real worker as a process of its own, with the tests' kinds and a fast pace: `python -m tests.web.jobs.worker_process`."""

from __future__ import annotations

import signal
import threading

import django

django.setup()

from tests.web.jobs import work  # noqa: E402, F401
from xiezhi.web.jobs.pace import Pace  # noqa: E402
from xiezhi.web.jobs.worker import run_worker  # noqa: E402

PACE = Pace(lease=1.5, beat=0.3, reap=0.4, poll=0.3, written=0.05, stalled=1.5, rest=0.2, seal=3600)

if __name__ == "__main__":
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    run_worker(2, stop, pace=PACE)
