"""Every route of the site, found by walking the URLconf, and who holds which permission by the page of powers."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver

from xiezhi.web.accounts.roles import ROLES, RoleCode

POWERS = Path(__file__).parents[3] / "docs" / "reference" / "powers.md"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PART = re.compile(r"<(?:\w+:)?(\w+)>|\{(\w+)\}")

NOBODYS: Mapping[str, Any] = {
    "IntConverter": 0,
    "StringConverter": "nobody",
    "SlugConverter": "nobody",
    "UUIDConverter": uuid.UUID(int=0),
    "PathConverter": "nobody/nothing",
}
"""Arguments that name nothing: there only the door is tried, not what is behind it."""


@dataclass(frozen=True)
class Route:
    """`template`: its path with the names of its arguments; `nobody`: what stands for nothing in each."""

    name: str
    template: str
    pattern: URLPattern
    nobody: tuple[tuple[str, Any], ...]

    @property
    def view(self) -> Callable[..., HttpResponseBase]:
        return self.pattern.callback

    def path(self, **given: Any) -> str:
        """The address that names these things, and nothing where none is given."""
        values = dict(self.nobody) | given
        return PART.sub(lambda found: str(values.get(found[1] or found[2], "nobody")), self.template)

    def arguments(self) -> dict[str, Any]:
        return {**dict(self.nobody), **self.pattern.default_args}


def routes() -> list[Route]:
    """In the order in which a request meets them."""
    return list(_walk(get_resolver(), "/", "", ()))


def _walk(resolver: URLResolver, before: str, namespace: str, taken: tuple[tuple[str, Any], ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        template = before + str(entry.pattern)
        named = tuple((name, NOBODYS[type(one).__name__]) for name, one in entry.pattern.converters.items())
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, template, inner, taken + named)
        else:
            yield Route(f"{namespace}{entry.name}", template, entry, taken + named)


def proven(view: Any) -> bool:
    """Whether a view, or anything it wraps, asks again who it is."""
    while view is not None:
        if getattr(view, "stepped_up", False):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


@cache
def powers() -> dict[RoleCode, frozenset[str]]:
    """Role → permissions, as the page of powers says: it is read by people, and changed by hand in a review."""
    by_name = {role.en: role.code for role in ROLES.values()}
    held: dict[RoleCode, set[str]] = {code: set() for code in RoleCode}
    for permission, names in re.findall(r"^\| `([a-z.]+)` \| (.+) \|$", POWERS.read_text(encoding="utf-8"), re.MULTILINE):
        for name in names.split("; "):
            if name != "nobody":
                held[by_name[name]].add(permission)
    return {code: frozenset(those) for code, those in held.items()}


@cache
def cleared() -> dict[RoleCode, int]:
    """Role → the label up to which it sees, from the same page."""
    by_name = {role.en: role.code for role in ROLES.values()}
    rows = re.findall(r"^\| ([^|`]+) \| [^|]+ \| [a-z]+ \| [^|]+ \| (\d) \|", POWERS.read_text(encoding="utf-8"), re.MULTILINE)
    return {by_name[name]: int(label) for name, label in rows}
