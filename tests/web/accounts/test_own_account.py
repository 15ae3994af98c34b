"""One's own account: language, appearance, posts, recusals, factors."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import translation

from tests.web.accounts.journeys import enrol, events
from tests.web.people import Commission
from xiezhi.web.accounts.actions import posts, recusals
from xiezhi.web.accounts.models import Recusal
from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.presenters import powers
from xiezhi.web.accounts.roles import ROLES, RoleCode
from xiezhi.web.accounts.viewer import Viewer, system_scope
from xiezhi.web.accounts.words import DUTIES, LABELS, REACHES

ClientAs = Callable[[RoleCode], Client]
ROLE = RoleCode.COUNTY_OFFICER


def test_every_word_has_its_words() -> None:
    with translation.override("zh-hans"):
        assert [one for one in Permission if str(one.label).isascii()] == [], "without a word Django makes one of the name"
    assert {role.reach for role in ROLES.values()} <= set(REACHES)
    assert {role.duty for role in ROLES.values()} <= set(DUTIES)
    assert {role.clearance for role in ROLES.values()} <= set(LABELS)


def test_the_table_of_powers_is_the_roles(commission: Commission, client_as: ClientAs) -> None:
    roles, rows = powers()
    assert {(row.permission, role.code) for row in rows for role, holds in zip(roles, row.holds, strict=True) if holds} == {
        (permission, role.code) for role in ROLES.values() for permission in role.permissions
    }
    page = client_as(RoleCode.AUDITOR).get("/powers/").content.decode()
    assert page.count('aria-label="可以"') == sum(len(role.permissions) for role in ROLES.values())


def test_the_language_follows_the_person(commission: Commission, client_as: ClientAs) -> None:
    client = client_as(ROLE)
    answer = client.post("/me/language/", {"language": "en", "next": "/me/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me/")
    assert client.get("/me/").headers["Content-Language"] == "en"
    client.cookies.pop("django_language")
    assert client.get("/me/").headers["Content-Language"] == "en", "stored on the account"
    assert [event.after for event in events("account.settings_changed")] == [{"language": "en"}]
    client.post("/me/language/", {"language": "en"})
    assert len(events("account.settings_changed")) == 1, "nothing changed, nothing to tell"


def test_before_signing_in_the_cookie_says(db: None) -> None:
    client = Client()
    assert client.get("/account/login/").headers["Content-Language"] == "zh-hans"
    client.post("/me/language/", {"language": "en"})
    assert client.get("/account/login/").headers["Content-Language"] == "en"
    client.post("/me/language/", {"language": "xx"})
    assert client.get("/account/login/").headers["Content-Language"] == "en"


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_a_switch_leads_nowhere_else(db: None, wanted: str) -> None:
    assert Client().post("/me/language/", {"language": "en", "next": wanted}).headers["Location"] == "/"


def test_the_theme_is_kept_on_the_account(commission: Commission, client_as: ClientAs) -> None:
    client = client_as(ROLE)
    assert client.post("/me/theme/", {"theme": "dark"}, HTTP_HX_REQUEST="true").status_code == 204
    assert 'data-bs-theme="dark"' in client.get("/me/").content.decode()
    assert client.cookies["xiezhi_theme"].value == "dark"


def test_a_person_with_two_posts_acts_in_one_of_them(commission: Commission, client_as: ClientAs) -> None:
    with system_scope("test_granter") as by:
        second = posts.grant(
            user=commission.users[ROLE], unit=commission.units["cc2"], role=RoleCode.COUNTY_LEADER, by=by, why="兼任"
        )
    client = client_as(ROLE)
    assert "cc1单位" in client.get("/me/").content.decode().split("账号菜单")[0][-400:]
    assert client.post("/me/post/", {"post": second.pk}).headers["Location"] == "/"
    assert "cc2单位" in client.get("/me/").content.decode().split("账号菜单")[0][-400:]
    assert [(event.post_id, event.details["unit"]) for event in events("account.post_chosen")] == [(second.pk, "cc2单位")]


def test_nobody_takes_anothers_post(commission: Commission, client_as: ClientAs) -> None:
    client = client_as(ROLE)
    assert client.post("/me/post/", {"post": commission.posts[RoleCode.CITY_LEADER].pk}).status_code == 404
    assert client.post("/me/post/", {"post": "x"}).status_code == 404


class TestRecusals:
    KNOWN, UNKNOWN = "990101199003078498", "990101199003074518"

    @pytest.fixture(autouse=True)
    def vault(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The vault of a lake takes seconds to make; what it is asked is told in test_recusals. One person is known here."""
        given = itertools.count(200)
        known = lambda kind, value, actor: "citizen_id:139" if value == self.KNOWN else f"{kind}:{next(given)}"  # noqa: E731
        monkeypatch.setattr(recusals, "subject_of", known)

    def test_from_the_next_request_on(
        self, commission: Commission, client_as: ClientAs, viewer: Callable[[RoleCode], Viewer]
    ) -> None:
        client = client_as(ROLE)
        assert client.post("/me/recusals/new/", {"relation": "spouse", "citizen_ids": self.KNOWN}).status_code == 303
        assert viewer(ROLE).scope.recused == ("citizen_id:139",)
        assert "配偶" in client.get("/me/").content.decode()

    def test_the_id_is_kept_nowhere(self, commission: Commission, client_as: ClientAs) -> None:
        client = client_as(ROLE)
        client.post("/me/recusals/new/", {"relation": "spouse", "citizen_ids": self.KNOWN})
        assert self.KNOWN not in client.get("/me/").content.decode()
        assert self.KNOWN not in str([vars(event) for event in events("recusal.declared")])
        assert self.KNOWN not in str(list(Recusal.objects.values()))

    def test_it_tells_nobody_whom_the_data_knows(self, commission: Commission, client_as: ClientAs) -> None:
        client = client_as(ROLE)
        answers = set()
        for citizen_id in (self.KNOWN, self.UNKNOWN):
            before = Recusal.objects.count()
            answer = client.post("/me/recusals/new/", {"relation": "other", "citizen_ids": citizen_id})
            said = client.get(answer.headers["Location"]).content.decode().split('<div class="alert')[1].split("</div>")[0]
            answers.add((answer.status_code, said, Recusal.objects.count() - before))
        assert len(answers) == 1

    @pytest.mark.parametrize("wrong", ["", "123", "99010119900307849A", "not-an-identity-no"])
    def test_what_is_no_id_is_refused(self, commission: Commission, client_as: ClientAs, wrong: str) -> None:
        assert client_as(ROLE).post("/me/recusals/new/", {"relation": "self", "citizen_ids": wrong}).status_code == 422


