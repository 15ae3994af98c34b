"""The platform as a service manager keeps it: what dies is started again, and what is left of it is ended first."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

RESTART = 2.0
"""Seconds before the service is started again, as in deploy/systemd/xiezhi.service."""

WEIGHTS = {"web": 4, "worker": 6, "backend": 5, "postmaster": 1, "service": 1}
"""How often each kind is chosen while it is there."""


class Service:
    """`xiezhi serve` over a data folder."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.starts = 0
        self._ending = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "XIEZHI_HOME": str(self.home), "XIEZHI_MODE": "demo"}

    def __enter__(self) -> Service:
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        process = self._process
        if process is not None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(60)
        self._keeper.join(90)

    def _keep(self) -> None:
        log = (self.home / "serve.log").open("ab")
        while not self._ending.is_set():
            command = [sys.executable, "-m", "xiezhi", "serve", "--port", str(self.port)]
            self._process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, start_new_session=True)
            self.starts += 1
            self._process.wait()
            if not self._ending.is_set():
                with suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
                self._ending.wait(RESTART)

    def xiezhi(self, *arguments: str, code: int = 0) -> str:
        """A command of the platform on this data folder."""
        environment = {**self.environment, "XIEZHI_LANG": "en"}
        command = [sys.executable, "-m", "xiezhi", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != code:
            raise AssertionError(f"xiezhi {' '.join(arguments)}: {done.returncode}\n{done.stderr[-2000:]}")
        return done.stdout

    def link(self, username: str) -> str:
        made = json.loads(self.xiezhi("demo-links", "--port", str(self.port), "--format", "json"))
        return next(str(one["link"]) for one in made if one["username"] == username)

    def victims(self) -> Iterator[tuple[str, psutil.Process]]:
        """Everything that runs for the platform now, by what it is."""
        if self._process is None:
            return
        main = psutil.Process(self._process.pid)
        yield "service", main
        for process in main.children(recursive=True):
            line = " ".join(process.cmdline())
            if "xiezhi.web.cli.pages" in line:
                yield "web", process
            elif "xiezhi worker" in line:
                yield "worker", process
        postmaster = psutil.Process(int((self.home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0]))
        yield "postmaster", postmaster
        for process in postmaster.children():
            if "xiezhi_app" in " ".join(process.cmdline()):
                yield "backend", process


def kill_one(service: Service, dice: random.Random, killed: Counter[str]) -> bool:
    """SIGKILL for one of them. False where nothing could be killed just now: it is down already, or only just starting."""
    try:
        found = list(service.victims())
        kinds = sorted({kind for kind, _ in found})
        kind = dice.choices(kinds, [WEIGHTS[one] for one in kinds])[0]
        victim = dice.choice([process for name, process in found if name == kind])
        victim.send_signal(signal.SIGKILL)
    except (psutil.Error, OSError, ValueError, IndexError):
        return False
    killed[kind] += 1
    return True


def wait_until_it_answers(service: Service, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", service.port), 1).close()
            return
        time.sleep(0.5)
    raise AssertionError(f"{service.site} does not answer: {(service.home / 'serve.log').read_text()[-2000:]}")
