"""kill -9, a hundred times: web, worker and database, at random, while departments deliver and models run.

    python -m benchmarks.kills --kills 100

Builds a demonstration and a second city's deliveries, uploads those through the web as a person would (trying again when the
site is away), starts runs, and kills. Afterwards nothing may be lost, doubled or stuck: the lake holds what a quiet reception of
the same files holds, every job is over, every hit is one alert, and the trail is sound.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import requests
from tests.browser.conftest import _free_port

TABLES = """
import json, sys
from pathlib import Path
from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.lake.lake import Lake
with Lake.open(Path(sys.argv[1])) as lake, DuckDB() as engine:
    print(json.dumps({name: engine.value(f"SELECT count(*) FROM read_parquet({[str(f) for f in ref.files]})")
                      for name, ref in lake.snapshot(None).tables.items() if ref.files}))
"""


@dataclass
class Drill:
    home: Path
    port: int
    dice: random.Random
    killed: Counter[str] = field(default_factory=Counter)
    server: subprocess.Popen[bytes] | None = None

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "XIEZHI_HOME": str(self.home), "XIEZHI_MODE": "demo"}

    def serve(self) -> None:
        self.server = subprocess.Popen([sys.executable, "-m", "xiezhi", "serve", "--port", str(self.port)], env=self.environment)

    def victims(self) -> Iterator[tuple[str, psutil.Process]]:
        """Everything that runs for the platform, by what it is."""
        assert self.server is not None
        for process in psutil.Process(self.server.pid).children(recursive=True):
            line = " ".join(process.cmdline())
            yield ("worker" if line.endswith("xiezhi worker") else "web"), process
        pid = int((self.home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])
        yield "postmaster", psutil.Process(pid)
        for process in psutil.Process(pid).children():
            yield "backend", process

    def kill_one(self) -> None:
        try:
            found = list(self.victims())
            kind = self.dice.choice(sorted({name for name, _ in found}))
            _, process = self.dice.choice([one for one in found if one[0] == kind])
            process.send_signal(signal.SIGKILL)
            self.killed[kind] += 1
        except (psutil.Error, OSError, ValueError, IndexError):
            time.sleep(0.2)  # already down, or just starting: the next one


class Person:
    """Someone at a browser who tries again."""

    def __init__(self, site: str, link: str) -> None:
        self.site, self.session = site, requests.Session()
        self.get(link)

    def get(self, path: str, *, patience: float = 120) -> str:
        deadline = time.monotonic() + patience
        while True:
            try:
                answer = self.session.get(urllib.parse.urljoin(self.site, path), timeout=30)
                if answer.status_code < 500:
                    return answer.text
            except requests.RequestException:
                pass
            if time.monotonic() > deadline:
                raise AssertionError(f"{path} did not answer")
            time.sleep(0.5)

    def token(self, path: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path))
        assert found, f"no form on {path}"
        return found[1]

    def post(self, form: str, path: str, **fields: object) -> requests.Response | None:
        """None where the answer was lost: the person does not know whether it was taken."""
        token = self.token(form)
        files = fields.pop("files", None)
        try:
            return self.session.post(
                urllib.parse.urljoin(self.site, path),
                data={"csrfmiddlewaretoken": token, **fields},
                files=files,
                headers={"Referer": urllib.parse.urljoin(self.site, form)},
                timeout=60,
            )
        except requests.RequestException:
            return None


def deliver(person: Person, file: Path) -> None:
    """Upload until a batch says that the file was received or refused."""
    while True:
        answer = person.post("/deliveries/upload/", "/deliveries/upload/", files=[("files", (file.name, file.read_bytes()))])
        batch = (
            re.search(r"/deliveries/uploads/([0-9a-f-]{36})/", answer.url + answer.headers.get("HX-Redirect", ""))
            if answer is not None
            else None
        )
        if batch is None:
            time.sleep(1)
            continue
        if settled(person, uuid.UUID(batch[1])):
            return


def settled(person: Person, batch: uuid.UUID, patience: float = 180) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        text = person.get(f"/deliveries/uploads/{batch}/")
        if "已接收" in text or "已拒收" in text:
            return True
        if "again/" in text:
            person.post(f"/deliveries/uploads/{batch}/", f"/deliveries/uploads/{batch}/again/")
        time.sleep(1)
    return False


def xiezhi(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "xiezhi", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{arguments}: {done.stderr[-2000:]}"
    return done.stdout


def rows_of(lake: Path) -> dict[str, int]:
    done = subprocess.run([sys.executable, "-c", TABLES, str(lake)], capture_output=True, text=True, check=True)
    counts: dict[str, int] = json.loads(done.stdout)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--files", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xiezhi-kills-") as folder:
        run(Path(folder), asked)


def run(folder: Path, asked: argparse.Namespace) -> None:
    xiezhi({**os.environ}, "demo", "--no-serve", "--dir", str(folder / "demo"))
    xiezhi({**os.environ}, "city", "build", str(folder / "second"), "--persons", "5000", "--seed", "2")
    files = sorted(
        path
        for path in (folder / "second").rglob("*.csv")
        if path.parent.name in ("finance", "civil_affairs", "medical_insurance")
    )[: asked.files]
    quiet = folder / "quiet"
    subprocess.run(["cp", "-r", str(folder / "demo" / "lake"), str(quiet)], check=True)
    xiezhi({**os.environ}, "receive", *map(str, files), "--lake", str(quiet))
    drill = Drill(folder / "demo", _free_port(), random.Random(asked.seed))
    drill.serve()
    links = {
        one["username"]: one["link"]
        for one in json.loads(xiezhi(drill.environment, "demo-links", "--port", str(drill.port), "--format", "json"))
    }
    time.sleep(5)
    person = Person(drill.site, links["analyst"])
    done = threading.Event()
    delivering = threading.Thread(target=lambda: ([deliver(person, file) for file in files], done.set()))
    delivering.start()
    while sum(drill.killed.values()) < asked.kills:
        time.sleep(drill.dice.uniform(0.3, 2.5))
        drill.kill_one()
    delivering.join(1800)
    assert done.is_set(), "deliveries did not come to an end"
    report(drill, rows_of(quiet))
    assert drill.server is not None
    drill.server.terminate()
    drill.server.wait(60)


def report(drill: Drill, quiet: dict[str, int]) -> None:
    time.sleep(60)  # two leases: whatever was held by the dead is free by now
    have = rows_of(drill.home / "lake")
    print("killed:", dict(drill.killed))
    print(
        "lake equals the quiet one:",
        have == quiet,
        {name: (have.get(name), count) for name, count in quiet.items() if have.get(name) != count},
    )
    print(xiezhi({**drill.environment, "XIEZHI_LANG": "en"}, "audit", "verify").splitlines()[:3])
    assert have == quiet


if __name__ == "__main__":
    main()