def test_the_last_factor_stays(commission: Commission, client_as: ClientAs) -> None:
    client, user = client_as(ROLE), commission.users[ROLE]
    assert "最后一个第二因素" in client.get("/account/factors/app/remove/").content.decode()
    client.post("/account/factors/app/remove/")
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": "U 盾", "credential": {}})
    assert client.post("/account/factors/app/remove/").status_code == 302
    assert client.post(f"/account/factors/key/{key.pk}/remove/").status_code == 302
    assert Authenticator.objects.filter(pk=key.pk).exists(), "now the key is the last"
    assert [event.details["factor"] for event in events("account.factor_removed")] == ["totp"]


def test_anothers_key_is_not_there(commission: Commission, client_as: ClientAs) -> None:
    other = commission.users[RoleCode.TOWN_OFFICER]
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "U 盾", "credential": {}})
    assert client_as(ROLE).post(f"/account/factors/key/{key.pk}/remove/").status_code == 404


def test_the_secret_of_a_factor_is_sealed(commission: Commission, client_as: ClientAs) -> None:
    client, user = client_as(ROLE), commission.users[ROLE]
    Authenticator.objects.filter(user=user).delete()
    phone = enrol(client)
    assert phone.secret not in str(Authenticator.objects.get(user=user, type="totp").data)
