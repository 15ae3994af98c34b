"""Whatever stands in an address or a form, a page answers: it may refuse, ask again or find nothing, and never breaks."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest

from tests.web.matrix.asking import Answer, ask
from tests.web.matrix.routes import DECLARED, PUBLIC, SIGNED_IN, Door
from tests.web.matrix.walk import Route, routes
from tests.web.matrix.world import Person, World

ODD = (
    "\0", "0001-01-01", "9999-12-31", "2026-02-30", "-1", "9" * 40, "9" * 5000, "²", "NaN", "\"'><%s{}", "x" * 5000, "\u202e",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", base64.urlsafe_b64encode(b'["2026-01-01T00:00:00+00:00", 1e999]').decode().rstrip("="),
)  # fmt: skip
KNOWN = (
    "q",
    "page",
    "size",
    "sort",
    "year",
    "show",
    "tab",
    "rows",
    "row",
    "job",
    "fate",
    "next",
    "from",
    "to",
    "outcome",
    "column",
    "word",
    "after",
    "under",
    "unit",
    "picked",
)
"""What views ask an address for without a field for it on the page."""

NAME = re.compile(r'<(?:input|select|textarea)[^>]*?\sname="([\w-]+)"')
HARMLESS = ("csrfmiddlewaretoken",)
APPS = sorted({name.partition(":")[0] for name in DECLARED if ":" in name})


def visitor(world: World, door: Door) -> Person | None:
    """Somebody whom the door lets in."""
    inside = (person for person in world.people.values() if person.signs_in)
    return next((one for one in inside if door.asks in (PUBLIC, SIGNED_IN) or door.asks in one.permissions), None)


def addresses(route: Route, door: Door, person: Person, world: World) -> Iterator[str]:
    """The page of a thing that is in sight, where there is one."""
    things = [thing for thing in world.things.get(door.of, []) if person.sees(thing)] if door.of else []
    yield route.path(**(things[0].given if things else {}))


def broken(route: Route, door: Door, person: Person, world: World) -> Iterator[str]:
    for path in addresses(route, door, person, world):
        names = {*KNOWN, *NAME.findall(ask(person, "GET", path).text)} - set(HARMLESS)
        for odd in ODD:
            asked: list[tuple[str, Answer]] = []
            if "GET" in door.methods:
                asked.append(("GET", ask(person, "GET", f"{path}?{urlencode(dict.fromkeys(sorted(names), odd))}")))
            if "POST" in door.methods:
                asked.append(("POST", ask(person, "POST", path, dict.fromkeys(sorted(names), odd))))
            yield from (
                f"{method} {route.name} with {odd[:20]!r}: {answer.status}" for method, answer in asked if answer.status >= 500
            )


@pytest.mark.parametrize("app", APPS)
def test_no_page_breaks(app: str, world: World) -> None:
    wrong: list[str] = []
    for route in routes():
        door = DECLARED.get(route.name)
        if door is None or door.machine or not route.name.startswith(f"{app}:"):
            continue
        person = visitor(world, door)
        assert person is not None, f"nobody may open {route.name}"
        wrong += broken(route, door, person, world)
    assert not wrong, "\n".join(wrong)


def test_no_address_breaks(world: World) -> None:
    """Odd words in the place of what an address names."""
    wrong = []
    for route in routes():
        door = DECLARED.get(route.name)
        if door is None or door.machine or not route.nobody:
            continue
        person = visitor(world, door)
        assert person is not None
        for odd in ODD:
            path = route.path(**{name: quote(odd, safe="") for name, _ in route.nobody})
            status = ask(person, "GET" if "GET" in door.methods else "POST", path).status
            if status >= 500:
                wrong.append(f"{route.name} {odd[:20]!r}: {status}")
    assert not wrong, "\n".join(wrong)
