"""axe on every kind of page each kind of role can reach: nothing serious, at the desk and on the phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

import xiezhi.web.kit
from tests.browser.conftest import Site
from tests.browser.crawler import Crawler

AXE = Path(xiezhi.web.kit.__file__).parent / "frontend" / "for_tests" / "axe" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = {"desk": (1366, 768), "phone": (360, 740)}
ASK = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"


LOOKED_AT = [
    ("officer1", "desk"),
    ("officer1", "phone"),
    ("analyst", "desk"),
    ("civil", "phone"),
    ("secadmin", "desk"),
    ("auditor", "desk"),
]


@pytest.mark.parametrize(("username", "width"), LOOKED_AT)
def test_axe_finds_nothing_serious(site: Site, browser: Browser, username: str, width: str) -> None:
    crawler = Crawler(site.url, limit=24, alike=1)
    crawler.enter(site.link(username))
    pages = [answer.url for answer in crawler.walk() if answer.status == 200 and "<html" in answer.text[:600]]
    # axe is injected, which the platform's own policy forbids: the policy itself is watched in every other browser test.
    context = browser.new_context(viewport=dict(zip(("width", "height"), WIDTHS[width], strict=True)), bypass_csp=True)
    page = context.new_page()
    page.goto(site.link(username))
    found = []
    for url in pages:
        page.goto(url)
        page.wait_for_load_state("networkidle")
        page.add_script_tag(path=AXE)
        for violation in page.evaluate(ASK, TAGS)["violations"]:
            if violation["impact"] in ("serious", "critical"):
                where = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
                found.append(f"{url}: {violation['id']} ({violation['impact']}) {where}")
    context.close()
    assert found == []
