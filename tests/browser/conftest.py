"""A real platform over a small city, and a real browser in front of it.

The city is built once for all workers of a run. Each test signs in by a demonstration link of its own.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect, sync_playwright

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

PATIENCE = 90_000
"""Milliseconds that anything may take: a machine that does other things is slow, not wrong. Nothing waits longer than needed."""

expect.set_options(timeout=PATIENCE)

WATCH = """
document.addEventListener('securitypolicyviolation', event =>
  window.violated(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


@dataclass
class Site:
    """A running platform. `links` by username: each signs in once."""

    home: Path
    port: int
    links: dict[str, list[str]]

    @property
    def url(self) -> str:
        """By name: a security key belongs to a name, never to a number."""
        return f"http://localhost:{self.port}"

    def link(self, username: str) -> str:
        return self.links[username].pop().replace("127.0.0.1", "localhost")


@dataclass
class Watch:
    """What went wrong in the browsers of a test: the policy violated, a script that failed, a request that left the host."""

    site: Site
    problems: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Every page of `context`, and every document that each of them opens."""
        context.expose_binding("violated", lambda _source, said: self.problems.append(f"policy: {said}"))
        context.add_init_script(WATCH)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        context.on("request", lambda request: self._stays(request.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(f"console: {message.text}")

    def _stays(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and f"{parts.scheme}://{parts.netloc}" != self.site.url:
            self.problems.append(f"left the host: {url}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a Chromium they are skipped, loudly; where XIEZHI_BROWSER=required they fail instead."""
    if CHROMIUM is None and os.environ.get("XIEZHI_BROWSER") != "required":
        for item in items:
            if "tests/browser" in str(item.path):
                item.add_marker(pytest.mark.skip(reason="NO CHROMIUM on this machine: apt-get install chromium fonts-noto-cjk"))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `xiezhi demo --no-serve` leaves; nobody writes into it.

    XIEZHI_BROWSER_CITY names one built before, for whoever writes a test and does not want to wait.
    """
    shared = tmp_path_factory.getbasetemp().parent if os.environ.get("PYTEST_XDIST_WORKER") else tmp_path_factory.getbasetemp()
    with _lock(shared / "city.lock"):
        built = Path(os.environ.get("XIEZHI_BROWSER_CITY", shared / "built-city"))
        if not built.exists():
            _run({}, "demo", "--no-serve", "--dir", str(built))
    return built


@pytest.fixture(scope="session")
def site(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of it under `xiezhi serve`, on a free port, as a user would."""
    home = tmp_path_factory.mktemp("live") / "demo"
    copy(built, home)
    port = free_port()
    environment = {"XIEZHI_HOME": str(home), "XIEZHI_MODE": "demo"}
    server = subprocess.Popen([sys.executable, "-m", "xiezhi", "serve", "--port", str(port)], env=os.environ | environment)
    try:
        _wait_for(f"http://127.0.0.1:{port}/account/login/", server)
        made = json.loads(_run(environment, "demo-links", "--port", str(port), "--each", "60", "--format", "json"))
        links: dict[str, list[str]] = defaultdict(list)
        for one in made:
            links[one["username"]].append(one["link"])
        yield Site(home, port, links)
    finally:
        server.terminate()
        server.wait(60)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    assert CHROMIUM is not None, "no Chromium on this machine: apt-get install chromium fonts-noto-cjk"
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield opened
    opened.close()


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    """After the test: no violation of the policy, no script error, no request to another host."""
    watching = Watch(site)
    yield watching
    assert watching.problems == []


@pytest.fixture
def another(browser: Browser, watch: Watch) -> Iterator[Callable[[], BrowserContext]]:
    """A browser of its own, without a session: `another()`. All are watched, and closed after the test."""
    made: list[BrowserContext] = []

    def opened() -> BrowserContext:
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        made.append(context)
        return context

    yield opened
    for context in made:
        context.close()


@pytest.fixture
def context(another: Callable[[], BrowserContext]) -> BrowserContext:
    """The browser of the test's first person."""
    return another()


@pytest.fixture
def enter(site: Site, context: BrowserContext) -> Callable[..., Page]:
    """Sign in as a demonstration account: `enter("officer1")`. One browser: whoever enters next takes the session over."""

    def sign_in(username: str, path: str = "/") -> Page:
        page = context.new_page()
        page.goto(site.link(username))
        if path != "/":
            page.goto(site.url + path)
        return page

    return sign_in


def _run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "xiezhi", *arguments], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def copy(built: Path, home: Path) -> None:
    """With owners: run by root, the database belongs to an account that may do nothing else."""
    subprocess.run(["cp", "-a", str(built), str(home)], check=True)
    for lock in (home / "postgres").glob("*.lock"):
        lock.unlink()


def search(page: Page, words: str) -> None:
    """Ask the list above which `page` stands; its rows are new ones when this returns.

    A click that begins on an old row and ends on a new one opens nothing: on a slow machine the answer comes between the two.
    """
    page.get_by_label("搜索").fill(words)
    page.get_by_role("button", name="查询").click()
    expect(page).to_have_url(re.compile("[?&]q="))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes], seconds: float = 600) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert server.poll() is None, "xiezhi serve ended"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(f"{url} did not answer in {seconds} s")


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
