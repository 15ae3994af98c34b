"""`xiezhi demo` a second time: opens what is here, is alone with it, shows links that open, and ends with all its processes."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import copy, free_port

LINK = re.compile(r"http://127\.0\.0\.1:\d+/enter/[\w-]+/")


def demo(folder: Path, port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "xiezhi", "demo", "--dir", str(folder), "--port", str(port)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)


def children(pid: int) -> set[int]:
    """All processes beneath one."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(own): int(above) for own, above in (line.split() for line in listed.splitlines())}
    found, last = {pid}, set[int]()
    while found != last:
        last = set(found)
        found |= {own for own, above in parents.items() if above in found}
    return found - {pid}


def until(true: Callable[[], bool], seconds: float = 120) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A finished demonstration that nobody runs."""
    copy(built, tmp_path / "demo")
    return tmp_path / "demo"


def test_the_second_time_opens_what_is_here_and_ends_as_one(folder: Path) -> None:
    made = (folder / "lake" / "lake.json").stat().st_mtime_ns
    port = free_port()
    first = demo(folder, port)
    assert first.stdout is not None
    said = ""
    while not LINK.search(said):
        line = first.stdout.readline()
        assert line, said
        said += line
    assert "--fresh" in said
    assert (folder / "lake" / "lake.json").stat().st_mtime_ns == made, "nothing was made anew"
    link = LINK.search(said)
    assert link is not None
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    with browser.open(link[0], timeout=600) as page:
        assert page.url == f"http://127.0.0.1:{port}/", "signed in, at the workbench"
        assert "made-up" in page.read().decode()

    second = demo(folder, free_port())
    told, _ = second.communicate(timeout=600)
    assert second.returncode == 2, told
    assert "XZ-DEMO-04" in told
    assert f"http://127.0.0.1:{port}/" in told

    beneath = children(first.pid)
    assert len(beneath) >= 3
    os.kill(first.pid, signal.SIGTERM)
    first.wait(90)
    assert until(lambda: not [pid for pid in beneath if Path(f"/proc/{pid}").exists()], 30), "all its processes are gone"


COMMAND = re.compile(r"^xiezhi ((?:evidence|why|coverage|truth) .*?)(?:  +#.*)?$", re.MULTILINE)


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_what_the_readme_asks_for_is_there(built: Path, page: str) -> None:
    """It names a hit and a person by number: those of the city that `make demo` builds, which is the same everywhere."""
    asked = COMMAND.findall((Path(__file__).parents[2] / page).read_text("utf-8"))
    assert len(asked) == 4
    for command in asked:
        words = command.replace("demo/", f"{built}/").split()
        done = subprocess.run([sys.executable, "-m", "xiezhi", *words], capture_output=True, text=True, check=False)
        assert (done.returncode, bool(done.stdout)) == (0, True), f"{command}: {done.stderr}"
