"""The manual as it lies in `manual/`: what each file says of itself, and which is about a route.

A file begins with a head between two lines of `---`, then its title as `# …`. Of a guide the head names the roles it is for; of a
page's help the routes it is about, and the group of the navigation they lie in: `entry` where it is read before signing in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from xiezhi.kernel.words import Words
from xiezhi.web.kit.navigation import Group

MANUAL = Path(__file__).parent / "manual"


@dataclass(frozen=True)
class Guide:
    """What a post does from its first day on. `order`: its place in the list."""

    name: str
    title: Words
    text: str
    roles: tuple[str, ...]
    order: int


@dataclass(frozen=True)
class Topic:
    """The help for one page, or for some that are one matter. `entry`: of pages before sign-in is complete; `group` is None."""

    name: str
    title: Words
    text: str
    routes: tuple[str, ...]
    group: Group | None
    order: int = 0
    asks: tuple[str, ...] = ()
    """Permissions of which one is needed, where the guard of the first route does not say all."""

    @property
    def entry(self) -> bool:
        return self.group is None


@cache
def guides() -> dict[str, Guide]:
    """By name, in the order of the list."""
    found = [
        Guide(name, title, text, tuple(head["roles"]), int(head["order"])) for name, title, text, head in _documents("guides")
    ]
    return {one.name: one for one in sorted(found, key=lambda one: one.order)}


@cache
def topics() -> dict[str, Topic]:
    """By name, in the order of the list."""
    found = [_topic(*document) for document in _documents("pages")]
    return {one.name: one for one in sorted(found, key=lambda one: one.order)}


def topic_of(route: str) -> Topic | None:
    """The help for a route, by the route's name with its namespace."""
    return _by_route().get(route)


def guides_for(roles: Iterable[str]) -> tuple[list[Guide], list[Guide]]:
    """Those for these roles, and the rest."""
    wanted = set(roles)
    own = [one for one in guides().values() if wanted & set(one.roles)]
    return own, [one for one in guides().values() if one not in own]


def grouped_topics() -> dict[Group | None, list[Topic]]:
    """In the order of the navigation; those of signing in last."""
    order = (*Group, None)
    return {group: [one for one in topics().values() if one.group is group] for group in order}


@cache
def _by_route() -> dict[str, Topic]:
    return {route: one for one in topics().values() for route in one.routes}


def _topic(name: str, title: Words, text: str, head: dict[str, Any]) -> Topic:
    group = None if head["group"] == "entry" else Group(head["group"])
    return Topic(name, title, text, tuple(head["routes"]), group, int(head["order"]), tuple(head.get("asks", ())))


def _documents(folder: str) -> Iterable[tuple[str, Words, str, dict[str, Any]]]:
    for path in sorted((MANUAL / folder).glob("*.md")):
        _, head, body = path.read_text("utf-8").split("---\n", 2)
        told = yaml.safe_load(head)
        title, _, text = body.strip().partition("\n")
        yield path.stem, Words(zh=title.removeprefix("# "), en=told["en"]), text, told
