"""What people do at a site with a directory. Runs inside `directory_site`."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client

from tests.web.accounts.journeys import enrol, events
from tests.web.people import build_commission
from xiezhi.web.accounts.models import User
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.database import embedded, roles


def story(home: Path, vouched: dict[str, str], asked: list[dict[str, list[str]]]) -> dict[str, Any]:
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with embedded.start(home / "postgres") as server:
        roles.prepare(server.url(), settings.DATABASE_NAME)
        call_command("migrate", database="owner", verbosity=0)
        call_command("createcachetable", database="owner", verbosity=0)
        try:
            return _told(vouched, asked)
        finally:
            connections.close_all()


def _told(vouched: dict[str, str], asked: list[dict[str, list[str]]]) -> dict[str, Any]:
    user = build_commission().users[RoleCode.COUNTY_OFFICER]
    told: dict[str, Any] = {}
    vouched["staff_number"] = "NOBODY"
    told["unknown"] = _arrive(Client())[1]
    vouched["staff_number"] = user.staff_number
    first = Client()
    there, back = _arrive(first)
    told["challenge"] = parse_qs(urlsplit(there).query)["code_challenge_method"]
    told["secret"] = asked[-1]["client_secret"]
    told["first"], told["then"] = back, first.get("/me/").headers.get("Location")
    phone = enrol(first)
    told["enrolled"] = first.get("/me/").status_code
    second = Client()
    told["second"] = _arrive(second)[1]
    told["before_code"] = second.get("/me/").status_code
    second.post("/account/code/", {"code": phone.code()})
    told["after_code"] = second.get("/me/").status_code
    settings.XIEZHI_OIDC_MFA = True
    third = Client()
    told["vouched_for_two"] = (_arrive(third)[1], third.get("/me/").status_code)
    User.objects.filter(pk=user.pk).update(is_active=False)
    told["disabled"] = _arrive(Client())[1]
    told["stored"] = SocialAccount.objects.count()
    told["ways"] = [event.details["ways"] for event in events("account.signed_in")]
    told["failures"] = [event.details["step"] for event in events("account.sign_in_failed")]
    told["by_get"] = Client().get("/account/directory/site/").status_code
    told["forged"] = Client().get("/account/directory/site/back/?code=c&state=forged").headers.get("Location")
    return told


def _arrive(client: Client) -> tuple[str, str]:
    """To the directory, which says yes, and back: where it sent the person, and where they ended."""
    there = client.post("/account/directory/site/").headers["Location"]
    state = parse_qs(urlsplit(there).query)["state"][0]
    back = client.get("/account/directory/site/back/", {"code": "c", "state": state})
    return there, back.headers["Location"]
