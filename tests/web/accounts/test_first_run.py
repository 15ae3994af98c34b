"""The link that works once, and the wizard behind it that makes the first three accounts and is gone."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker, Settings

from tests.web.accounts.journeys import events, settled
from tests.web.audit.conftest import fresh
from tests.web.audit.site import TrailSite
from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.actions import first_run, links
from xiezhi.web.accounts.actions.first_run import ADMINISTRATORS, Administrator, FirstUnit
from xiezhi.web.accounts.models import SignedInSession, SignInLink, Unit, User
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import system_scope

__all__ = ["fresh"]

SITE = {
    "name": "崇和市",
    "name_en": "Chonghe City",
    "region": "9901",
    "commission": "崇和市纪委监委",
    "commission_en": "Chonghe City Commission",
    "system_administrator-display_name": "甲某",
    "system_administrator-staff_number": "A1",
    "system_administrator-username": "Jia",
    "system_administrator-password": "walnut Ferry 31 copper",
    "security_administrator-display_name": "乙某",
    "security_administrator-staff_number": "A2",
    "security_administrator-username": "yi",
    "security_administrator-password": "marble Tunnel 52 violet",
    "auditor-display_name": "丙某",
    "auditor-staff_number": "A3",
    "auditor-username": "bing",
    "auditor-password": "pepper Window 73 anchor",
}


def wizard() -> str:
    with system_scope("first_run") as by:
        return f"/setup/{links.make_link(None, by=by, minutes=24 * 60)}/"


def test_the_whole_first_day(db: None) -> None:
    address, client = wizard(), Client()
    assert "首次设置链接" in client.get("/account/login/").content.decode()
    assert client.get(address).status_code == 200
    assert client.get(address).status_code == 200, "looking does not use it up"
    done = client.post(address, SITE)
    assert (done.status_code, done.headers["Location"]) == (302, "/account/login/")
    assert [unit.kind for unit in Unit.objects.all()] == ["city", "commission"]
    assert {(user.username, user.duty, user.must_change_password) for user in User.objects.all()} == {
        ("jia", "system", True),
        ("yi", "security", True),
        ("bing", "audit", True),
    }
    assert client.get(address).status_code == 404
    assert client.post(address, SITE).status_code == 404
    with pytest.raises(UserError, match="XZ-ACC-06"):
        wizard()
    admin, _phone = settled("jia", SITE["system_administrator-password"])
    assert admin.get("/accounts/").status_code == 200
    assert [event.after["accounts"] for event in events("site.set_up")] == [["bing", "jia", "yi"]]
    assert {event.username for event in events("account.created", "post.granted")} == {
        "system:first_run_creator",
        "system:first_run_granter",
    }


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("auditor-staff_number", "A1", "工号不能相同"),
        ("auditor-username", "JIA", "用户名不能相同"),
        ("auditor-password", SITE["system_administrator-password"], "初始密码不能相同"),
        ("auditor-password", "password123", "容易被猜中"),
        ("auditor-username", "a b", "用户名用小写字母"),
        ("region", "city", "4 位或 6 位数字"),
    ],
)
def test_what_the_wizard_refuses(db: None, field: str, value: str, said: str) -> None:
    """And a wrong form leaves nothing behind, nor uses the link up."""
    address, client = wizard(), Client()
    answer = client.post(address, SITE | {field: value})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not User.objects.exists()
    assert not Unit.objects.exists()
    assert client.post(address, SITE).status_code == 302


def test_only_the_right_secret_in_time(db: None) -> None:
    address = wizard()
    assert Client().get("/setup/guess/").status_code == 404
    assert address.split("/")[2] not in str(SignInLink.objects.values_list("digest", flat=True)), "only the digest is kept"
    SignInLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert Client().get(address).status_code == 404


CITY, BODY = FirstUnit("9902", "崇和市", "Chonghe City"), FirstUnit("second", "崇和市纪委监委", "Chonghe City Commission")


def settle(secret: str) -> bool:
    """The wizard's act itself, without the pages that refuse before it: they look, it decides."""
    hands = [
        Administrator(role, f"first{place}", "某某", f"A{place}", "walnut Ferry 31 copper")
        for place, role in enumerate(ADMINISTRATORS)
    ]
    return first_run.settle(secret=secret, city=CITY, region="9901", commission=BODY, administrators=hands)


