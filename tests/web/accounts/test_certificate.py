"""Signing in with a certificate that the proxy has verified: whose word counts, and whom it lets in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.web.accounts.journeys import FIRST, enrol, events, sign_in
from tests.web.people import Commission
from xiezhi.kernel.errors import UserError
from xiezhi.web.accounts.certificate.site import CertificateSite
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.doctor.examination import examine
from xiezhi.web.doctor.finding import Grade

NAME = "t_county_officer"
PROXY, SECRET = "10.8.0.1", "a secret between proxy and platform"
KEY = ec.generate_private_key(ec.SECP256R1())
EMPLOYEE = x509.ObjectIdentifier("1.2.156.10197.99")

SM2 = """-----BEGIN CERTIFICATE-----
MIIBrzCCAVWgAwIBAgIUbfOY8RPc6j5wsgMtppcygoXJWQAwCgYIKoEcz1UBg3Uw
LDELMAkGA1UEBhMCQ04xDjAMBgNVBAMMBVpoYW5nMQ0wCwYDVQQFEwQwNDE3MCAX
DTI2MTEyOTE1NTgyOVoYDzIxMjYxMTA1MTU1ODI5WjAsMQswCQYDVQQGEwJDTjEO
MAwGA1UEAwwFWmhhbmcxDTALBgNVBAUTBDA0MTcwWTATBgcqhkjOPQIBBggqgRzP
VQGCLQNCAASPRo0dtfCywqPy1m5Ihg+v1ECYUpqIsQgLnny+c0NZxzhntCX4d59I
j0h8yE0aU3neW7+aO6pxaRlXcL3mFcvVo1MwUTAdBgNVHQ4EFgQUT/Tajv5afb+u
v24DDTYeSLkaJmwwHwYDVR0jBBgwFoAUT/Tajv5afb+uv24DDTYeSLkaJmwwDwYD
VR0TAQH/BAUwAwEB/zAKBggqgRzPVQGDdQNIADBFAiATTUHCv6sQg/Z44ldqqwJN
NGnOMgiwEAC5PgBhs3XuwgIhAK+tp34g5tok7cOxaIR3gG3S7hUzdqgySanGLQ8M
bZjE
-----END CERTIFICATE-----
"""
"""Of openssl, with an SM2 key and an SM3 signature: what a UKey here has. serialNumber=0417, valid to 2126."""


def made(
    *subject: tuple[x509.ObjectIdentifier, str], names: tuple[x509.GeneralName, ...] = (), begins: int = -1, ends: int = 30
) -> str:
    """A certificate as the proxy hands it on. Its signature is not looked at here: that is the proxy's work."""
    now = datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in subject or ((NameOID.COMMON_NAME, "x"),)])
    started = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(KEY.public_key())
    numbered = started.serial_number(417)
    dated = numbered.not_valid_before(now + timedelta(days=begins)).not_valid_after(now + timedelta(days=ends))
    full = dated.add_extension(x509.SubjectAlternativeName(names), critical=False) if names else dated
    return quote(full.sign(KEY, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode())


def number(value: str = "0417", **more: int) -> str:
    return made((NameOID.COMMON_NAME, "张三"), (NameOID.SERIAL_NUMBER, value), **more)  # type: ignore[arg-type]


Connect = Callable[..., CertificateSite]


@pytest.fixture
def connect(commission: Commission, settings: Settings, tmp_path: Path) -> Connect:
    """The site, behind a proxy that verifies certificates; the county officer's number is 0417."""
    User.objects.filter(pk=commission.users[RoleCode.COUNTY_OFFICER].pk).update(staff_number="0417")
    secret = tmp_path / "proxy.secret"
    secret.write_text(SECRET + "\n")
    secret.chmod(0o600)
    settings.TRUSTED_PROXIES = (PROXY,)

    def connected(**more: str) -> CertificateSite:
        said = {"XIEZHI_CERTIFICATE_HEADER": "X-Client-Certificate", "XIEZHI_CERTIFICATE_SECRET_FILE": str(secret)}
        site = CertificateSite.read(said | more)
        assert site is not None
        settings.XIEZHI_CERTIFICATE = site
        settings.XIEZHI_CERTIFICATE_MFA = site.two_factors
        return site

    connected()
    return connected


def arrive(
    client: Client | None = None,
    certificate: str | None = None,
    *,
    verified: str | None = "SUCCESS",
    secret: str | None = SECRET,
    peer: str = PROXY,
    to: str = "",
) -> HttpResponse:
    sent = {
        "X-Client-Certificate": number() if certificate is None else certificate,
        "X-Client-Verified": verified,
        "X-Client-Proxy": secret,
        "X-Forwarded-For": "192.0.2.7",
    }
    headers = {name: value for name, value in sent.items() if value is not None}
    path = f"/account/certificate/{to}"
    return (client or Client()).post(path, headers=headers, REMOTE_ADDR=peer)


def reasons() -> list[tuple[str, str]]:
    return [(event.details["step"], event.details.get("reason", "")) for event in events("account.sign_in_failed")]


def test_the_second_factor_is_still_asked_for(connect: Connect) -> None:
    first = Client()
    assert arrive(first).headers["Location"] == "/"
    assert first.get("/me/").headers["Location"] == "/account/factors/app/", "no password to change, a factor all the same"
    phone = enrol(first)
    second = Client()
    assert arrive(second).headers["Location"] == "/account/code/"
    assert second.get("/me/").status_code == 302
    second.post("/account/code/", {"code": phone.code()})
    assert second.get("/me/").status_code == 200
    said = events("account.signed_in")
    assert [event.details["ways"] for event in said] == [["certificate"], ["certificate", "totp"]]
    assert said[0].ip == "192.0.2.7"


def test_unless_the_site_says_that_it_is_two(connect: Connect) -> None:
    connect(XIEZHI_CERTIFICATE_MFA="yes")
    client = Client()
    assert arrive(client, to="?next=/me/").headers["Location"] == "/me/"
    assert client.get("/me/").status_code == 200
    by_password = Client()
    sign_in(by_password, NAME, FIRST)
    assert by_password.get("/me/").status_code == 302, "that holds for the certificate only"


def test_a_password_after_an_unfinished_certificate_counts_as_a_password(connect: Connect, settings: Settings) -> None:
    connect()
    enrolled = Client()
    arrive(enrolled)
    phone = enrol(enrolled)
    client = Client()
    arrive(client)
    waited = client.session
    del waited["account_login"]  # as it goes after a quarter of an hour
    waited.save()
    settings.XIEZHI_CERTIFICATE_MFA = True
    assert sign_in(client, NAME, FIRST).headers["Location"] == "/account/code/"
    client.post("/account/code/", {"code": phone.code()})
    assert client.get("/me/").headers["Location"] == "/account/password/"


@pytest.mark.parametrize(
    "forged",
    [
        {"peer": "10.8.0.2"},  # not the proxy, though it knows the secret
        {"peer": "127.0.0.1"},
        {"peer": ""},  # a socket, where none is trusted
        {"secret": None},  # through a proxy that lets the client's own headers pass
        {"secret": ""},
        {"secret": "guessed"},
        {"secret": "秘密"},
        {"secret": SECRET + "\n"},
    ],
    ids=str,
)
def test_headers_of_anybody_else_are_refused_and_in_the_trail(forged: dict[str, str | None], connect: Connect) -> None:
    client = Client()
    assert arrive(client, **forged).headers["Location"] == "/account/login/"  # type: ignore[arg-type]
    assert "请求没有经过本单位的安全代理" in client.get("/account/login/").content.decode()
    assert client.get("/me/").status_code == 302
    assert reasons() == [("certificate", "untrusted")]


@pytest.mark.parametrize("kept", ["", "\n", "short"])
def test_without_a_secret_nobody_is_believed(kept: str, connect: Connect) -> None:
    site = connect()
    site.secret_file.write_text(kept)
    for shown in (None, "", kept.strip(), "\n"):
        arrive(secret=shown)
    site.secret_file.unlink()
    arrive(secret="")
    assert reasons() == [("certificate", "untrusted")] * 5
    assert not events("account.signed_in")


def test_headers_elsewhere_mean_nothing(connect: Connect) -> None:
    connect(XIEZHI_CERTIFICATE_MFA="yes")
    headers = {"X-Client-Certificate": number(), "X-Client-Verified": "SUCCESS", "X-Client-Proxy": SECRET}
    client = Client(headers=headers, REMOTE_ADDR=PROXY)
    assert client.get("/me/").status_code == 302
    assert client.get("/account/certificate/").status_code == 405, "nobody is signed in by following a link"
    strict = Client(enforce_csrf_checks=True, headers=headers, REMOTE_ADDR=PROXY)
    assert strict.post("/account/certificate/").status_code == 403
    assert not events("account.signed_in")


@pytest.mark.parametrize(
    ("verified", "reason"),
    [
        (None, "missing"),
        ("", "missing"),
        ("NONE", "missing"),
        ("FAILED:certificate has expired", "failed"),
        ("FAILED:certificate revoked", "failed"),
        ("FAILED:unable to get local issuer certificate", "failed"),
        ("FAILED", "failed"),
        ("success", "failed"),
        ("SUCCESS,SUCCESS", "failed"),
        ("SUCCESS:not quite", "failed"),
    ],
)
def test_only_what_the_proxy_found_good(verified: str | None, reason: str, connect: Connect) -> None:
    assert arrive(verified=verified).headers["Location"] == "/account/login/"
    assert reasons() == [("certificate", reason)]
    assert "FAILED" not in str([event.details for event in events("account.sign_in_failed")]), "nothing that was sent is kept"


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [
        ("", "missing"),
        ("nonsense", "unreadable"),
        (number() + number(), "unreadable"),
        (number()[: len(number()) // 2], "unreadable"),
        (number(begins=-30, ends=-1), "expired"),
        (number(begins=1), "expired"),
        (made(), "numberless"),
        (number(" "), "numberless"),
        (made((NameOID.SERIAL_NUMBER, "0417"), (NameOID.SERIAL_NUMBER, "0418")), "several"),
        (made((NameOID.SERIAL_NUMBER, "0417"), (NameOID.SERIAL_NUMBER, "0417")), "several"),
        (number("9999"), "unknown"),
        (number("04170"), "unknown"),
        (number("417"), "unknown"),
    ],
    ids=lambda value: value if len(value) < 20 else "certificate",
)
def test_only_whom_the_certificate_names(certificate: str, reason: str, connect: Connect) -> None:
    assert arrive(certificate=certificate).headers["Location"] == "/account/login/"
    assert reasons() == [("certificate", reason)]


@pytest.mark.parametrize("gone", [{"is_active": False}, {"expires_on": "2020-01-01"}])
def test_whoever_may_not_use_the_account_stays_out(gone: dict[str, object], connect: Connect) -> None:
    User.objects.filter(username=NAME).update(**gone)
    client = Client()
    arrive(client)
    assert "没有您的可用账号" in client.get("/account/login/").content.decode()
    assert reasons() == [("certificate", "unknown")]


def test_a_locked_account_is_locked_here_too(connect: Connect) -> None:
    for _time in range(5):
        sign_in(Client(), NAME, "wrong")
    assert arrive().status_code == 429
    assert reasons()[-1] == ("certificate", "locked")


@pytest.mark.parametrize(
    ("place", "certificate"),
    [
        ("CN", made((NameOID.COMMON_NAME, "0417"))),
        ("UID", made((NameOID.USER_ID, "0417"))),
        ("2.5.4.12", made((NameOID.TITLE, "0417"))),
        ("SAN:email", made(names=(x509.RFC822Name("0417"),))),
        ("SAN:URI", made(names=(x509.UniformResourceIdentifier("0417"),))),
        ("SAN:1.2.156.10197.99", made(names=(x509.DNSName("0417.cn"), x509.OtherName(EMPLOYEE, b"\x0c\x040417")))),
    ],
)
def test_where_the_number_stands_is_a_setting(place: str, certificate: str, connect: Connect) -> None:
    connect(XIEZHI_CERTIFICATE_STAFF_NUMBER=place)
    assert arrive(certificate=certificate).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ((x509.OtherName(EMPLOYEE, b"\x0c\x040417"), x509.OtherName(EMPLOYEE, b"\x0c\x040418")), "several"),
        ((x509.OtherName(EMPLOYEE, b"\x30\x040417"),), "unreadable"),
        ((x509.OtherName(EMPLOYEE, b"\x0c\x81\xc8" + b"0" * 200),), "unreadable"),
        ((x509.OtherName(x509.ObjectIdentifier("1.2.3"), b"\x0c\x040417"),), "numberless"),
        ((), "numberless"),
    ],
)
def test_other_names_are_read_strictly(names: tuple[x509.GeneralName, ...], reason: str, connect: Connect) -> None:
    connect(XIEZHI_CERTIFICATE_STAFF_NUMBER="SAN:1.2.156.10197.99")
    arrive(certificate=made(names=names))
    assert reasons() == [("certificate", reason)]


