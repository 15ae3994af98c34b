"""Signing in with the password of a directory: whom it lets in, what is still asked for, and what happens when it is away."""

from __future__ import annotations

import json
import logging
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.web.accounts.journeys import FIRST, enrol, events, kinds, sign_in
from tests.web.accounts.ldap_people import BASE, ODD, PASSWORD, SEARCHER, SEARCHERS_PASSWORD
from tests.web.people import Commission
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.ldap.site import LdapSite
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.doctor.examination import examine
from xiezhi.web.doctor.finding import Grade

NAME = "t_county_officer"
Connect = Callable[..., LdapSite]

WRONG = "用户名或密码不对，或者这里没有您的可用账号"
AWAY = "单位目录现在连不上，没有核对您的密码"


class Running:
    """The directory in a process of its own: its ports, and what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.web.accounts.ldap_server", str(folder)],
            cwd=Path(__file__).parents[3],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.ports: dict[str, int] = json.loads(self.process.stdout.readline())

    def asked(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "journal").read_text().splitlines()]

    def binds(self) -> list[str]:
        return [one["dn"] for one in self.asked() if one["operation"] == "bind" and one["dn"] != SEARCHER]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    one = Running(tmp_path_factory.mktemp("directory"))
    yield one
    one.process.kill()
    one.process.wait()


@pytest.fixture
def connect(running: Running, settings: Settings, commission: Commission) -> Connect:
    """The site, connected to the directory at one of its doors; county officer and town officer have numbers that it knows."""
    (running.folder / "journal").write_text("")
    secret = running.folder / "password"
    secret.write_text(SEARCHERS_PASSWORD + "\n")
    secret.chmod(0o600)
    for role, number in ((RoleCode.COUNTY_OFFICER, "0417"), (RoleCode.TOWN_OFFICER, "0418")):
        User.objects.filter(pk=commission.users[role].pk).update(staff_number=number)

    def connected(door: str = "tls", **more: str) -> LdapSite:
        scheme = "ldaps" if door in ("tls", "another_host", "another_authority") else "ldap"
        said = {
            "XIEZHI_LDAP_URL": f"{scheme}://localhost:{running.ports[door]}",
            "XIEZHI_LDAP_BASE": BASE,
            "XIEZHI_LDAP_BIND_DN": SEARCHER,
            "XIEZHI_LDAP_PASSWORD_FILE": str(secret),
            "XIEZHI_LDAP_CA_FILE": str(running.folder / "ca.pem"),
            "XIEZHI_LDAP_TIMEOUT": "2",
        }
        site = LdapSite.read(said | more)
        assert site is not None
        settings.XIEZHI_LDAP = site
        return site

    return connected


def arrive(client: Client, name: str = "officer", password: str = PASSWORD) -> HttpResponse:
    return client.post("/account/ldap/", {"login": name, "password": password})


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


def failures() -> list[str]:
    return [event.details["step"] for event in events("account.sign_in_failed")]


@pytest.mark.parametrize("door", ["tls", "plain"])
def test_the_first_day_and_the_second(door: str, connect: Connect, running: Running) -> None:
    """No password of ours to change; our second factor all the same; over TLS, and over StartTLS before anything is said."""
    connect(door)
    first = Client()
    assert arrive(first).headers["Location"] == "/"
    assert first.get("/me/").headers["Location"] == "/account/factors/app/"
    phone = enrol(first)
    assert first.get("/me/").status_code == 200
    second = Client()
    assert arrive(second, "0417").headers["Location"] == "/account/code/"
    assert second.get("/me/").status_code == 302, "a password alone opens nothing"
    second.post("/account/code/", {"code": phone.code()})
    assert second.get("/me/").status_code == 200
    assert [event.details["ways"] for event in events("account.signed_in")] == [["ldap"], ["ldap", "totp"]]
    if door == "plain":
        assert [one["operation"] for one in running.asked()[:2]] == ["start_tls", "bind"]
        assert all(one["tls"] for one in running.asked() if one["operation"] != "start_tls")


def test_two_factors_of_another_way_in_do_not_count_here(connect: Connect, settings: Settings) -> None:
    connect()
    settings.XIEZHI_OIDC_MFA = settings.XIEZHI_CERTIFICATE_MFA = True
    client = Client()
    arrive(client)
    assert client.get("/me/").headers["Location"] == "/account/factors/app/"


def test_odd_names_are_found_as_they_are(connect: Connect, running: Running) -> None:
    """In the filter, and in the DN that comes back."""
    connect()
    for name in ("star*(star)", "李四", "odd"):
        assert arrive(Client(), name).headers.get("Location") == "/", name
    assert running.binds()[-1] == ODD


def test_only_accounts_that_exist_and_may_be_used(connect: Connect, commission: Commission) -> None:
    """Of whatever is wrong one is told in the same words, and the trail has it."""
    connect()
    User.objects.filter(pk=commission.users[RoleCode.TOWN_OFFICER].pk).update(is_active=False)
    pages = set()
    tries = [
        ("officer", "wrong"),
        ("nobody", PASSWORD),  # not in the directory
        ("stranger", PASSWORD),  # no account here
        ("longer", PASSWORD),  # a staff number that begins like one of ours
        ("town", PASSWORD),  # disabled here
        ("numberless", PASSWORD),
        ("numbered", PASSWORD),  # two staff numbers
        ("twin", PASSWORD),  # two people
    ]
    for name, password in tries:
        answer = arrive(Client(REMOTE_ADDR="10.0.0.9"), name, password)
        text = re.sub(r'(csrfmiddlewaretoken" value=|data-csrf=)"[^"]*"|<code>[0-9a-f]{32}</code>', "", said(answer))
        pages.add((answer.status_code, text.replace(f'value="{name}"', "")))
    assert len(pages) == 1
    status, page = pages.pop()
    assert status == 422
    assert WRONG in page
    assert failures() == ["ldap"] * len(tries)


def test_whoever_expired_here_stays_out(connect: Connect) -> None:
    connect()
    User.objects.filter(username=NAME).update(expires_on="2020-01-01")
    assert WRONG in said(arrive(Client()))


@pytest.mark.parametrize("name", ["left", "expired", "lapsed", "locked", "garbled"])
def test_whoever_left_the_directory_stays_out_though_it_lets_them_bind(name: str, connect: Connect, running: Running) -> None:
    connect()
    answer = arrive(Client(), name)
    assert (answer.status_code, WRONG in said(answer)) == (422, True)
    assert len(running.binds()) == 1


@pytest.mark.parametrize("password", ["", "\x00"])
def test_without_a_password_the_directory_is_not_asked(password: str, connect: Connect, running: Running) -> None:
    """It would answer yes: a bind with an empty password is one as nobody."""
    connect()
    assert arrive(Client(), password=password).status_code == 422
    assert running.asked() == []


def test_a_password_that_text_rules_would_make_empty_is_sent_as_it_is(connect: Connect, running: Running) -> None:
    connect()
    assert WRONG in said(arrive(Client(), password="\u00ad"))
    assert [one["empty"] for one in running.asked() if one["operation"] == "bind"] == [False, False]


@pytest.mark.parametrize("typed", ["*", "off*", "officer)(uid=*", "*)(|(uid=*", "x)(|(uid=officer))", r"\2a", r"o\66ficer"])
def test_nothing_that_is_typed_becomes_part_of_the_filter(typed: str, connect: Connect, running: Running) -> None:
    connect()
    assert WRONG in said(arrive(Client(), typed))
    assert all(dn.endswith(f",{BASE}") and re.match(r"cn=[0-9a-f]{16},", dn) for dn in running.binds())
    assert typed in next(one["filter"] for one in running.asked() if one["operation"] == "search")


def test_referrals_are_not_followed(connect: Connect, running: Running) -> None:
    connect()
    assert WRONG in said(arrive(Client(), "elsewhere"))
    assert AWAY in said(arrive(Client(), "referred"))
    assert not (running.folder / "trap").exists()


def test_five_failures_lock_the_account_at_both_doors(connect: Connect, running: Running) -> None:
    """Counted on the account, whichever of the directory's names was typed; a locked one is not asked about there."""
    connect()
    names = ["officer", "0417", "OFFICER", "officer", "0417"]
    assert [arrive(Client(), name, "wrong").status_code for name in names] == [422, 422, 422, 422, 429]
    before = len(running.binds())
    assert arrive(Client()).status_code == 429, "the right one comes too late"
    assert len(running.binds()) == before
    assert sign_in(Client(), NAME, FIRST).status_code == 429
    assert len(events("account.locked")) == 1
    assert {str(event.on_id) for event in events("account.sign_in_failed")} == {str(User.objects.get(username=NAME).pk)}


