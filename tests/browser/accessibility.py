"""What axe finds serious on a page. axe is injected, which the platform's own policy forbids: the context must bypass it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

import xiezhi.web.kit

AXE = Path(xiezhi.web.kit.__file__).parent / "frontend" / "for_tests" / "axe" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ASK = """tags => {
  window.found = null;
  axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})
    .then(said => { window.found = said.violations; });
}"""
LONG = 120_000
"""Milliseconds that axe may take for a page. What is evaluated in a page has no limit, so it is begun, and asked for after."""


def findings(page: Page) -> list[str]:
    """One line a violation that is serious or critical: its rule, and the first places."""
    page.add_script_tag(path=AXE)
    page.evaluate(ASK, TAGS)
    page.wait_for_function("window.found !== null", timeout=LONG)
    found = []
    for violation in page.evaluate("window.found"):
        if violation["impact"] in ("serious", "critical"):
            where = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
            found.append(f"{violation['id']} ({violation['impact']}) {where}")
    return found
