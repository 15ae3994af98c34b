"""Many people at once: `python -m benchmarks.crowd --dir demo --people 50 --minutes 5`.

Over a copy of a demonstration's folder, so many browsers, of every role, open what their own pages link to, a list as often
as one of its things, and read for a moment before the next. Told of each kind of page: how often, the median, the 95th
percentile, and what failed. A page that is linked and refuses counts as failed, too.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from statistics import median, quantiles

import click
import requests
from tests.browser.conftest import free_port

from benchmarks.kills.service import Service, wait_until_it_answers
from benchmarks.machine import describe

READING = (1.0, 3.0)
"""Seconds between two pages of one person, evenly spread: quicker than anybody reads."""

NUMBERED = re.compile(r"/(?:[0-9a-f-]{36}|[^/]*\d[^/]*)(?=/)")
LEFT_ALONE = re.compile(r"^/(?:logout|enter|language|i18n|static|health)|\.(?:csv|xlsx|pdf|zip)$|download|export")
"""Ends the session, or is a file that a person saves once."""


@dataclass
class Measured:
    """Seconds of each answer, and what failed, of one kind of page."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def line(self, kind: str) -> str:
        p95 = quantiles(self.seconds, n=20)[18] if len(self.seconds) > 1 else self.seconds[0]
        return f"{kind:60} {len(self.seconds):6} {median(self.seconds) * 1000:7.0f} {p95 * 1000:7.0f} {len(self.failures):5}"


class Links(HTMLParser):
    """Where the anchors of a page lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


class Person(threading.Thread):
    """Somebody at a browser, signed in."""

    def __init__(self, site: str, link: str, seed: int, until: float) -> None:
        super().__init__(daemon=True)
        self.measured: dict[str, Measured] = defaultdict(Measured)
        self._site, self._until, self._dice = site, until, random.Random(seed)
        self._session = requests.Session()
        self._session.get(link, timeout=60).raise_for_status()

    def run(self) -> None:
        links = self._open("/")
        while time.monotonic() < self._until:
            time.sleep(self._dice.uniform(*READING))
            lists, things = ([one for one in links if bool(NUMBERED.search(one)) is numbered] for numbered in (False, True))
            chosen = things if things and self._dice.random() < 0.5 else lists
            links = self._open(self._dice.choice(chosen) if chosen else "/") or self._open("/")

    def _open(self, path: str) -> list[str]:
        """What the page at a path links to; nothing where it failed."""
        kind = NUMBERED.sub("/…", path.partition("?")[0] + "/").replace("//", "/")
        begun = time.monotonic()
        try:
            answer = self._session.get(self._site + path, timeout=60)
        except requests.RequestException as error:
            self.measured[kind].failures.append(f"{path}: {type(error).__name__}")
            return []
        finally:
            self.measured[kind].seconds.append(time.monotonic() - begun)
        if not answer.ok:
            self.measured[kind].failures.append(f"{path}: {answer.status_code}")
            return []
        if "html" not in answer.headers.get("Content-Type", ""):
            return []
        links = Links()
        links.feed(answer.text)
        return sorted({one.partition("#")[0] for one in links.found if one.startswith("/") and not LEFT_ALONE.search(one)})


@click.command()
@click.option("--dir", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default="demo")
@click.option("--people", default=50)
@click.option("--minutes", default=5.0)
def main(folder: Path, people: int, minutes: float) -> None:
    """Exit code 1 where any page failed."""
    print(describe())
    with tempfile.TemporaryDirectory(prefix="xz-crowd-") as room:
        Path(room).chmod(0o711)  # the private database runs as another than root
        subprocess.run(["cp", "-a", folder, Path(room) / "site"], check=True)  # with its owners
        with Service(Path(room) / "site", free_port()) as service:
            wait_until_it_answers(service)
            measured = crowd(service, people, minutes)
    sys.exit(told(measured))


def crowd(service: Service, people: int, minutes: float) -> dict[str, Measured]:
    """What all of them met together."""
    each = ("demo-links", "--port", str(service.port), "--each", str(people // 20 + 1), "--format", "json")
    links = [str(one["link"]) for one in json.loads(service.xiezhi(*each))]
    random.Random(0).shuffle(links)
    until = time.monotonic() + minutes * 60
    crowded = [Person(service.site, link, seed, until) for seed, link in enumerate(links[:people])]
    for person in crowded:
        person.start()
    together: dict[str, Measured] = defaultdict(Measured)
    for person in crowded:
        person.join()
        for kind, one in person.measured.items():
            together[kind].seconds += one.seconds
            together[kind].failures += one.failures
    return together


def told(measured: dict[str, Measured]) -> int:
    """Prints the table; returns how many failed, at most 1."""
    every = Measured([one for kind in measured.values() for one in kind.seconds], [])
    every.failures = [one for kind in measured.values() for one in kind.failures]
    print(f"{'page':60} {'times':>6} {'p50 ms':>7} {'p95 ms':>7} {'bad':>5}")
    for kind, one in sorted(measured.items(), key=lambda item: -len(item[1].seconds)):
        print(one.line(kind))
    print(every.line("all"))
    print("\n".join(sorted(every.failures)[:40]))
    return min(1, len(every.failures))


if __name__ == "__main__":
    main()