def test_certificates_of_the_national_algorithms_are_read(connect: Connect) -> None:
    assert arrive(certificate=quote(SM2)).headers["Location"] == "/"


def test_the_button_stands_where_it_works_only(connect: Connect, settings: Settings) -> None:
    assert "/account/certificate/" in Client().get("/account/login/").content.decode()
    settings.XIEZHI_CERTIFICATE = None
    assert "/account/certificate/" not in Client().get("/account/login/").content.decode()
    assert arrive().status_code == 404


def test_what_the_doctor_finds(connect: Connect, settings: Settings) -> None:
    site = connect()
    assert "certificate.proxy" in {finding.code for finding in examine() if finding.grade is Grade.WELL}
    assert not _codes()
    site.secret_file.chmod(0o644)
    assert _codes() == {"certificate.readable"}
    site.secret_file.chmod(0o600)
    site.secret_file.write_text("short")
    assert _codes() == {"certificate.no_secret"}
    site.secret_file.write_text(SECRET)
    settings.TRUSTED_PROXIES = ("0.0.0.0/0",)
    assert _codes() == {"certificate.anybody"}
    settings.TRUSTED_PROXIES = ()
    assert _codes() == {"certificate.no_proxy"}
    settings.XIEZHI_CERTIFICATE = None
    assert not _codes()


