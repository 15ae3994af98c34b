"""Five failures lock an account, twenty an address; the lock holds at both factors, falls by itself, and can be lifted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from pytest_django import Settings

from tests.web.accounts.journeys import FIRST, OWN, events, settled, sign_in
from tests.web.people import Commission, signed_in
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.roles import RoleCode

NAME = "t_county_officer"


def fail(times: int, name: str = NAME, address: str = "10.0.0.1") -> list[int]:
    return [sign_in(Client(REMOTE_ADDR=address), name, "wrong").status_code for _time in range(times)]


def later(minutes: int) -> None:
    """As if everything so far had happened earlier."""
    for attempt in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=attempt.attempt_time - timedelta(minutes=minutes))


def test_the_fifth_failure_locks_and_the_right_password_is_refused(commission: Commission) -> None:
    assert fail(5) == [422, 422, 422, 422, 429]
    assert sign_in(Client(REMOTE_ADDR="10.9.9.9"), NAME, FIRST).status_code == 429, "from anywhere"
    assert sign_in(Client(), "t_town_officer", FIRST).status_code == 302, "nobody else"
    assert len(events("account.locked")) == 1, "the lock falls once, however often it is tried"
    assert len(events("account.sign_in_failed")) == 6


def test_other_spellings_and_machines_are_no_fresh_tries(commission: Commission) -> None:
    spellings = [NAME, NAME.upper(), f" {NAME} ", NAME.title(), NAME]
    answers = [
        sign_in(Client(REMOTE_ADDR=f"10.0.1.{i}", HTTP_USER_AGENT=f"b{i}"), name, "wrong") for i, name in enumerate(spellings)
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]


def test_a_name_that_nobody_has_is_locked_alike(commission: Commission) -> None:
    assert fail(5, "nobody.here") == [422, 422, 422, 422, 429]
    known = sign_in(Client(REMOTE_ADDR="10.0.0.1"), "nobody.here", "x")
    assert known.status_code == 429
    assert "nobody.here" not in known.content.decode()


def test_after_the_time_it_works_again_and_tries_meanwhile_do_not_prolong_it(commission: Commission) -> None:
    fail(5)
    later(29)
    assert fail(1) == [429]
    later(2)
    assert sign_in(Client(), NAME, FIRST).status_code == 302


def test_an_address_that_tries_many_names_is_locked(commission: Commission) -> None:
    """One password on many accounts stays under each account's limit."""
    answers = [fail(1, f"guess{i}")[0] for i in range(20)]
    assert answers == [422] * 19 + [429]
    assert sign_in(Client(REMOTE_ADDR="10.0.0.1"), NAME, FIRST).status_code == 429
    assert sign_in(Client(REMOTE_ADDR="10.0.0.2"), NAME, FIRST).status_code == 302


def test_an_owners_success_does_not_reset_the_address(commission: Commission) -> None:
    for i in range(19):
        fail(1, f"guess{i}")
    assert sign_in(Client(REMOTE_ADDR="10.0.0.1"), NAME, FIRST).status_code == 302
    assert fail(1, "guess19") == [429]


def test_success_resets_the_accounts_own_count(commission: Commission) -> None:
    fail(4)
    sign_in(Client(), NAME, FIRST)
    assert fail(4) == [422] * 4


def test_five_wrong_codes_lock_too(commission: Commission, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": None}
    _client, phone = settled(NAME)
    guesser = Client()
    sign_in(guesser, NAME, OWN)
    assert [guesser.post("/account/code/", {"code": f"00000{i}"}).status_code for i in range(5)] == [422, 422, 422, 422, 429]
    assert guesser.post("/account/code/", {"code": phone.code()}).status_code == 429, "the right one comes too late"
    assert sign_in(Client(), NAME, OWN).status_code == 429


def test_forged_forwarding_does_not_change_the_address(commission: Commission) -> None:
    for i in range(20):
        sign_in(Client(REMOTE_ADDR="10.0.0.7", HTTP_X_FORWARDED_FOR=f"1.2.3.{i}"), f"guess{i}", "x")
    assert sign_in(Client(REMOTE_ADDR="10.0.0.7", HTTP_X_FORWARDED_FOR="9.9.9.9"), NAME, FIRST).status_code == 429


def test_the_system_administrator_lifts_a_lock(commission: Commission) -> None:
    fail(5)
    user = User.objects.get(username=NAME)
    admin = signed_in(commission.users[RoleCode.SYSTEM_ADMINISTRATOR])
    assert "锁定" in admin.get(f"/accounts/{user.pk}/").content.decode()
    assert admin.post(f"/accounts/{user.pk}/unlock/", {"why": "本人忘了密码"}).status_code == 303
    assert sign_in(Client(), NAME, FIRST).status_code == 302
    assert events("account.unlocked")[0].why == "本人忘了密码"


@pytest.mark.parametrize("role", [RoleCode.SECURITY_ADMINISTRATOR, RoleCode.AUDITOR, RoleCode.CITY_LEADER])
def test_nobody_else_does(commission: Commission, role: RoleCode) -> None:
    user = User.objects.get(username=NAME)
    assert signed_in(commission.users[role]).post(f"/accounts/{user.pk}/unlock/", {"why": "please"}).status_code == 403
