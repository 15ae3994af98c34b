"""What axe finds serious on a page. axe is injected, which the platform's own policy forbids: the context must bypass it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

import xiezhi.web.kit

AXE = Path(xiezhi.web.kit.__file__).parent / "frontend" / "for_tests" / "axe" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ASK = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"


def findings(page: Page) -> list[str]:
    """One line a violation that is serious or critical: its rule, and the first places."""
    page.add_script_tag(path=AXE)
    found = []
    for violation in page.evaluate(ASK, TAGS)["violations"]:
        if violation["impact"] in ("serious", "critical"):
            where = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
            found.append(f"{violation['id']} ({violation['impact']}) {where}")
    return found
