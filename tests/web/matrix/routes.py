"""Every route of the site, found by walking the URLconf, and what each must answer to each role and method."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from xiezhi.web.accounts.roles import ROLES, RoleCode

METHODS = ("GET", "POST", "PUT", "DELETE")

NOBODYS: Mapping[str, Any] = {
    "IntConverter": 0,
    "StringConverter": "nobody",
    "SlugConverter": "nobody",
    "UUIDConverter": uuid.UUID(int=0),
    "PathConverter": "nobody/nothing",
}
"""Arguments that name nothing: what is tested here is the door, not what is behind it."""


@dataclass(frozen=True)
class Route:
    """One route. `pattern` is where its view can be replaced by a mutant."""

    name: str
    path: str
    pattern: URLPattern

    @property
    def view(self) -> Callable[..., HttpResponseBase]:
        return self.pattern.callback

    @property
    def audience(self) -> str | None:
        return getattr(self.view, "audience", None)


def routes() -> list[Route]:
    return list(_walk(get_resolver(), "/", ""))


def _walk(resolver: URLResolver, before: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        path = before + _filled(entry)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, path, inner)
        else:
            yield Route(f"{namespace}{entry.name}", path, entry)


def _filled(entry: URLPattern | URLResolver) -> str:
    text = str(entry.pattern)
    for name, converter in entry.pattern.converters.items():
        kind = type(converter).__name__
        for spelled in (f"<{name}>", f"<str:{name}>", f"<int:{name}>", f"<slug:{name}>", f"<uuid:{name}>", f"<path:{name}>"):
            text = text.replace(spelled, str(NOBODYS.get(kind, "nobody")))
    return text


def violations(route: Route, browsers: Mapping[RoleCode | None, Client]) -> list[str]:
    """What a route answers otherwise than its declaration says, for every role and method. Empty is well."""
    found = []
    for role, browser in browsers.items():
        for method in METHODS:
            answer = browser.generic(method, route.path, HTTP_HX_REQUEST="false")
            wrong = _wrong(route, role, method, answer)
            if wrong:
                found.append(f"{route.name} {method} as {role or 'nobody'}: {wrong} (answered {answer.status_code})")
    return found


def _wrong(route: Route, role: RoleCode | None, method: str, answer: Any) -> str:
    sent_to_sign_in = answer.status_code == 401 or (answer.status_code == 302 and "/account/login/" in answer["Location"])
    if answer.status_code >= 500:
        return "broke"
    if route.audience == "machine":
        return "" if answer.status_code == 401 else "open to a browser"
    if route.audience == "public":
        return "asks to sign in" if sent_to_sign_in and "login" not in route.path else ""
    if role is None:
        return "" if sent_to_sign_in else "open to everyone"
    permission = EXPECTED.get(route.name, getattr(route.view, "permission", None))
    if permission is not None and permission not in ROLES[role].permissions:
        return "" if answer.status_code == 403 else "not refused"
    if method not in getattr(route.view, "methods", METHODS):
        return "" if answer.status_code == 405 else "takes a method it does not declare"
    return "refused" if answer.status_code == 403 or sent_to_sign_in else ""


EXPECTED: dict[str, Any] = {}
"""What each route asked for when the tests began: a mutant that forgets its permission is held to it."""


def remember() -> None:
    EXPECTED.update({route.name: getattr(route.view, "permission", None) for route in routes()})
