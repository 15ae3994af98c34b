"""What the administrators do on their screens, what it takes two of them to do, and what none of them can."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.test import Client

from tests.web.accounts.journeys import events, settled, sign_in
from tests.web.people import Commission
from xiezhi.kernel import clock
from xiezhi.web.accounts.backends import account_of
from xiezhi.web.accounts.forms.people import AccountForm
from xiezhi.web.accounts.models import FactorReset, Post, Unit, User
from xiezhi.web.accounts.roles import ROLES, RoleCode
from xiezhi.web.supervision.queries import region_names

ClientAs = Callable[[RoleCode], Client]
SYSTEM, SECURITY, AUDITOR = RoleCode.SYSTEM_ADMINISTRATOR, RoleCode.SECURITY_ADMINISTRATOR, RoleCode.AUDITOR
NEW = {"display_name": "新来的", "staff_number": "N001", "username": "Newcomer", "duty": "business", "expires_on": ""}


def grant_form(commission: Commission, **changes: object) -> dict[str, object]:
    today = clock.today().isoformat()
    return {
        "role": "county_officer",
        "unit": "cc1",
        "lines": ["subsidy"],
        "cadre_authority": "2",
        "starts_on": today,
        "why": "任命文件 12 号",
    } | changes


def test_from_nothing_to_work(commission: Commission, client_as: ClientAs) -> None:
    """Created by one administrator, given a post by another, and only then anything to see."""
    page = client_as(SYSTEM).post("/accounts/new/", NEW).content.decode()
    password = re.search(r'<code class="handed">([^<]+)</code>', page)
    assert password is not None
    user = User.objects.get(username="newcomer")
    newcomer, _phone = settled("newcomer", password[1])
    assert newcomer.get("/").status_code == 403
    security = client_as(SECURITY)
    assert "新来的" in security.get("/accounts/waiting/").content.decode()
    assert "业务条线" in security.get(f"/accounts/{user.pk}/posts/new/").content.decode()
    assert security.post(f"/accounts/{user.pk}/posts/new/", grant_form(commission)).status_code == 303
    assert newcomer.get("/").status_code == 200
    mine = newcomer.get("/me/").content.decode()
    assert "惠民补贴" in mine
    assert "县管" in mine
    post = Post.objects.get(user=user)
    assert security.post(f"/accounts/posts/{post.pk}/end/", {"why": "调离"}).status_code == 303
    assert newcomer.get("/").status_code == 403
    [granted] = [event for event in events("post.granted") if event.on_id == str(user.pk)]
    assert (granted.username, granted.why, granted.after["lines"]) == ("t_security_administrator", "任命文件 12 号", ["subsidy"])


def test_the_temporary_password_is_kept_nowhere(commission: Commission, client_as: ClientAs) -> None:
    page = client_as(SYSTEM).post("/accounts/new/", NEW)
    password = re.findall(r'<code class="handed">([^<]+)</code>', page.content.decode())[0]
    assert page.headers["Cache-Control"] == "private, no-store"
    assert password not in str([vars(event) for event in events("account.created")])
    assert password not in User.objects.get(username="newcomer").password


def test_one_person_one_account(commission: Commission, client_as: ClientAs) -> None:
    client = client_as(SYSTEM)
    client.post("/accounts/new/", NEW)
    again = client.post("/accounts/new/", NEW | {"username": "other"})
    assert again.status_code == 422
    assert "这个工号已有账号" in again.content.decode()


@pytest.mark.parametrize("spelled", ["n001", "Ｎ００１", "N001\u200b", "N\xad001", "\u041d001"])
def test_one_person_one_account_however_the_number_is_spelled(commission: Commission, client_as: ClientAs, spelled: str) -> None:
    system = client_as(SYSTEM)
    system.post("/accounts/new/", NEW)
    assert User.objects.filter(staff_number="N001").count() == 1
    assert system.post("/accounts/new/", NEW | {"username": "twice", "staff_number": spelled}).status_code == 422


def test_a_directory_finds_the_account_in_whichever_spelling_it_has_the_number(
    commission: Commission, client_as: ClientAs
) -> None:
    client_as(SYSTEM).post("/accounts/new/", NEW | {"staff_number": "jw0042"})
    assert User.objects.get(username="newcomer").staff_number == "JW0042"
    for spelled in ("jw0042", "JW0042", "ＪＷ0042"):
        found = account_of(spelled)
        assert found is not None
        assert found.username == "newcomer"
    assert account_of("") is None


def test_recovery_codes_alone_are_no_factor(commission: Commission, client_as: ClientAs) -> None:
    officer = commission.users[RoleCode.COUNTY_OFFICER]
    Authenticator.objects.filter(user=officer).delete()
    Authenticator.objects.create(user=officer, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x", "used_mask": 0})
    assert client_as(SYSTEM).post(f"/accounts/{officer.pk}/password/").status_code == 422


def test_the_same_account_twice_at_once_is_said_in_words(
    commission: Commission, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both had looked before either wrote: the second is told, and not that the platform failed."""
    monkeypatch.setattr(AccountForm, "_free", lambda form, name, _words: form.cleaned_data[name])
    system = client_as(SYSTEM)
    assert system.post("/accounts/new/", NEW).status_code == 200
    second = system.post("/accounts/new/", NEW)
    assert second.status_code == 400
    assert "刚刚已经保存" in second.content.decode()