def test_a_name_that_nobody_has_is_locked_alike(connect: Connect) -> None:
    connect()
    assert [arrive(Client(), "nobody", "wrong").status_code for _time in range(6)] == [422, 422, 422, 422, 429, 429]
    assert arrive(Client()).status_code == 302, "nobody else"


def test_a_name_of_the_directory_locks_no_account_that_is_called_so_here(connect: Connect) -> None:
    connect()
    for _time in range(5):
        arrive(Client(), NAME, "wrong")
    assert sign_in(Client(), NAME, FIRST).status_code == 302


def test_success_resets_the_count(connect: Connect) -> None:
    connect()
    for _time in range(4):
        arrive(Client(), password="wrong")
    arrive(Client())
    assert [arrive(Client(), password="wrong").status_code for _time in range(4)] == [422] * 4


def test_when_the_directory_is_away_that_is_what_is_said(connect: Connect, settings: Settings) -> None:
    """Nobody is told that their password is wrong, nothing is counted, and the password of the platform still opens."""
    connect()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        connect(XIEZHI_LDAP_URL=f"ldaps://127.0.0.1:{closed.getsockname()[1]}")
        answers = [arrive(Client()) for _time in range(6)]
    assert {answer.status_code for answer in answers} == {422}
    assert all(AWAY in said(answer) and WRONG not in said(answer) for answer in answers)
    assert [event.details.get("reason") for event in events("account.sign_in_failed")] == ["unreachable"] * 6
    assert not AccessAttempt.objects.exists()
    assert sign_in(Client(), NAME, FIRST).status_code == 302