def _codes() -> set[str]:
    found = {finding.code for finding in examine() if finding.grade is not Grade.WELL}
    return {code for code in found if code.startswith("certificate.")}


GOOD = {"XIEZHI_CERTIFICATE_HEADER": "X-Client-Certificate", "XIEZHI_CERTIFICATE_SECRET_FILE": "/etc/xiezhi/proxy.secret"}


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"XIEZHI_CERTIFICATE_SECRET_FILE": ""}, "XIEZHI_CERTIFICATE_SECRET_FILE"),
        ({"XIEZHI_CERTIFICATE_HEADER": "yes please"}, "XIEZHI_CERTIFICATE_HEADER"),
        ({"XIEZHI_CERTIFICATE_HEADER": "x_client"}, "XIEZHI_CERTIFICATE_HEADER"),
        ({"XIEZHI_CERTIFICATE_HEADER": "X-Client-Verified"}, "XIEZHI_CERTIFICATE_HEADER"),
        ({"XIEZHI_CERTIFICATE_STAFF_NUMBER": "name"}, "XIEZHI_CERTIFICATE_STAFF_NUMBER"),
        ({"XIEZHI_CERTIFICATE_STAFF_NUMBER": "SAN:CN"}, "XIEZHI_CERTIFICATE_STAFF_NUMBER"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(wrong: dict[str, str], named: str) -> None:
    with pytest.raises(UserError, match=named):
        CertificateSite.read(GOOD | wrong)


def test_settings_that_can_be() -> None:
    assert CertificateSite.read({}) is None
    site = CertificateSite.read(GOOD)
    assert site is not None
    assert (site.certificate, site.place, site.two_factors) == ("HTTP_X_CLIENT_CERTIFICATE", "2.5.4.5", False)
