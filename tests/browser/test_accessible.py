"""axe on pages that each kind of role reaches: nothing serious, at desk and phone. `shoot --axe` asks it of every screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.accessibility import findings
from tests.browser.conftest import PATIENCE, Site
from tests.browser.crawler import Crawler

WIDTHS = {"desk": (1366, 768), "phone": (390, 844)}
FEWEST = 3

LOOKED_AT = [
    ("officer1", "desk", "zh-CN", "light"),
    ("conduct", "phone", "zh-CN", "dark"),
    ("analyst", "desk", "en", "dark"),
    ("analyst", "phone", "en", "light"),
    ("civil", "phone", "zh-CN", "light"),
    ("secadmin", "desk", "zh-CN", "dark"),
    ("sysadmin", "desk", "en", "light"),
    ("auditor", "desk", "zh-CN", "light"),
]


@pytest.mark.parametrize(("username", "width", "language", "theme"), LOOKED_AT)
def test_axe_finds_nothing_serious(site: Site, browser: Browser, username: str, width: str, language: str, theme: str) -> None:
    crawler = Crawler(site.url, limit=12, alike=1)
    crawler.enter(site.link(username))
    pages = [answer.url for answer in crawler.walk() if answer.status == 200 and "<html" in answer.text[:600]]
    assert len(pages) >= FEWEST
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    context = browser.new_context(viewport=size, bypass_csp=True, color_scheme=theme, locale=language)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(site.link(username))
    if language == "en":
        page.get_by_role("button", name="语言").click()
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
    found = []
    for url in pages:
        page.goto(url)
        page.wait_for_timeout(150)  # charts and pictures are drawn
        found += [f"{url}: {one}" for one in findings(page)]
    if language == "en":  # the account keeps it, and other tests are people who read Chinese
        page.goto(site.url)
        page.get_by_role("button", name="Language").click()
        page.get_by_role("button", name="中文").click()
    context.close()
    assert found == []