def test_a_name_holds_nothing_that_nobody_sees(commission: Commission, client_as: ClientAs) -> None:
    for name in ("沈知行\u200b", "\u202e行知沈"):
        assert client_as(SYSTEM).post("/accounts/new/", NEW | {"display_name": name}).status_code == 422


def test_the_same_post_twice_is_refused_in_words(commission: Commission, client_as: ClientAs) -> None:
    system, security = client_as(SYSTEM), client_as(SECURITY)
    system.post("/accounts/new/", NEW)
    page = f"/accounts/{User.objects.get(username='newcomer').pk}/posts/new/"
    assert security.post(page, grant_form(commission)).status_code == 303
    again = security.post(page, grant_form(commission))
    assert again.status_code == 422
    assert "已有这个岗位" in again.content.decode()


def test_no_single_hand_gives_a_password_to_a_post_without_a_factor(commission: Commission, client_as: ClientAs) -> None:
    """With it, whoever reset it would enrol a factor of their own and be that person."""
    system, security = client_as(SYSTEM), client_as(SECURITY)
    officer = commission.users[RoleCode.COUNTY_OFFICER]
    Authenticator.objects.filter(user=officer).delete()
    before = User.objects.get(pk=officer.pk).password
    page = f"/accounts/{officer.pk}/password/"
    refused = system.post(page)
    assert refused.status_code == 422
    assert "第二因素" in refused.content.decode()
    assert User.objects.get(pk=officer.pk).password == before
    system.post(f"/accounts/{officer.pk}/factors/reset/", {"why": "本人到场"})
    assert system.post(page).status_code == 422
    reset = FactorReset.objects.get(user=officer)
    security.post(f"/accounts/resets/{reset.pk}/confirm/", {"why": "已核对本人"})
    assert system.post(page).status_code == 200
    assert User.objects.get(pk=officer.pk).password != before
    assert system.post(page).status_code == 422  # once


def test_nobody_acts_on_themselves(commission: Commission, client_as: ClientAs) -> None:
    for role, paths in ((SYSTEM, ("disable", "password", "factors/reset")), (SECURITY, ("disable", "clearance", "posts/new"))):
        user, client = commission.users[role], client_as(role)
        before = (user.posts.count(), user.clearance, user.is_active)
        for path in paths:
            form = grant_form(commission, role=role.value, clearance="3")
            assert client.post(f"/accounts/{user.pk}/{path}/", form).status_code in (403, 422), path
        user.refresh_from_db()
        assert (user.posts.count(), user.clearance, user.is_active) == before


