"""kill -9, a hundred times: web, worker, database and service, at random, while departments deliver and models run.

    python -m benchmarks.kills --kills 100

Two copies of one demonstration receive the same files of a second city through the web, have their models run and alerts
raised. One is left in peace; in the other something is killed every few seconds and started again as a service manager would.
Afterwards both hold the same, and nothing is lost, doubled or stuck.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.conftest import free_port

from benchmarks.kills.compare import Held, held, problems
from benchmarks.kills.people import Browser, Runner, deliver
from benchmarks.kills.service import Service, kill_one, wait_until_it_answers

DEPARTMENTS = ("finance", "civil_affairs", "medical_insurance", "trading", "agriculture")
KINDS = ("rules.run", "alerts.raise")
SETTLING = 100
"""Seconds in which whatever the dead held is free: a lease, and the reaper's round."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--files", type=int, default=40)
    parser.add_argument("--pause", type=float, nargs=2, default=(2.0, 16.0), help="seconds between two kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="keep both sites in this folder")
    asked = parser.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="xz-kills-"))
    try:
        sys.exit(run(folder, asked))
    finally:
        if not asked.keep:
            shutil.rmtree(folder)


def run(folder: Path, asked: argparse.Namespace) -> int:
    """Exit code: 1 where anything differs."""
    files = made(folder, asked.files)
    quiet = work(Service(folder / "quiet", free_port()), files, lambda service: Counter())
    dice = random.Random(asked.seed)
    stormy = work(Service(folder / "stormy", free_port()), files, lambda service: storm(service, asked, dice))
    found = [*stormy.problems, *stormy.held.differences(quiet.held)]
    print(f"quiet: {quiet.held.counts()}, problems {quiet.problems}, {quiet.seconds:.0f} s, {dict(quiet.told)}")
    print(f"killed {sum(stormy.killed.values())}: {dict(stormy.killed)}; {stormy.seconds:.0f} s, {dict(stormy.told)}")
    print(f"with kills: {stormy.held.counts()}; {stormy.trail}")
    print("\n".join(found) or "nothing lost, nothing doubled, nothing stuck")
    return bool(found or quiet.problems)


def made(folder: Path, number: int) -> list[Path]:
    """Two equal sites, and the files that both will be given."""
    _xiezhi("demo", "--no-serve", "--dir", str(folder / "quiet"))
    # With owners: the database's files belong to an account of its own where all this runs as root.
    subprocess.run(["cp", "-a", str(folder / "quiet"), str(folder / "stormy")], check=True)
    _xiezhi("city", "build", str(folder / "second"), "--persons", "5000", "--seed", "2")
    found = [path for name in DEPARTMENTS for path in sorted((folder / "second" / name).iterdir()) if path.is_file()]
    return random.Random(0).sample(found, min(number, len(found)))


class Outcome:
    """What came of one site's day."""

    def __init__(self, home: Path, told: Counter[str], killed: Counter[str], trail: str, seconds: float) -> None:
        self.held: Held = held(home)
        self.problems = problems(home)
        self.told, self.killed, self.trail, self.seconds = told, killed, trail, seconds


def work(service: Service, files: list[Path], meanwhile: Callable[[Service], Counter[str]]) -> Outcome:
    """Deliver and run, with `meanwhile` going on; then let it settle, run twice more in peace, and look."""
    begun = time.monotonic()
    told: Counter[str] = Counter()
    with service:
        wait_until_it_answers(service)
        with asking(service) as do:
            runner = Runner(KINDS, do)
            browser = Browser(service.site, lambda: service.link("analyst"))
            delivering = Delivering(browser, files, told)
            runner.start()
            delivering.start()
            killed = meanwhile(service)
            delivering.finish()
            runner.stop()
            if killed:
                time.sleep(SETTLING)
            an_hour_passes(service.home / "uploads")
            # Twice: whether a hit was new, changed or there before hangs on when the last run was, which kills decide.
            for kind in (*KINDS, *KINDS, "deliveries.sweep"):
                told[f"last {kind} {do(kind)}"] += 1
        service.xiezhi("audit", "seal")
        trail = service.xiezhi("audit", "verify").strip().splitlines()[-1]
        told.update(runner.ended)
        told["service starts"] = service.starts
        return Outcome(service.home, told, killed, trail, time.monotonic() - begun)


def an_hour_passes(folder: Path) -> None:
    """What was left there is old enough to be swept."""
    then = time.time() - 7200
    for path in folder.iterdir():
        os.utime(path, (then, then))


class Delivering(threading.Thread):
    def __init__(self, browser: Browser, files: list[Path], told: Counter[str]) -> None:
        super().__init__(daemon=True)
        self.failure: BaseException | None = None
        self._browser, self._files, self._told = browser, files, told

    def run(self) -> None:
        try:
            for file in self._files:
                deliver(self._browser, file, self._told)
        except BaseException as error:
            self.failure = error

    def finish(self) -> None:
        self.join()
        if self.failure is not None:
            raise self.failure


def storm(service: Service, asked: argparse.Namespace, dice: random.Random) -> Counter[str]:
    killed: Counter[str] = Counter()
    while sum(killed.values()) < asked.kills:
        time.sleep(dice.uniform(*asked.pause))
        if kill_one(service, dice, killed):
            print(f"{sum(killed.values())}/{asked.kills} {dict(killed)}", file=sys.stderr, flush=True)
    return killed


@contextmanager
def asking(service: Service) -> Iterator[Callable[[str], str]]:
    """Asks for a job of a kind and waits until it is over."""
    environment = {**service.environment, "DJANGO_SETTINGS_MODULE": "xiezhi.web.config.settings"}
    command = [sys.executable, "-m", "benchmarks.kills.asking"]
    process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    assert process.stdin is not None
    assert process.stdout is not None
    reading, writing = process.stdout, process.stdin

    def do(kind: str) -> str:
        writing.write(f"{kind}\n")
        writing.flush()
        ended = reading.readline().strip()
        assert ended, "whoever asks for jobs has died"
        return ended

    try:
        yield do
    finally:
        writing.close()
        process.wait(30)


def _xiezhi(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "xiezhi", *arguments], env={**os.environ}, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
