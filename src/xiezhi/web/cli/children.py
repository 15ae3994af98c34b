"""The processes that `xiezhi serve` keeps: one that dies is started again, and all end together."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

CHECK = 0.5
"""Seconds between looks."""

PATIENCE = 30.0
"""Seconds a process may take to end by itself."""

CALM = 60.0
"""Seconds alive after which a death is a new accident, not the old one again."""


@dataclass
class Child:
    """`shared`: descriptors that it inherits. `pause`: seconds waited before the next start, doubling while it keeps dying."""

    name: str
    arguments: Sequence[str]
    shared: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    next_start: float = 0.0
    pause: float = 0.5
    deaths: int = field(default=0)

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", *self.arguments], pass_fds=self.shared)
        self.started = time.monotonic()

    def tend(self, now: float) -> None:
        """Start it if it is not there and its pause is over."""
        if self.process is not None and self.process.poll() is None:
            if now - self.started > CALM:
                self.pause = 0.5
            return
        if self.process is not None:
            self.process, self.deaths = None, self.deaths + 1
            self.next_start, self.pause = now + self.pause, min(self.pause * 2, 30.0)
        if now >= self.next_start:
            self.start()


def keep(children: Sequence[Child], stop: threading.Event, also: Callable[[], None]) -> None:
    """Keep every child alive until `stop`; `also` is called at each look (the embedded database is looked after there)."""
    for child in children:
        child.start()
    try:
        while not stop.wait(CHECK):
            also()
            for child in children:
                child.tend(time.monotonic())
    finally:
        _end(children)


def _end(children: Sequence[Child]) -> None:
    for child in children:
        if child.process is not None:
            child.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