def test_who_created_an_account_cannot_grant_it_rights(commission: Commission, client_as: ClientAs) -> None:
    """In the action, and in the database should an action forget."""
    user = User.objects.get(username="t_county_officer")
    User.objects.filter(pk=user.pk).update(created_by="t_security_administrator")
    refused = client_as(SECURITY).post(f"/accounts/{user.pk}/posts/new/", grant_form(commission, role="county_leader"))
    assert refused.status_code == 422
    assert "建账号的人不能授权" in refused.content.decode()
    post = Post.objects.get(user=user)
    with pytest.raises(IntegrityError, match="post_granted_by_another"), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(granted_by="x", account_created_by="x")


def test_a_role_of_another_duty_is_not_offered(commission: Commission, client_as: ClientAs) -> None:
    user = commission.users[RoleCode.COUNTY_OFFICER]
    for role in (SYSTEM, SECURITY, AUDITOR, RoleCode.MACHINE, RoleCode.DEPARTMENT_CONTACT):
        assert (
            client_as(SECURITY).post(f"/accounts/{user.pk}/posts/new/", grant_form(commission, role=role.value)).status_code
            == 422
        )


def test_a_lost_factor_is_reset_by_two(commission: Commission, client_as: ClientAs) -> None:
    person, _phone = settled("t_county_officer")
    user = commission.users[RoleCode.COUNTY_OFFICER]
    system, security = client_as(SYSTEM), client_as(SECURITY)
    assert system.post(f"/accounts/{user.pk}/factors/reset/", {"why": "手机丢了"}).status_code == 303
    assert system.post(f"/accounts/{user.pk}/factors/reset/", {"why": "再来一次"}).status_code == 422
    assert Authenticator.objects.filter(user=user).exists(), "nothing changes until it is confirmed"
    reset = FactorReset.objects.get(user=user)
    assert system.post(f"/accounts/resets/{reset.pk}/confirm/", {"why": "急"}).status_code == 403
    assert "手机丢了" in security.get("/accounts/waiting/").content.decode()
    assert security.post(f"/accounts/resets/{reset.pk}/confirm/", {"why": "当面核实"}).status_code == 303
    assert not Authenticator.objects.filter(user=user).exists()
    assert person.get("/me/").status_code == 302
    assert security.post(f"/accounts/resets/{reset.pk}/refuse/", {"why": "后悔"}).status_code == 422
    told = events("account.factor_reset_asked", "account.factor_reset_done")
    assert [(event.username, event.why) for event in told] == [
        ("t_system_administrator", "手机丢了"),
        ("t_security_administrator", "当面核实"),
    ]
    with pytest.raises(IntegrityError, match="factor_reset_by_two"), transaction.atomic():
        FactorReset.objects.filter(pk=reset.pk).update(settled_by=reset.asked_by)


def test_a_reset_that_is_refused_changes_nothing(commission: Commission, client_as: ClientAs) -> None:
    person, _phone = settled("t_county_officer")
    user = commission.users[RoleCode.COUNTY_OFFICER]
    client_as(SYSTEM).post(f"/accounts/{user.pk}/factors/reset/", {"why": "手机丢了"})
    reset = FactorReset.objects.get(user=user)
    assert client_as(SECURITY).post(f"/accounts/resets/{reset.pk}/refuse/", {"why": "不是本人"}).status_code == 303
    assert Authenticator.objects.filter(user=user).exists()
    assert person.get("/me/").status_code == 200
    assert [event.why for event in events("account.factor_reset_refused")] == ["不是本人"]


def test_a_reset_password_must_be_changed_and_ends_the_sessions(commission: Commission, client_as: ClientAs) -> None:
    person, _phone = settled("t_county_officer")
    user = commission.users[RoleCode.COUNTY_OFFICER]
    page = client_as(SYSTEM).post(f"/accounts/{user.pk}/password/").content.decode()
    password = re.findall(r'<code class="handed">([^<]+)</code>', page)[0]
    assert person.get("/me/").status_code == 302
    assert sign_in(Client(), "t_county_officer", password).headers["Location"] == "/account/code/", "the factor still stands"


