"""The manual in the product: on every page the link to its help, one's own guide first, and help before one is signed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import Context
from django.test import Client
from django.urls import reverse

from tests.web.people import Commission
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.accounts.viewer import acting_as
from xiezhi.web.audit.models import AuditEvent
from xiezhi.web.help import queries
from xiezhi.web.help.templatetags.help import help_here
from xiezhi.web.kit import navigation

As = Callable[[RoleCode], Client]
LINK = re.compile(r'href="(/help/(?:pages|entry)/[\w-]+/)">(?:<svg.*?</svg>)?本页帮助', re.DOTALL)
NEEDING_CONTENT = ("alerts:", "supervision:", "deliveries:", "catalogue:", "workbench:")
"""Their pages look into the lake or the content; their own tests open them."""


def linked(client: Client, address: str) -> list[str]:
    return LINK.findall(client.get(address).content.decode())


@pytest.mark.parametrize("role", [RoleCode.SUPERVISING_OFFICER, RoleCode.SYSTEM_ADMINISTRATOR, RoleCode.AUDITOR])
def test_every_entry_of_the_navigation_leads_to_a_page_with_its_help(
    commission: Commission, client_as: As, role: RoleCode
) -> None:
    client, viewer = client_as(role), commission.viewer(role)
    entries = [one for one in navigation.registered() if one.permission is None or viewer.can(one.permission)]
    opened = [one.url_name for one in entries if not one.url_name.startswith(NEEDING_CONTENT)]
    assert len(opened) > 3
    for route in opened:
        topic = queries.topic_of(route)
        assert topic is not None, route
        assert linked(client, reverse(route)) == [f"/help/pages/{topic.name}/"], route


def test_pages_without_navigation_have_it_at_their_foot(client_as: As) -> None:
    assert linked(client_as(RoleCode.AUDITOR), reverse("mfa_index")) == ["/help/entry/factors/"]
    assert linked(Client(), reverse("account_login")) == ["/help/entry/sign-in/"]


def test_a_page_of_no_route_has_none(db: None) -> None:
    assert help_here(Context({"request": SimpleNamespace(resolver_match=None)})) == ""
    assert help_here(Context({"request": SimpleNamespace(resolver_match=SimpleNamespace(view_name="nobody:knows"))})) == ""
    assert linked(Client(), "/no/such/page/") == []


def test_ones_own_guide_comes_first(client_as: As) -> None:
    page = client_as(RoleCode.TOWN_OFFICER).get("/help/")
    assert [one.name for one in page.context["own"]] == ["localities", "everybody"]
    assert {one.name for one in page.context["own"] + page.context["others"]} == set(queries.guides())
    assert page.content.decode().index("/help/guides/localities/") < page.content.decode().index("/help/guides/supervising/")


def test_a_guide_has_a_table_of_contents(client_as: As) -> None:
    page = client_as(RoleCode.SUPERVISING_HEAD).get("/help/guides/supervising/").content.decode()
    assert '<h2 id="part-1">五分钟走一遍</h2>' in page
    assert '<a href="#part-1" lang="zh-CN">五分钟走一遍</a>' in page
    assert 'href="/help/pages/workbench/"' in page


def test_a_page_of_help_says_who_may_open_the_page(client_as: As) -> None:
    client = client_as(RoleCode.VILLAGE_LIAISON)
    assert "谁能打开这个页面：安全审计员</p>" in client.get("/help/pages/trail/").content.decode()
    assert "谁能打开这个页面：登录的每个人</p>" in client.get("/help/pages/notices/").content.decode()
    assert "县区纪委监委干部、乡镇纪委干部</p>" in client.get("/help/pages/alert-moves/").content.decode(), (
        "not whoever may only look"
    )
    assert "谁能打开这个页面：不用登录</p>" in client.get("/help/pages/sign-in/").content.decode()


def test_who_reads_the_rest_has_signed_in(commission: Commission) -> None:
    for address in ("/help/", "/help/guides/supervising/", "/help/pages/alert/"):
        assert Client().get(address).status_code == 302, address
    assert Client().get("/help/entry/sign-in/").status_code == 200
    assert Client().get("/help/entry/alert/").status_code == 404, "only what is about signing in"


def test_whoever_enrols_their_factor_can_read_how(commission: Commission) -> None:
    user = commission.users[RoleCode.AUDITOR]
    user.authenticator_set.all().delete()
    client = Client()
    client.post("/account/login/", {"login": user.username, "password": "correct horse 9 Battery"})
    assert client.get("/help/")["Location"] == reverse("account_change_password"), "not yet"
    page = client.get("/help/entry/factors/")
    assert page.status_code == 200
    assert b"/notices/bell/" not in page.content, "everything else would be turned away"


def test_what_is_not_there_is_not_found(client_as: As) -> None:
    client = client_as(RoleCode.AUDITOR)
    for address in ("/help/guides/none/", "/help/pages/none/", "/help/entry/none/"):
        assert client.get(address).status_code == 404


def test_in_english_the_frame_is_english_and_says_that_the_text_is_not(client_as: As) -> None:
    client = client_as(RoleCode.AUDITOR)
    client.post(reverse("accounts:language"), {"language": "en", "next": "/help/"})
    assert "User manual" in client.get("/help/").content.decode()
    page = client.get("/help/pages/trail/").content.decode()
    assert "<h1>The trail</h1>" in page
    assert "The text of the manual is in Chinese only." in page
    assert "Who may open this page: Auditor" in page
    assert "Help for this page" in page


def test_reading_leaves_no_trace(commission: Commission, client_as: As) -> None:
    client, auditor = client_as(RoleCode.AUDITOR), commission.viewer(RoleCode.AUDITOR)

    def events() -> int:
        with acting_as(auditor):
            return AuditEvent.objects.count()

    client.get("/help/")
    before = events()
    client.get("/help/guides/auditor/")
    client.get("/help/pages/trail/")
    assert events() == before > 0


def test_the_policy_allows_all_that_a_page_brings(client_as: As) -> None:
    """No style and no script stands in the page itself."""
    page = client_as(RoleCode.AUDITOR).get("/help/pages/delivery/")
    assert "style-src 'self'" in page["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*(?:src=|application/json))", page.content.decode())
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["style-src"] == ["'self'"]
