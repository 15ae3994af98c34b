"""The command line as people start it: a process of its own, with nothing but its environment."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "PYTHONDONTWRITEBYTECODE")
FIRST_ANSWER = 60.0
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@dataclass
class Shell:
    """`settings`: what /etc/xiezhi/xiezhi.env would hold."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return kept | {"PYTHONPATH": os.pathsep.join(sys.path)} | self.settings | dict(more)

    def xiezhi(self, *arguments: str, told: str = "", **more: str) -> Ran:
        """`more`: variables of this one call."""
        command = [sys.executable, "-m", "xiezhi", *arguments]
        environment = self.environment(more)
        done = subprocess.run(
            command, env=environment, cwd=self.folder, capture_output=True, text=True, input=told, timeout=120, check=False
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def serving(self, *arguments: str) -> Iterator[Serving]:
        port = free_port()
        log = (self.folder / "serve.log").open("w+")
        command = [sys.executable, "-m", "xiezhi", "serve", "--port", str(port), "--workers", "1", *arguments]
        process = subprocess.Popen(command, env=self.environment({}), cwd=self.folder, stdout=log, stderr=log)
        try:
            yield Serving(port, process, self.folder / "serve.log")
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(60)
            log.close()


@dataclass(frozen=True)
class Serving:
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text()

    def get(self, path: str, **headers: str) -> Answer:
        """As the TLS proxy in front asks. Waits for the first answer."""
        deadline = time.monotonic() + FIRST_ANSWER
        while True:
            try:
                return self.ask("GET", path, headers)
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise AssertionError(self.said) from None
                time.sleep(0.2)

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        """The form of `path`, filled in: with the token and the cookie it came with."""
        form = self.get(path, **headers)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)
        assert token, form.text
        more = {"Cookie": form.cookie, "Referer": f"https://{headers['Host']}{path}", "Content-Type": FORM}
        return self.ask("POST", path, headers | more, urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **fields}))

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: str = "") -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body.encode(), dict(headers))
            answer = connection.getresponse()
            cookies = "; ".join(one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie", []))
            return Answer(answer.status, answer.read().decode(), cookies, answer.headers.get("Location", ""))
        finally:
            connection.close()


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    cookie: str
    goes_to: str


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
