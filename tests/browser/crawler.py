"""Walks the platform as one person, by its own links, and keeps what every page answered."""

from __future__ import annotations

import http.cookiejar
import io
import re
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

LINKS = re.compile(r'(?:href|hx-get)="([^"#]+)"')
LEAVES = ("/account/logout", "/static/", "/language/", "/theme/")
IDENTITIES = {
    "citizen id": re.compile(r"(?<![\dA-Za-z])\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"),
    "bank account": re.compile(r"(?<![\dA-Za-z])62\d{14,17}(?![\dA-Za-z])"),
    "phone": re.compile(r"(?<![\dA-Za-z.])1[3-9]\d{9}(?![\dA-Za-z])"),
}


@dataclass(frozen=True)
class Answer:
    url: str
    status: int
    text: str
    headers: dict[str, str]

    def identities(self) -> list[str]:
        """Every identity in clear that the answer holds, whatever its kind."""
        return [f"{self.url}: {name} {found}" for name, shape in IDENTITIES.items() for found in shape.findall(self.text)[:3]]


@dataclass
class Crawler:
    """`limit`: pages; of routes with numbers in them, `alike` of a kind are enough."""

    site: str
    limit: int = 400
    alike: int = 4
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        jar = http.cookiejar.CookieJar()
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)).open
        self._kinds: dict[str, int] = {}

    def enter(self, link: str) -> None:
        assert self.ask(link).status == 200

    def ask(self, url: str) -> Answer:
        request = urllib.request.Request(url, headers={"Accept-Language": "zh-CN"})
        try:
            with self._open(request, timeout=600) as answer:
                return Answer(url, answer.status, _text(answer.read()), dict(answer.headers))
        except urllib.error.HTTPError as error:
            return Answer(url, error.code, _text(error.read()), dict(error.headers))

    def walk(self, start: str = "/") -> Iterator[Answer]:
        """Every page that can be reached by links, breadth first."""
        waiting = deque([urllib.parse.urljoin(self.site, start)])
        while waiting and len(self.seen) < self.limit:
            url = waiting.popleft()
            if url in self.seen:
                continue
            self.seen.add(url)
            answer = self.ask(url)
            yield answer
            waiting.extend(one for one in self._links(answer) if one not in self.seen and self._wanted(one))

    def _links(self, answer: Answer) -> Iterator[str]:
        for found in LINKS.findall(answer.text):
            url = urllib.parse.urljoin(answer.url, found.replace("&amp;", "&"))
            if url.startswith(self.site) and not any(leave in url for leave in LEAVES):
                yield url

    def _wanted(self, url: str) -> bool:
        path, _, query = url.partition("?")
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "#", path) + "?" + "&".join(sorted(re.findall(r"(\w+)=", query)))
        self._kinds[kind] = self._kinds.get(kind, 0) + 1
        return self._kinds[kind] <= self.alike


def _text(body: bytes) -> str:
    """The words of an answer; of a spreadsheet or document, the words of every part of it."""
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return body.decode("utf-8", "replace")
