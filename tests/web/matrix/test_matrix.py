"""The whole table route × method × role, and proof that it would notice a forgotten guard."""

from __future__ import annotations

import random

import pytest
from django.test import Client

from tests.web.matrix.routes import EXPECTED, Route, remember, routes, violations
from tests.web.people import Commission, signed_in
from xiezhi.web.accounts.roles import RoleCode


def _app(route: Route) -> str:
    return route.name.partition(":")[0] if ":" in route.name else "sign-in"


remember()
ALL = routes()
APPS = sorted({_app(route) for route in ALL})
NEAR_ENOUGH = 50


@pytest.fixture
def browsers(commission: Commission) -> dict[RoleCode | None, Client]:
    """One signed-in browser per role, and one of nobody."""
    inner = {role: signed_in(user) for role, user in commission.users.items() if role is not RoleCode.MACHINE}
    everyone: dict[RoleCode | None, Client] = {None: Client(), **inner}
    for browser in everyone.values():
        browser.raise_request_exception = False
    return everyone


def test_every_route_says_whom_it_is_for() -> None:
    assert [route.name for route in ALL if route.audience is None] == []


@pytest.mark.parametrize("app", APPS)
def test_every_role_and_method_is_answered_as_declared(app: str, browsers: dict[RoleCode | None, Client]) -> None:
    assert [wrong for route in ALL if _app(route) == app for wrong in violations(route, browsers)] == []


def test_forgotten_guards_are_noticed(browsers: dict[RoleCode | None, Client], monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty routes, one at a time, lose their guard; at least forty-nine of fifty must be noticed."""
    guarded = [route for route in ALL if EXPECTED.get(route.name) is not None]
    chosen = random.Random(20261123).sample(guarded, min(NEAR_ENOUGH, len(guarded)))
    noticed = 0
    for route in chosen:
        with monkeypatch.context() as planted:
            planted.setattr(route.pattern, "callback", route.view.__wrapped__)  # type: ignore[attr-defined]
            noticed += bool(violations(route, browsers))
    assert noticed >= len(chosen) * 49 / 50, f"{noticed} of {len(chosen)} planted omissions noticed"
