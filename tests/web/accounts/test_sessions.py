"""When a session ends: idle, at its longest, with the account, with the post; each at the next request."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from tests.web.accounts.journeys import events
from tests.web.people import Commission, signed_in
from xiezhi.kernel import clock
from xiezhi.web.accounts.actions import people, posts
from xiezhi.web.accounts.models import SignedInSession, User
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import system_scope

ROLE = RoleCode.COUNTY_OFFICER
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)


class Clock:
    """Stands where it is put."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.put(datetime.now(UTC))

    def put(self, moment: datetime) -> None:
        self.now = moment
        self.monkeypatch.setenv("XIEZHI_NOW", moment.isoformat())

    def forward(self, **time: float) -> None:
        self.put(self.now + timedelta(**time))


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def inside(client: Client, **headers: str) -> bool:
    return client.get("/me/", **headers).status_code == 200


def test_idle_to_the_second(commission: Commission, time: Clock) -> None:
    client = signed_in(commission.users[ROLE])
    time.forward(minutes=30, seconds=-6)
    assert inside(client)
    time.forward(minutes=30, seconds=-6)
    assert inside(client), "it was used in between"
    time.forward(minutes=30)
    answer = client.get("/me/")
    assert answer.headers["Location"] == "/account/login/?next=%2Fme%2F&ended=idle"
    assert "没有操作" in client.get(answer.headers["Location"]).content.decode()
    assert [event.details["reason"] for event in events("account.session_ended", "account.signed_out")] == ["idle"]


def test_what_a_page_asks_by_itself_keeps_no_session_alive(commission: Commission, time: Clock) -> None:
    client = signed_in(commission.users[ROLE])
    for _minute in range(29):
        time.forward(minutes=1)
        assert inside(client, HTTP_X_POLLING="1")
    time.forward(minutes=1)
    assert not inside(client, HTTP_X_POLLING="1")


def test_twelve_hours_at_most(commission: Commission, time: Clock) -> None:
    client = signed_in(commission.users[ROLE])
    for _step in range(35):
        time.forward(minutes=20)
        assert inside(client)
    time.forward(minutes=19, seconds=55)
    assert inside(client)
    time.forward(seconds=5)
    assert not inside(client)


def test_any_use_of_it_ends_when_the_rule_says(commission: Commission, time: Clock) -> None:
    """Random walks against the rule, written here once more: over at idle >= 30 min or age >= 12 h."""
    chance = random.Random(20261123)
    for _walk in range(12):
        client, began = signed_in(commission.users[ROLE]), time.now
        seen, alive = began, True
        while alive:
            time.forward(seconds=chance.choice((30, 300, 1500, 1790, 1800, 1900)))
            polling = chance.random() < 0.3
            alive = time.now - seen < IDLE and time.now - began < LONGEST
            assert inside(client, **({"HTTP_X_POLLING": "1"} if polling else {})) == alive
            seen = seen if polling else time.now


def test_a_disabled_account_is_out_at_the_next_request(commission: Commission) -> None:
    user = commission.users[ROLE]
    client = signed_in(user)
    assert inside(client)
    with system_scope("test") as by:
        people.set_active(user_id=user.pk, active=False, by=by, why="离职")
    assert not inside(client)
    assert [event.details["reason"] for event in events("account.session_ended")] == ["disabled"]
    with system_scope("test") as by:
        people.set_active(user_id=user.pk, active=True, by=by, why="弄错了")
    assert not inside(client), "the session that was ended does not come back"


def test_an_account_expires_on_its_day(commission: Commission, time: Clock) -> None:
    user = commission.users[ROLE]
    client = signed_in(user)
    User.objects.filter(pk=user.pk).update(expires_on=clock.local(time.now).date() + timedelta(days=1))
    assert inside(client)
    User.objects.filter(pk=user.pk).update(expires_on=clock.local(time.now).date())
    assert not inside(client)


def test_a_post_that_ends_takes_its_powers_at_once(commission: Commission) -> None:
    client = signed_in(commission.users[RoleCode.SYSTEM_ADMINISTRATOR])
    assert client.get("/accounts/").status_code == 200
    with system_scope("test_granter") as by:
        posts.end(post_id=commission.posts[RoleCode.SYSTEM_ADMINISTRATOR].pk, by=by, why="调离")
    assert client.get("/accounts/").status_code == 403
    assert inside(client), "the person is still who they are"


def test_a_refusal_is_written_down_though_the_rest_is_undone(commission: Commission) -> None:
    client = signed_in(commission.users[ROLE])
    client.get("/accounts/")
    refused = events("access.refused")
    assert [(event.on_id, event.details["permission"], event.outcome) for event in refused] == [
        ("/accounts/", Permission.ACCOUNT_READ, "refused")
    ]


def test_ones_own_sessions_are_listed_and_ended(commission: Commission) -> None:
    here, there = signed_in(commission.users[ROLE]), signed_in(commission.users[ROLE])
    other = signed_in(commission.users[RoleCode.TOWN_OFFICER])
    page = here.get("/me/sessions/").content.decode()
    keys = list(SignedInSession.objects.filter(user=commission.users[ROLE]).values_list("session_key", flat=True))
    assert len(keys) == 2
    assert not any(key in page for key in keys), "whoever has the key has the session"
    handle = next(
        one.handle for one in SignedInSession.objects.filter(user=commission.users[ROLE]) if one.session_key == cookie(there)
    )
    strangers = SignedInSession.objects.get(user=commission.users[RoleCode.TOWN_OFFICER]).handle
    assert here.post("/me/sessions/end/", {"session": strangers}).status_code == 404
    assert here.post("/me/sessions/end/", {"session": handle}).status_code == 303
    assert (inside(here), inside(there), inside(other)) == (True, False, True)
    assert len(events("account.session_closed")) == 1


def test_ending_all_others_keeps_the_one_in_hand(commission: Commission) -> None:
    here, *others = (signed_in(commission.users[ROLE]) for _time in range(4))
    here.post("/me/sessions/end/")
    assert inside(here)
    assert not any(inside(one) for one in others)


def test_what_is_very_sensitive_asks_again_after_five_minutes(commission: Commission, time: Clock) -> None:
    client = signed_in(commission.users[RoleCode.SYSTEM_ADMINISTRATOR])
    assert client.get("/accounts/new/").status_code == 200
    time.forward(minutes=5)
    assert client.get("/accounts/").status_code == 200
    asked = client.get("/accounts/new/")
    assert (asked.status_code, asked.headers["Location"]) == (303, "/account/again/?next=%2Faccounts%2Fnew%2F")
    part = client.get("/accounts/1/disable/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/accounts/1/")
    assert part.headers["HX-Redirect"] == "/account/again/?next=%2Faccounts%2F1%2F"
    proven = client.post("/account/again/?next=/accounts/new/", {"password": "correct horse 9 Battery"})
    assert proven.headers["Location"] == "/accounts/new/"
    assert client.get("/accounts/new/").status_code == 200


def cookie(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_the_clock_is_the_only_one(time: Clock) -> None:
    assert clock.now() == time.now
