"""What a person does at the sign-in pages, as their browser and their phone would do it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from xiezhi.web.accounts.viewer import system_scope
from xiezhi.web.audit.models import AuditEvent

FIRST, OWN = "correct horse 9 Battery", "plum Kettle 47 orbit wander"


def events(*kinds: str) -> list[AuditEvent]:
    """The trail of these kinds, oldest first."""
    with system_scope("test_reader", trail=True):
        return list(AuditEvent.objects.filter(kind__in=kinds).order_by("id"))


def kinds() -> list[str]:
    with system_scope("test_reader", trail=True):
        return list(AuditEvent.objects.order_by("id").values_list("kind", flat=True))


def sign_in(client: Client, username: str, password: str, **extra: str) -> HttpResponse:
    return client.post("/account/login/", {"login": username, "password": password}, **extra)


@dataclass
class Phone:
    """An authenticator app that knows the secret. `enrolled`: the code that bound it."""

    secret: str
    enrolled: str = ""

    def code(self) -> str:
        return str(format_hotp_value(hotp_value(self.secret, next(yield_hotp_counters_from_time()))))


def enrol(client: Client, *, later: bool = True) -> Phone:
    """Bind an app, from the secret that the page shows. What comes next comes half a minute later, unless it is told not to."""
    page = client.get("/account/factors/app/").content.decode()
    found = re.search(r'<code class="secret">([A-Z2-7]+)</code>', page)
    assert found, page
    phone = Phone(found[1])
    phone = Phone(found[1], enrolled=phone.code())
    answer = client.post("/account/factors/app/", {"code": phone.enrolled})
    assert answer.status_code == 302, answer.content.decode()
    if later:
        cache.delete(f"allauth.mfa.totp.used?user={client.session['_auth_user_id']}&code={phone.enrolled}")
    return phone


def settled(username: str, password: str = FIRST, own: str = OWN) -> tuple[Client, Phone]:
    """The first day of a person: sign in, change the password, bind an app."""
    client = Client()
    assert sign_in(client, username, password).status_code == 302
    assert client.get("/me/").headers["Location"] == "/account/password/"
    changed = client.post("/account/password/", {"oldpassword": password, "password1": own, "password2": own})
    assert changed.status_code == 302, changed.content.decode()
    assert client.get("/me/").headers["Location"] == "/account/factors/app/"
    return client, enrol(client)


def session_cookie(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value