def test_a_directory_that_does_not_answer_is_waited_for_seconds(connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for scheme in ("ldaps", "ldap"):
            connect(XIEZHI_LDAP_URL=f"{scheme}://127.0.0.1:{silent.getsockname()[1]}", XIEZHI_LDAP_TIMEOUT="1")
            began = time.monotonic()
            assert AWAY in said(arrive(Client()))
            assert time.monotonic() - began < 20
    connect(XIEZHI_LDAP_TIMEOUT="1")
    assert AWAY in said(arrive(Client(), "slow"))


def test_the_next_server_is_asked_when_the_first_is_away(connect: Connect, running: Running) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        connect(XIEZHI_LDAP_URL=f"ldaps://127.0.0.1:{closed.getsockname()[1]}, ldaps://localhost:{running.ports['tls']}")
        assert arrive(Client()).status_code == 302


@pytest.mark.parametrize("door", ["another_host", "another_authority", "without_tls"])
def test_no_password_goes_to_a_directory_that_cannot_prove_itself(door: str, connect: Connect, running: Running) -> None:
    connect(door)
    assert AWAY in said(arrive(Client()))
    assert [one for one in running.asked() if one["operation"] == "bind"] == []


@pytest.mark.parametrize(
    "broken",
    [
        {"XIEZHI_LDAP_BASE": "ou=nowhere,dc=example,dc=cn"},
        {"XIEZHI_LDAP_BIND_DN": "cn=nobody,dc=example,dc=cn"},
        {"XIEZHI_LDAP_PASSWORD_FILE": "/nowhere/password"},
        {"XIEZHI_LDAP_CA_FILE": "/nowhere/ca.pem"},
        {"XIEZHI_LDAP_FILTER": "(&(uid={name})(staff))"},
    ],
    ids=lambda broken: next(iter(broken)),
)
def test_a_wrong_setting_is_nobodys_wrong_password(broken: dict[str, str], connect: Connect) -> None:
    connect(**broken)
    assert AWAY in said(arrive(Client()))
    assert "ldap.unreachable" in _codes()


def test_an_empty_password_file_does_not_search_as_nobody(connect: Connect, running: Running) -> None:
    connect()
    (running.folder / "password").write_text("\n")
    assert AWAY in said(arrive(Client()))
    assert running.asked() == []


def test_a_directory_that_lets_anybody_search(connect: Connect) -> None:
    connect("open", XIEZHI_LDAP_BIND_DN="", XIEZHI_LDAP_PASSWORD_FILE="", XIEZHI_LDAP_STARTTLS="no")
    assert arrive(Client()).status_code == 302


def test_a_filter_of_the_sites_own(connect: Connect) -> None:
    connect(XIEZHI_LDAP_FILTER="(&(objectClass=person)(employeeNumber={name})(!(userAccountControl=514)))")
    assert WRONG in said(arrive(Client(), "0417")), "several entries carry it"
    assert arrive(Client(), "0418").status_code == 302


def test_the_password_is_nowhere(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    connect()
    typed = "Typed 99 into the form"
    arrive(Client())
    for name in ("officer", "nobody", "referred"):
        page = said(arrive(Client(), name, typed))
        assert typed not in page
    kept = str([vars(one) for one in AccessAttempt.objects.all()]) + str([vars(one) for one in events(*kinds())])
    for secret in (typed, PASSWORD, SEARCHERS_PASSWORD):
        assert secret not in kept
        assert secret not in caplog.text
    assert User.objects.get(username=NAME).check_password(FIRST), "ours is what it was"


def test_the_way_is_offered_where_there_is_a_directory_only(connect: Connect, settings: Settings) -> None:
    connect()
    assert "/account/ldap/" in said(Client().get("/account/login/"))
    assert Client().get("/account/ldap/").status_code == 200
    settings.XIEZHI_LDAP = None
    assert "/account/ldap/" not in said(Client().get("/account/login/"))
    assert Client().get("/account/ldap/").status_code == arrive(Client()).status_code == 404


def test_what_the_doctor_finds(connect: Connect, running: Running, settings: Settings) -> None:
    connect()
    assert "ldap.answers" in {finding.code for finding in examine() if finding.grade is Grade.WELL}
    assert not {code for code in _codes() if code.startswith("ldap.")}
    (running.folder / "password").chmod(0o644)
    assert "ldap.readable" in _codes()
    connect("without_tls", XIEZHI_LDAP_STARTTLS="no")
    assert "ldap.clear" in _codes()
    connect("another_authority")
    assert "ldap.unreachable" in _codes()
    settings.XIEZHI_LDAP = None
    assert not {finding.code for finding in examine() if finding.code.startswith("ldap.")}


GOOD = {"XIEZHI_LDAP_URL": "ldaps://dc1.example.cn", "XIEZHI_LDAP_BASE": BASE}


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"XIEZHI_LDAP_URL": "https://dc1.example.cn"}, "XIEZHI_LDAP_URL"),
        ({"XIEZHI_LDAP_URL": "ldaps://"}, "XIEZHI_LDAP_URL"),
        ({"XIEZHI_LDAP_URL": "ldaps://host:many"}, "XIEZHI_LDAP_URL"),
        ({"XIEZHI_LDAP_URL": "ldaps://cn=x:secret@dc1.example.cn"}, "XIEZHI_LDAP_URL"),
        ({"XIEZHI_LDAP_URL": "ldap://dc1.example.cn", "XIEZHI_LDAP_STARTTLS": "no"}, "XIEZHI_LDAP_STARTTLS"),
        ({"XIEZHI_LDAP_URL": "ldap://localhost.evil.cn", "XIEZHI_LDAP_STARTTLS": "no"}, "XIEZHI_LDAP_STARTTLS"),
        ({"XIEZHI_LDAP_URL": "ldap://127.0.0.1,ldap://10.0.0.1", "XIEZHI_LDAP_STARTTLS": "no"}, "XIEZHI_LDAP_STARTTLS"),
        ({"XIEZHI_LDAP_BASE": " "}, "XIEZHI_LDAP_BASE"),
        ({"XIEZHI_LDAP_BIND_DN": "cn=x"}, "XIEZHI_LDAP_PASSWORD_FILE"),
        ({"XIEZHI_LDAP_PASSWORD_FILE": "/x"}, "XIEZHI_LDAP_BIND_DN"),
        ({"XIEZHI_LDAP_FILTER": "(uid=admin)"}, "XIEZHI_LDAP_FILTER"),
        ({"XIEZHI_LDAP_FILTER": "uid={name}"}, "XIEZHI_LDAP_FILTER"),
        ({"XIEZHI_LDAP_TIMEOUT": "0"}, "XIEZHI_LDAP_TIMEOUT"),
        ({"XIEZHI_LDAP_TIMEOUT": "soon"}, "XIEZHI_LDAP_TIMEOUT"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(wrong: dict[str, str], named: str) -> None:
    with pytest.raises(UserError, match=named) as refused:
        LdapSite.read(GOOD | wrong)
    assert "secret" not in str(refused.value)


def test_settings_that_can_be() -> None:
    assert LdapSite.read({}) is None
    site = LdapSite.read(GOOD)
    assert site is not None
    assert [(one.host, one.port, one.tls_at_once) for one in site.servers] == [("dc1.example.cn", 636, True)]
    near = LdapSite.read(GOOD | {"XIEZHI_LDAP_URL": "ldap://127.0.0.1", "XIEZHI_LDAP_STARTTLS": "no"})
    assert near is not None
    assert near.servers[0].clear


def _codes() -> set[str]:
    return {finding.code for finding in examine() if finding.grade is not Grade.WELL}
