"""Signing in from end to end: password, second factor, what is refused, and what the trail says of it."""

from __future__ import annotations

import re

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.test import Client
from pytest_django import Settings

from tests.web.accounts.journeys import FIRST, OWN, Phone, enrol, events, kinds, session_cookie, settled, sign_in
from tests.web.people import Commission
from xiezhi.web.accounts.models import SignedInSession, User
from xiezhi.web.accounts.roles import RoleCode

NAME = "t_county_officer"


def test_the_first_day_and_the_second(commission: Commission) -> None:
    """Initial password, own password, factor, and only then the platform; next day both are asked for."""
    client, phone = settled(NAME)
    assert client.get("/").status_code == 200
    codes = client.get("/account/factors/codes/").content.decode()
    recovery = re.findall(r"<li><code>(\d{8})</code></li>", codes)
    assert len(recovery) == 10
    again = client.get("/account/factors/codes/").content.decode()
    assert not re.findall(r"<code>\d{8}</code>", again), "recovery codes are shown once"

    assert client.post("/account/logout/").status_code == 302
    assert client.get("/me/").status_code == 302
    next_day = Client()
    assert sign_in(next_day, NAME.upper(), OWN).headers["Location"] == "/account/code/"
    assert next_day.get("/me/").headers["Location"].startswith("/account/login/"), "a password alone opens nothing"
    assert next_day.post("/account/code/", {"code": "000000"}).status_code == 422
    assert next_day.post("/account/code/", {"code": phone.code()}).status_code == 302
    assert next_day.get("/me/").status_code == 200

    lost_phone = Client()
    sign_in(lost_phone, NAME, OWN)
    assert lost_phone.post("/account/code/", {"code": recovery[0]}).status_code == 302
    second_use = Client()
    sign_in(second_use, NAME, OWN)
    assert second_use.post("/account/code/", {"code": recovery[0]}).status_code == 422
    ways = [event.details["ways"] for event in events("account.signed_in")]
    assert ways == [["password"], ["password", "totp"], ["password", "recovery_codes"]]
    seen = [kind for kind in kinds() if kind.startswith("account.") and kind not in ("account.created", "account.clearance_set")]
    assert seen == [
        "account.signed_in",
        "account.password_changed",
        "account.factor_added",
        "account.signed_out",
        "account.sign_in_failed",
        "account.signed_in",
        "account.signed_in",
        "account.sign_in_failed",
    ]


def test_a_code_works_once(commission: Commission) -> None:
    _client, phone = settled(NAME)
    code = phone.code()
    first, second = Client(), Client()
    sign_in(first, NAME, OWN)
    sign_in(second, NAME, OWN)
    assert first.post("/account/code/", {"code": code}).status_code == 302
    assert second.post("/account/code/", {"code": code}).status_code == 422


def test_the_code_that_enrolled_signs_nobody_in(commission: Commission) -> None:
    client = Client()
    sign_in(client, NAME, FIRST)
    client.post("/account/password/", {"oldpassword": FIRST, "password1": OWN, "password2": OWN})
    phone = enrol(client, later=False)
    over_the_shoulder = Client()
    sign_in(over_the_shoulder, NAME, OWN)
    assert over_the_shoulder.post("/account/code/", {"code": phone.enrolled}).status_code == 422


def test_enrolling_a_factor_ends_the_sessions_that_had_none(commission: Commission) -> None:
    early = Client()
    sign_in(early, NAME, FIRST)
    other = Client()
    sign_in(other, NAME, FIRST)
    enrol(other)
    assert other.get("/account/factors/").status_code == 200
    assert early.get("/account/factors/").headers["Location"].startswith("/account/login/")


def test_changing_the_password_ends_every_other_session(commission: Commission) -> None:
    here, phone = settled(NAME)
    there = Client()
    sign_in(there, NAME, OWN)
    there.post("/account/code/", {"code": Phone(phone.secret).code()})
    assert there.get("/me/").status_code == 200
    new = "Velvet 88 harbour lantern"
    assert here.post("/account/password/", {"oldpassword": OWN, "password1": new, "password2": new}).status_code == 302
    assert here.get("/me/").status_code == 200
    assert there.get("/me/").status_code == 302


def test_nobody_learns_which_names_exist(commission: Commission) -> None:
    """Wrong name, wrong password, disabled and expired account: the same status and, but for the token, the same page."""
    User.objects.filter(username="t_town_officer").update(is_active=False)
    User.objects.filter(username="t_village_liaison").update(expires_on="2020-01-01")
    pages = set()
    for name, password in ((NAME, "wrong"), ("nobody.here", "wrong"), ("t_town_officer", FIRST), ("t_village_liaison", FIRST)):
        answer = sign_in(Client(), name, password)
        text = re.sub(r'(csrfmiddlewaretoken" value=|data-csrf=)"[^"]*"|<code>[0-9a-f]{32}</code>', "", answer.content.decode())
        pages.add((answer.status_code, text.replace(name, "NAME")))
    assert len(pages) == 1
    assert pages.pop()[0] == 422


def test_a_wrong_name_costs_the_same_hash_as_a_wrong_password(
    commission: Commission, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slow hash is what takes the time: one is computed for either, whether or not the account exists."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    settings.AXES_ENABLED = False
    User.objects.filter(username=NAME).update(password=make_password(FIRST))
    hashed: list[str] = []
    for work in ("encode", "verify"):
        real = getattr(Argon2PasswordHasher, work)
        monkeypatch.setattr(
            Argon2PasswordHasher, work, lambda *given, real=real, **named: (hashed.append("one"), real(*given, **named))[1]
        )
    for name in (NAME, "nobody.here"):
        hashed.clear()
        sign_in(Client(), name, "wrong")
        assert hashed == ["one"], name


def test_what_was_typed_as_a_name_is_not_written_down(commission: Commission) -> None:
    """People type passwords, and others' identity numbers, into the first field."""
    for typed in ("my-secret-Passw0rd", "990101199003078498"):
        sign_in(Client(), typed, "x")
    said = events("account.sign_in_failed")
    assert [event.on_id for event in said] == ["unknown", "unknown"]
    assert "my-secret" not in str([vars(event) for event in said])
    assert not AccessAttempt.objects.filter(username__icontains="secret").exists()


def test_signed_in_pages_stay_out_of_the_browsers_memory(commission: Commission) -> None:
    client, _phone = settled(NAME)
    assert "no-store" in client.get("/me/").headers["Cache-Control"]


def test_a_session_says_whose_it_is(commission: Commission) -> None:
    client, _phone = settled(NAME)
    row = SignedInSession.objects.get(session_key=session_cookie(client))
    assert row.user == commission.users[RoleCode.COUNTY_OFFICER]
    assert row.handle not in (row.session_key, "")
    assert row.began_at is not None


@pytest.mark.parametrize("path", ["/account/signup/", "/account/email/", "/account/password/reset/", "/account/login/code/"])
def test_what_we_do_not_need_is_not_there(db: None, path: str) -> None:
    assert Client().get(path).status_code == 404
