"""The whole table route × method × person: at every door everybody is answered as tests/web/matrix/routes.py says."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.matrix.asking import ask, ask_as_machine, knock
from tests.web.matrix.routes import DECLARED, PUBLIC, SIGNED_IN, Door
from tests.web.matrix.walk import METHODS, Route, proven, routes
from tests.web.matrix.world import Person, World

ALL = routes()
DECLARED_ROUTES = [route for route in ALL if route.name in DECLARED]
"""The others fail by themselves, in the first test."""
SPOKEN = tuple(DECLARED)
LET_IN = "let in"


def _app(name: str) -> str:
    return name.partition(":")[0] if ":" in name else "sign-in"


APPS = sorted({_app(name) for name in SPOKEN})


def test_every_route_is_declared_and_every_declaration_is_a_route() -> None:
    names = [route.name for route in ALL]
    assert sorted(set(names) - DECLARED.keys()) == [], "write a line into tests/web/matrix/routes.py"
    assert sorted(DECLARED.keys() - set(names)) == []
    assert len(names) == len(set(names)), "a name means one address"


def test_the_code_says_of_itself_what_is_declared() -> None:
    """Also where no answer would show it: a door that never asks again who it is, or takes a method nobody tries."""
    wrong = []
    for route in ALL:
        door, view = DECLARED.get(route.name), route.view
        if door is None:
            continue
        asks = str(getattr(view, "permission", None) or getattr(view, "audience", None))
        expected = "machine" if door.machine else door.asks
        if asks != expected:
            wrong.append(f"{route.name} asks for {asks}, not {expected}")
        methods = {method for method in getattr(view, "methods", ()) if method != "HEAD"}
        if not door.machine and methods != set(door.methods):
            wrong.append(f"{route.name} takes {sorted(methods)}")
        if proven(view) != door.proven:
            wrong.append(f"{route.name}: asking again who it is should be {door.proven}")
    assert wrong == []


def expected(door: Door, person: Person, method: str) -> str:
    if door.machine:
        return "sign in"
    if door.asks != PUBLIC and not person.signs_in:
        return "sign in"
    if door.asks not in (PUBLIC, SIGNED_IN) and door.asks not in person.permissions:
        return "refused"
    return LET_IN if method in door.methods else "method"


@pytest.mark.parametrize("app", APPS)
def test_everybody_is_answered_as_declared(app: str, world: World) -> None:
    wrong = []
    for route in (one for one in DECLARED_ROUTES if _app(one.name) == app):
        door = DECLARED[route.name]
        for person in world.people.values():
            for method in METHODS:
                said = _answer(route, door, person, method)
                if said:
                    wrong.append(f"{route.name} {method} as {person.name}: {said}")
    assert wrong == []


def _answer(route: Route, door: Door, person: Person, method: str) -> str:
    """ "" where it is as expected. Refusals are tried through the whole site once a door; the other methods at the door itself."""
    wanted = expected(door, person, method)
    if wanted != LET_IN and method != door.methods[0] and not door.machine:
        said = knock(person, method, route)
        return "" if said == wanted else f"{said}, not {wanted}"
    if door.machine and method != door.methods[0]:
        return ""  # the same door as for its own method: test_machines_may_do_what_their_token_says tries them all
    answer = ask(person, method, route.path())
    status = answer.status
    if answer.identities():
        return f"shows {answer.identities()}"
    if status >= 500:
        return f"broke with {status}"
    if wanted == LET_IN:
        shut = status in (403, 405) or (answer.asks_to_sign_in and door.asks != PUBLIC)
        return f"shut with {status}" if shut else ""
    got = {403: "refused", 405: "method"}.get(status, "sign in" if answer.asks_to_sign_in else f"open with {status}")
    return "" if got == wanted else f"{got}, not {wanted}"


NOTHING: dict[str, dict[str, Any]] = {
    "api:delivery": {"number": 999_999},
    "api:receipt": {"number": 999_999},
    "api:job": {"job_id": UUID(int=0)},
}
"""Arguments of the right shape: what is wrong in itself is refused before anybody asks who may."""


def test_machines_may_do_what_their_token_says(world: World) -> None:
    """Every operation × method × token: one with all a machine may have, one without each permission, and worthless ones."""
    by_path: dict[str, set[str]] = {}
    machines = [route for route in DECLARED_ROUTES if DECLARED[route.name].machine]
    for route in machines:
        by_path.setdefault(route.path(), set()).update(DECLARED[route.name].methods)
    wrong = []
    for route in machines:
        door = DECLARED[route.name]
        for left_out, secret in {**world.secrets, "worthless": "xz_00000000_none"}.items():
            for method in METHODS:
                sent = {"files": SimpleUploadedFile("x.csv", b"x")} if method == "POST" else None
                status = ask_as_machine(secret, method, route.path(**NOTHING.get(route.name, {})), sent).status
                if left_out == "worthless":
                    well = status == 401
                elif method not in by_path[route.path()]:
                    well = status == 405
                elif method not in door.methods:
                    continue
                else:
                    well = status == 403 if left_out == door.asks else status not in (401, 403, 405) and status < 500
                if not well:
                    wrong.append(f"{route.name} {method} with a token without {left_out or 'nothing'}: {status}")
    assert wrong == []
