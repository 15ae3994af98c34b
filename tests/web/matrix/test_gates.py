"""What stands before every door: a session that is going on, an account and a post that count today, a second factor, proof."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from tests.web.matrix.asking import answered, ask, undone
from tests.web.matrix.routes import DECLARED
from tests.web.matrix.walk import routes
from tests.web.matrix.world import ABOVE, Person, World
from tests.web.people import signed_in
from xiezhi.kernel import clock
from xiezhi.web.accounts import session
from xiezhi.web.accounts.models import SignInLink, User
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as
from xiezhi.web.api.actions.tokens import revoke
from xiezhi.web.api.models import MachineToken
from xiezhi.web.deliveries.queries import calendar

PROVEN = [route for route in routes() if route.name in DECLARED and DECLARED[route.name].proven]


@pytest.mark.parametrize("ago", ["never", "six minutes ago", "tomorrow"])
def test_delicate_acts_ask_again_who_it_is(ago: str, world: World) -> None:
    """Every door that is declared so, by every method, for one who may go through it."""
    wrong = []
    for route in PROVEN:
        door = DECLARED[route.name]
        person = next(
            one for one in world.people.values() if one.signs_in and (door.asks == "signed in" or door.asks in one.permissions)
        )
        for method in door.methods:
            answer = _unproven(person, method, route.path(), ago)
            if not answer.asks_again:
                wrong.append(f"{route.name} {method} as {person.name}, who proved it {ago}: {answer.status}")
    assert wrong == []


def _unproven(person: Person, method: str, path: str, ago: str) -> Any:
    with undone():
        assert person.user is not None
        client = signed_in(person.user)
        client.raise_request_exception = False
        store = client.session
        if ago == "never":
            store.pop(session.PROVEN_AT)
        else:
            moved = timedelta(minutes=-6) if ago == "six minutes ago" else timedelta(days=1)
            store[session.PROVEN_AT] = (clock.now() + moved).isoformat()
        store.save()
        return answered(client.post(path) if method == "POST" else client.generic(method, path))


@pytest.mark.parametrize("missing", ["password", "factor"])
def test_nobody_goes_further_without_password_and_second_factor(missing: str, world: World) -> None:
    person, wrong = world.people[RoleCode.CONDUCT_OFFICER], []
    assert person.user is not None
    with undone():
        if missing == "password":
            User.objects.filter(pk=person.user.pk).update(must_change_password=True)
        else:
            Authenticator.objects.filter(user=person.user).delete()
        wanted = "/account/password/" if missing == "password" else "/account/factors/app/"
        for path in ("/", "/alerts/", "/me/", "/deliveries/", "/jobs/", "/notices/", "/reveals/"):
            answer = ask(person, "GET", path)
            if answer.location != wanted:
                wrong.append(f"{path}: {answer.status} {answer.location}")
    assert wrong == []


@pytest.mark.parametrize(
    ("limit", "passed"),
    [
        ("idle", {session.SEEN_AT: timedelta(minutes=31)}),
        ("absolute", {session.SIGNED_IN_AT: timedelta(hours=13)}),
    ],
)
def test_a_session_ends(limit: str, passed: dict[str, timedelta], world: World) -> None:
    person = world.people[RoleCode.COUNTY_OFFICER]
    assert person.user is not None
    with undone():
        client = signed_in(person.user)
        store = client.session
        for name, ago in passed.items():
            store[name] = (clock.now() - ago).isoformat()
        store.save()
        answer = answered(client.get("/alerts/"))
    assert answer.asks_to_sign_in
    assert f"ended={limit}" in answer.location


@pytest.mark.parametrize("name", ["machine", "disabled", "account over"])
def test_who_does_not_count_does_not_sign_in_with_a_password(name: str, world: World) -> None:
    user = world.people[name].user
    assert user is not None
    with undone():
        Authenticator.objects.filter(user=user).delete()
        client = Client(raise_request_exception=False)
        client.post("/account/login/", {"login": user.username, "password": "correct horse 9 Battery"})
        assert settings.SESSION_COOKIE_NAME not in client.cookies or "_auth_user_id" not in client.session


def test_a_sign_in_link_opens_nothing_at_a_site(world: World) -> None:
    with undone():
        _link("a-secret", world.commission.users[RoleCode.CITY_LEADER])
        browser = Client(raise_request_exception=False)
        assert answered(browser.get("/enter/a-secret/")).status == 404
        assert answered(browser.get("/alerts/")).asks_to_sign_in


def test_the_wizard_is_shut_once_there_are_accounts(world: World) -> None:
    with undone():
        _link("a-secret", None)
        assert answered(Client().get("/setup/a-secret/")).status == 404


def _link(secret: str, user: User | None) -> None:
    """As the demonstration, and the first start of a site, make them."""
    now = clock.now()
    SignInLink.objects.create(
        user=user, digest=sha256(secret.encode()).hexdigest(), made_at=now, expires_at=now + timedelta(minutes=9)
    )


def test_a_form_from_elsewhere_does_nothing(world: World) -> None:
    """Every route that takes a POST from a browser, without the token that only our own pages hold."""
    person, wrong = world.people[RoleCode.CONDUCT_OFFICER], []
    kept = person.client.cookies[settings.SESSION_COOKIE_NAME].value
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for route in routes():
        door = DECLARED.get(route.name)
        if door is None or door.machine or "POST" not in door.methods:
            continue
        browser.cookies[settings.SESSION_COOKIE_NAME] = kept
        with undone():
            status = browser.post(route.path()).status_code
        if status != 403:
            wrong.append(f"{route.name}: {status}")
    assert wrong == []


def test_one_cannot_act_in_a_post_that_one_does_not_hold(world: World) -> None:
    person, wrong = world.people[RoleCode.TOWN_OFFICER], []
    for other in (RoleCode.CITY_LEADER, RoleCode.AUDITOR):
        assert person.user is not None
        with undone():
            client = signed_in(person.user)
            wanted = world.commission.posts[other].pk
            if client.post("/me/post/", {"post": str(wanted)}).status_code != 404:
                wrong.append(f"chose {other}")
            store = client.session
            store[session.POST] = wanted
            store.save()
            path = "/trail/" if other is RoleCode.AUDITOR else f"/alerts/{world.thing('alert', 'whole city').row.number}/"
            if client.get(path).status_code not in (403, 404):
                wrong.append(f"acts as {other}")
    assert wrong == []


def test_nobody_does_it_to_their_own_account(world: World) -> None:
    """Two hands are meant wherever an administrator gives or takes."""
    wrong = []
    for route in routes():
        door = DECLARED.get(route.name)
        if door is None or door.of != "account" or "POST" not in door.methods or route.name == "accounts:unlock":
            continue
        for role in (RoleCode.SYSTEM_ADMINISTRATOR, RoleCode.SECURITY_ADMINISTRATOR):
            person = world.people[role]
            if door.asks not in person.permissions or person.user is None:
                continue
            form = {"why": "自己办自己", "clearance": "3", "role": role.value, "unit": "commission"}
            form |= {"starts_on": clock.today().isoformat(), "cadre_authority": "0"}
            status = ask(person, "POST", route.path(user_id=person.user.pk), form).status
            if status not in (403, 422):
                wrong.append(f"{route.name} as {role}: {status}")
    assert wrong == []


def test_a_token_ends_with_its_account_its_day_and_its_revocation(world: World) -> None:
    wrong = []
    for what in ("revoked", "expired", "disabled", "elsewhere"):
        with undone():
            token = MachineToken.objects.get(name="all")
            if what == "revoked":
                by = world.people[RoleCode.SECURITY_ADMINISTRATOR].viewer
                with acting_as(by):
                    revoke(token.pk, by=by, why="试验结束")
            elif what == "expired":
                MachineToken.objects.filter(pk=token.pk).update(expires_on=clock.today())
            elif what == "disabled":
                User.objects.filter(pk=token.user_id).update(is_active=False)
            else:
                MachineToken.objects.filter(pk=token.pk).update(networks=["10.1.0.0/16"])
            browser = Client(headers={"Authorization": f"Bearer {world.secrets['']}"}, raise_request_exception=False)
            if browser.get("/api/v1/datasets").status_code != 401:
                wrong.append(what)
    assert wrong == []


def test_the_calendar_names_the_departments_in_sight(world: World) -> None:
    """Units are no secret and have no policy: here the query is the only wall."""
    departments, wrong = {"finance", "civil", "medical"}, []
    for person in world.people.values():
        if "delivery.read" not in person.permissions or not person.signs_in:
            continue
        with undone(), acting_as(person.viewer) as viewer:
            shown = {line.unit.code for line in calendar(viewer)}
        seen = {code for code in departments if {code, ABOVE[code]} & set(person.sight.units)}
        if shown != seen:
            wrong.append(f"{person.name}: {sorted(shown)}, not {sorted(seen)}")
    assert wrong == []


def test_a_lapsed_request_opens_nothing(world: World) -> None:
    """Nor can it be agreed to any more."""
    officer, leader = world.people[RoleCode.CONDUCT_OFFICER], world.people[RoleCode.CITY_LEADER]
    for case, person, act in (("own open", officer, "open/"), ("own delicate", leader, "decide/agree/")):
        request = world.thing("reveal", case).row
        with undone():
            with acting_as(person.viewer):
                type(request).objects.filter(pk=request.pk).update(lapses_at=clock.now() - timedelta(minutes=1))
            answer = ask(person, "POST", f"/reveals/{request.pk}/{act}", {"why": "同意它"})
        assert answer.status == 422, case
        assert not answer.identities()
