"""Who works meanwhile: somebody at a browser who tries again, and somebody who has the models run."""

from __future__ import annotations

import re
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

PATIENCE = 600.0
"""Seconds that a person tries before they call it stuck."""


class Browser:
    """Tries again where the site is away. `sign_in` gives a new link where the session has ended."""

    def __init__(self, site: str, sign_in: Callable[[], str]) -> None:
        self.site, self._sign_in = site, sign_in
        self._session = requests.Session()
        self.get(sign_in())

    def get(self, path: str) -> str:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self._session.get(urllib.parse.urljoin(self.site, path), timeout=30)
                if answer.status_code < 500 and "/login" not in answer.url:
                    return answer.text
                if "/login" in answer.url:
                    self._session.get(self._sign_in(), timeout=30)
            except requests.RequestException:
                pass
            if time.monotonic() > deadline:
                raise AssertionError(f"{path} did not answer")
            time.sleep(0.5)

    def post(self, form: str, path: str, files: list[Any] | None = None) -> requests.Response | None:
        """None where the answer was lost: the person does not know whether it was taken."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(form))
        if token is None:
            return None
        try:
            return self._session.post(
                urllib.parse.urljoin(self.site, path),
                data={"csrfmiddlewaretoken": token[1]},
                files=files,
                headers={"Referer": urllib.parse.urljoin(self.site, form)},
                timeout=60,
            )
        except requests.RequestException:
            return None


def deliver(browser: Browser, file: Path, told: Counter[str]) -> None:
    """Upload until a batch says that the file was received or refused."""
    while True:
        told["uploads"] += 1
        answer = browser.post("/deliveries/upload/", "/deliveries/upload/", [("files", (file.name, file.read_bytes()))])
        batch = re.search(r"/deliveries/uploads/([0-9a-f-]{36})/", answer.url) if answer is not None else None
        if batch is not None and _settled(browser, batch[1], told):
            return
        told["answers lost"] += 1
        time.sleep(1)


def _settled(browser: Browser, batch: str, told: Counter[str]) -> bool:
    page = f"/deliveries/uploads/{batch}/"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        text = browser.get(page)
        if "已接收" in text or "被拒收" in text:
            return True
        if f"{page}again/" in text:
            told["pressed again"] += 1
            browser.post(page, f"{page}again/")
        time.sleep(1)
    raise AssertionError(f"{page} is stuck")


class Runner(threading.Thread):
    """Has models run and alerts raised, one after the other, until told to stop. `start` asks for a job, `over` waits for it."""

    def __init__(self, kinds: tuple[str, ...], do: Callable[[str], str]) -> None:
        super().__init__(daemon=True)
        self.ended: Counter[str] = Counter()
        self.failure: BaseException | None = None
        self._kinds, self._do, self._stop_at = kinds, do, threading.Event()

    def run(self) -> None:
        try:
            number = 0
            while not self._stop_at.is_set():
                kind = self._kinds[number % len(self._kinds)]
                self.ended[f"{kind} {self._do(kind)}"] += 1
                number += 1
        except BaseException as error:
            self.failure = error

    def stop(self) -> None:
        self._stop_at.set()
        self.join(PATIENCE)
        if self.failure is not None:
            raise self.failure
        assert not self.is_alive(), "a job is stuck"
