"""The two password policies, each with what only it asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st
from pytest_django import Settings

from tests.web.accounts.journeys import FIRST, OWN, settled, sign_in
from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.web.accounts.actions import people
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.passwords import due, rules, temporary
from xiezhi.web.accounts.viewer import system_scope

NAME = "t_county_officer"


def refused(password: str, user: User | None = None) -> set[str]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {str(one.code) for one in error.error_list}
    return set()


@pytest.mark.parametrize(
    ("policy", "password", "codes"),
    [
        ("mlps3", "plum Kettle 47 orbit", set()),
        ("mlps3", "plum kettle orbit wander", {"plain"}),
        ("mlps3", "Aq9$wxZ!", {"length", "weak"}),
        ("mlps3", "Password123", {"weak"}),
        ("asvs5", "plum kettle orbit wander", set()),
        ("asvs5", "Kq7$vbN2#wX", {"length"}),
        ("asvs5", "passwordpassword", {"weak"}),
        ("asvs5", "x" * 129, {"length", "weak"}),
    ],
)
def test_what_each_policy_refuses(settings: Settings, policy: str, password: str, codes: set[str]) -> None:
    settings.XIEZHI_POLICY = policy
    assert refused(password) >= codes
    assert bool(refused(password)) == bool(codes)


def test_ones_own_name_is_no_password(commission: Commission) -> None:
    user = User(username="ouyangxiaofeng", display_name="欧阳晓峰", staff_number="CH20260001")
    assert "weak" in refused("ouyangxiaofengCH20260001", user)
    assert "weak" not in refused("ouyangxiaofengCH20260001")


@pytest.mark.parametrize(("policy", "again"), [("mlps3", {"used"}), ("asvs5", set())])
def test_the_last_five(commission: Commission, settings: Settings, policy: str, again: set[str]) -> None:
    settings.XIEZHI_POLICY = policy
    user = User.objects.get(username=NAME)
    words = ["amber", "birch", "cedar", "dune", "ember", "fjord", "glade"]
    passwords = [f"plum Kettle 47 orbit {word}" for word in words]
    with system_scope("test") as by:
        for password in passwords:
            people.change_password(user=user, password=password, by=by)
    for recent in passwords[-6:]:
        assert refused(recent, user) == again, recent
    assert refused(passwords[0], user) == set()


@pytest.mark.parametrize(("policy", "after"), [("mlps3", True), ("asvs5", False)])
def test_ninety_days(commission: Commission, settings: Settings, policy: str, after: bool) -> None:
    settings.XIEZHI_POLICY = policy
    now = clock.now()
    user = User(password=OWN, must_change_password=False, password_changed_at=now)
    assert not due(user, now + timedelta(days=90, seconds=-1))
    assert due(user, now + timedelta(days=90)) is after
    user.must_change_password = True
    assert due(user, now), "a password that an administrator gave is changed under every policy"


def test_an_old_password_lets_nobody_further(commission: Commission) -> None:
    client, _phone = settled(NAME)
    User.objects.filter(username=NAME).update(password_changed_at=clock.now() - timedelta(days=91))
    assert client.get("/me/").headers["Location"] == "/account/password/"


def test_the_same_again_is_no_change(commission: Commission) -> None:
    client = Client()
    sign_in(client, NAME, FIRST)
    assert client.post("/account/password/", {"oldpassword": FIRST, "password1": FIRST, "password2": FIRST}).status_code == 200
    assert User.objects.get(username=NAME).must_change_password


@pytest.mark.parametrize("policy", ["mlps3", "asvs5"])
def test_the_rules_are_said(settings: Settings, policy: str) -> None:
    settings.XIEZHI_POLICY = policy
    assert len(rules()) == {"mlps3": 4, "asvs5": 2}[policy]


@tries(max_examples=50, deadline=None)
@given(st.integers())
def test_a_temporary_password_passes_both_policies(again: int) -> None:
    made = temporary()
    assert not set(made) & set("0O1lIo")
    assert refused(made) == set()
    assert len(made) == 19