def test_a_link_that_outlived_the_first_day_sets_nothing_up(commission: Commission) -> None:
    """Made while nobody had an account, kept until somebody had: it makes no second administrator, and is not used up."""
    secret = "s" * 43
    now = clock.now()
    SignInLink.objects.create(digest=links._digest(secret), made_at=now, expires_at=now + timedelta(minutes=5))
    before = set(User.objects.values_list("username", flat=True))
    assert before
    assert not settle(secret)
    assert set(User.objects.values_list("username", flat=True)) == before
    assert links.opens(secret), "what is refused leaves everything as it was"


def test_a_persons_link_and_a_guess_set_nothing_up(db: None, commission: Commission, settings: Settings) -> None:
    """Of the demonstration's links one may be at hand when the last account goes; it is a person's, not the wizard's."""
    settings.XIEZHI_DEMO = True
    with system_scope("test") as by:
        secret = links.make_link(commission.users[RoleCode.AUDITOR], by=by, minutes=5)
    assert not settle(secret)
    assert not settle("guess")
    assert links.use(secret) is not None, "the person's link still works"


def test_of_several_wizards_at_once_one_sets_up(fresh: TrailSite) -> None:
    """Each with a link of its own: all find no account, one makes them."""
    secrets = [f"{number:043d}" for number in range(6)]
    now = clock.now()
    for secret in secrets:
        SignInLink.objects.create(digest=links._digest(secret), made_at=now, expires_at=now + timedelta(minutes=5))

    def hand(secret: str) -> bool:
        try:
            return settle(secret)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as hands:
        done = list(hands.map(hand, secrets))
    assert sorted(done) == [False] * 5 + [True]
    assert User.objects.count() == len(ADMINISTRATORS)


def test_of_many_who_click_at_once_one_gets_in(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """200 tries by 8 hands on 25 links, each hand on a connection of its own: 25 successes."""
    secrets = [f"{number:043d}" for number in range(25)]

    def click(secret: str) -> bool:
        try:
            return links.use(secret) is not None
        finally:
            connection.close()

    with django_db_blocker.unblock():
        now = clock.now()
        for secret in secrets:
            digest = hashlib.sha256(secret.encode()).hexdigest()
            SignInLink.objects.create(digest=digest, made_at=now, expires_at=now + timedelta(minutes=5))
        try:
            with ThreadPoolExecutor(8) as hands:
                got = list(hands.map(click, [secret for secret in secrets for _hand in range(8)]))
        finally:
            SignInLink.objects.all().delete()
    assert sum(got) == 25


class TestDemonstrationLinks:
    """One click a role, in the demonstration, from this machine."""

    def link(self, commission: Commission) -> str:
        with system_scope("test") as by:
            return f"/enter/{links.make_link(commission.users[RoleCode.COUNTY_OFFICER], by=by, minutes=10)}/"

    def test_one_click(self, commission: Commission, settings: Settings) -> None:
        settings.XIEZHI_DEMO = True
        address, client = self.link(commission), Client()
        assert client.get(address).status_code == 302
        assert client.get("/me/").status_code == 200
        assert client.get("/me/recusals/new/").status_code == 200, "there is nothing to prove again with"
        used = Client().get(address)
        assert used.status_code == 410
        assert "xiezhi demo-links" in used.content.decode()
        assert Client().get("/enter/never-given/").status_code == 404
        assert [event.details["ways"] for event in events("account.signed_in")] == [["link"]]
        assert SignedInSession.objects.filter(user=commission.users[RoleCode.COUNTY_OFFICER]).count() == 1

    @pytest.mark.parametrize(
        "extra",
        [
            {"REMOTE_ADDR": "10.0.0.8"},
            {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
            {"HTTP_SEC_FETCH_DEST": "empty"},
            {"HTTP_SEC_FETCH_DEST": "image"},
        ],
    )
    def test_not_from_elsewhere_and_not_by_a_preview(
        self, commission: Commission, settings: Settings, extra: dict[str, str]
    ) -> None:
        settings.XIEZHI_DEMO = True
        address = self.link(commission)
        assert Client().get(address, **extra).status_code == 404
        assert Client().get(address).status_code == 302, "a refused try does not use it up"

    def test_never_at_a_site(self, commission: Commission, settings: Settings) -> None:
        settings.XIEZHI_DEMO = True
        address = self.link(commission)
        settings.XIEZHI_DEMO = False
        assert Client().get(address).status_code == 404
        with pytest.raises(UserError, match="XZ-ACC-05"):
            self.link(commission)

    def test_a_demonstrations_session_means_nothing_at_a_site(self, commission: Commission, settings: Settings) -> None:
        settings.XIEZHI_DEMO = True
        client = Client()
        client.get(self.link(commission))
        settings.XIEZHI_DEMO = False
        assert client.get("/me/").status_code == 302
