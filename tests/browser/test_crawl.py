"""As every role, every page that links lead to: none broken, none naming anyone in clear, all under the strict policy."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Site
from tests.browser.crawler import Answer, Crawler
from xiezhi.web.accounts.roles import RoleCode
from xiezhi.web.demonstration.commission import plan

MOST = 60
"""Pages of each person, one of each kind first."""
PEOPLE = [person.username for person in plan().people if person.role is not RoleCode.MACHINE]
WITH_DOWNLOADS = ("civil", "finance", "analyst", "analyst2")
"""They may fetch rows to mend, which are theirs and in clear: everything else they see is held to the same."""


@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_a_role_can_reach(site: Site, username: str) -> None:
    crawler = Crawler(site.url, limit=MOST, alike=1)
    crawler.enter(site.link(username))
    pages, problems = 0, []
    for answer in crawler.walk():
        pages += 1
        problems += _problems(answer, username)
    assert problems == []
    assert pages >= 3


def _problems(answer: Answer, username: str) -> list[str]:
    found = [] if answer.status in (200, 204, 304) else [f"{answer.url} answered {answer.status}"]
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        found.append(f"{answer.url}: policy {policy!r}")
    own_rows = username in WITH_DOWNLOADS and "attachment" in answer.headers.get("Content-Disposition", "")
    return found if own_rows else found + answer.identities()


def test_the_crawler_notices_identities() -> None:
    text = "身份证号 990101199003072316 卡号 6217991234567890123 电话 13800001234 掩码 990101********2316"
    assert len(Answer("x", 200, text, {}).identities()) == 3
