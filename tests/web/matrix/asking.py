"""Asking the site as somebody, and undoing whatever that did."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client, RequestFactory

from tests.browser.crawler import IDENTITIES
from tests.web.matrix.walk import Route
from tests.web.matrix.world import Person, World
from xiezhi.web.accounts.guard import NotPermitted
from xiezhi.web.accounts.viewer import ANONYMOUS

MARK = re.compile(r"m4rk-[\w -]*?-k\b")
SIGN_IN = "/account/login/"


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    location: str = ""

    @property
    def asks_to_sign_in(self) -> bool:
        return self.status == 401 or (self.status == 302 and self.location.startswith(SIGN_IN))

    @property
    def asks_again(self) -> bool:
        """To prove again who one is."""
        return self.location.startswith("/account/again/")

    def identities(self) -> list[str]:
        """Whatever has the shape of a citizen id, an account or a phone."""
        return [f"{name} {found}" for name, shape in IDENTITIES.items() for found in shape.findall(self.text)[:3]]

    def foreign(self, person: Person, world: World) -> list[str]:
        """Marks of things that the person does not see."""
        marked = {thing.mark: thing for things in world.things.values() for thing in things}
        return [mark for mark in sorted(set(MARK.findall(self.text))) if mark in marked and not person.sees(marked[mark])]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(person: Person, method: str, path: str, data: Mapping[str, Any] | None = None, *, part: bool = False) -> Answer:
    """As a browser in which the person is signed in, and has just proven who they are."""
    client = person.client
    kept = client.cookies.get(settings.SESSION_COOKIE_NAME)
    headers = {"HTTP_HX_REQUEST": "true"} if part else {}
    with undone():
        answer = answered(_sent(client, method, path, data, headers))
    client.cookies = SimpleCookie({} if kept is None else {settings.SESSION_COOKIE_NAME: kept.value})
    return answer


def ask_as_machine(secret: str, method: str, path: str, data: Mapping[str, Any] | None = None) -> Answer:
    client = Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)
    with undone():
        return answered(_sent(client, method, path, data, {}))


def knock(person: Person, method: str, route: Route) -> str:
    """What the door itself says, without a page around it: refused, method, sign in, or open."""
    request: Any = RequestFactory().generic(method, route.path())
    viewer = person.viewer if person.user is not None and person.signs_in else ANONYMOUS
    request.viewer, request.held_posts, request.ended, request.htmx = viewer, [], "", False
    request.user, request.session = person.user, person.client.session
    with undone():
        try:
            answer = route.view(request, **route.arguments())
        except NotPermitted:
            return "refused"
        except Exception:  # the view behind the door was reached, and had nothing to work on
            return "open"
    if answer.status_code == 405:
        return "method"
    return "sign in" if answer.status_code == 302 and answer["Location"].startswith(SIGN_IN) else "open"


def answered(response: HttpResponseBase) -> Answer:
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    location = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
    return Answer(response.status_code, words(body), location)


def words(body: bytes) -> str:
    """The words of an answer; of a spreadsheet, those of every part of it."""
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return body.decode("utf-8", "replace")


def _sent(client: Client, method: str, path: str, data: Mapping[str, Any] | None, headers: dict[str, str]) -> Any:
    if method == "POST":
        return client.post(path, dict(data or {}), **headers)  # type: ignore[arg-type]
    return client.generic(method, path, **headers)  # type: ignore[arg-type]