def test_a_unit_needs_no_english_name(commission: Commission, client_as: ClientAs) -> None:
    """Sites where nobody reads English are not made to invent one; English pages show the Chinese name then."""
    form = {"parent": "t11", "kind": "village", "code": "v119", "name": "新村", "name_en": "", "region": "990101001009"}
    assert client_as(SYSTEM).post("/units/new/", form).status_code == 303
    made = Unit.objects.get(code="v119")
    assert made.title.en == "新村"
    assert made.full_title.en == "新村 (Unit t11, Unit c1)"
    assert region_names()["990101001009"].en == "新村 (Unit t11)"


def test_units_are_added_charged_and_closed(commission: Commission, client_as: ClientAs) -> None:
    client, units = client_as(SYSTEM), commission.units
    form = {
        "parent": "commission",
        "kind": "office",
        "code": "office9",
        "name": "第九监督检查室",
        "name_en": "Ninth office",
    }
    assert client.post("/units/new/", form).status_code == 303
    office = Unit.objects.get(code="office9")
    assert office.path.startswith(units["commission"].path)
    given = {"overseen": [units["finance"].pk], "why": "分工文件 3 号"}
    assert client.post(f"/units/{office.pk}/overseen/", given).status_code == 303
    assert not office.overseen.exists(), "it waits for another hand"
    assert client.post(f"/units/{units['office1'].pk}/close/", {"why": "合并"}).status_code == 422, (
        "people still hold posts there"
    )
    assert client.post(f"/units/{office.pk}/close/", {"why": "合并"}).status_code == 303
    assert client.post("/units/new/", form | {"code": "x", "parent": office.pk}).status_code == 422
    assert "第九监督检查室" in client.get("/units/?size=50").content.decode()


def test_looking_at_an_account_leaves_one_event(commission: Commission, client_as: ClientAs) -> None:
    user = commission.users[RoleCode.COUNTY_OFFICER]
    client_as(AUDITOR).get(f"/accounts/{user.pk}/")
    assert [(event.username, event.on_id) for event in events("account.looked_at")] == [("t_auditor", str(user.pk))]


@pytest.mark.parametrize(
    "wanted",
    [
        "/accounts/?q=T0000",
        "/accounts/?state=active",
        "/accounts/?state=disabled",
        "/accounts/?duty=system",
        "/accounts/?state=junk&sort=-seen&page=99",
    ],
)
def test_the_list_narrows(commission: Commission, client_as: ClientAs, wanted: str) -> None:
    User.objects.filter(username="t_town_officer").update(is_active=False)
    found = re.findall(r'data-open href="/accounts/(\d+)/"', client_as(SYSTEM).get(wanted).content.decode())
    expected = {
        "/accounts/?q=T0000": 1,
        "/accounts/?state=active": len(ROLES) - 1,
        "/accounts/?state=disabled": 1,
        "/accounts/?duty=system": 1,
    }
    assert len(found) == min(20, expected.get(wanted, 1))


def test_the_list_asks_no_more_of_the_database_when_it_is_longer(
    commission: Commission, client_as: ClientAs, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client = client_as(SYSTEM)
    with django_assert_max_num_queries(15):  # type: ignore[attr-defined]
        client.get("/accounts/?size=50")
    with django_assert_max_num_queries(15):  # type: ignore[attr-defined]
        client.get("/units/?size=50")


ADMINISTRATORS_ONLY = ["/accounts/", "/accounts/new/", "/accounts/waiting/", "/units/", "/units/new/", "/powers/", "/policy/"]
OPEN_TO = {
    SYSTEM: {"/accounts/", "/accounts/new/", "/units/", "/units/new/", "/powers/", "/policy/"},
    SECURITY: {"/accounts/", "/accounts/waiting/", "/powers/", "/policy/"},
    AUDITOR: {"/accounts/", "/powers/", "/policy/"},
}


@pytest.mark.parametrize("role", list(RoleCode))
def test_each_screen_opens_to_whom_it_is_for(commission: Commission, client_as: ClientAs, role: RoleCode) -> None:
    client = client_as(role)
    opened = {path for path in ADMINISTRATORS_ONLY if client.get(path).status_code == 200}
    assert opened == OPEN_TO.get(role, set())
