"""axe on every kind of page each kind of role can reach: nothing serious, at the desk and on the phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

import xiezhi.web.kit
from tests.browser.conftest import Site
from tests.browser.crawler import Crawler

AXE = Path(xiezhi.web.kit.__file__).parent / "frontend" / "for_tests" / "axe" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = {"desk": (1366, 768), "phone": (390, 844)}
FEWEST = 3
ASK = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"


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
    # axe is injected, which the platform's own policy forbids: the policy itself is watched in every other browser test.
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    context = browser.new_context(viewport=size, bypass_csp=True, color_scheme=theme, locale=language)  # type: ignore[arg-type]
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
        page.add_script_tag(path=AXE)
        for violation in page.evaluate(ASK, TAGS)["violations"]:
            if violation["impact"] in ("serious", "critical"):
                where = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
                found.append(f"{url}: {violation['id']} ({violation['impact']}) {where}")
    if language == "en":  # the account keeps it, and other tests are people who read Chinese
        page.goto(site.url)
        page.get_by_role("button", name="Language").click()
        page.get_by_role("button", name="中文").click()
    context.close()
    assert found == []
