"""A picture of every kind of screen, in both languages and at both widths, to be looked at:

    python -m tests.browser.shoot OUT --port 8000 --axe      with `xiezhi demo` running and XIEZHI_HOME its folder

Each screen is taken once, with a telling object, as a role that sees it. `--only alerts` takes those whose name holds the word.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tests.browser.accessibility import findings
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.screens import SCREENS, Screen

SIZES = {"desk": (1366, 768), "phone": (390, 844)}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
STILL = "*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent !important; }"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--only", nargs="*", default=[""], help="part of a screen's name")
    parser.add_argument("--sizes", nargs="*", choices=SIZES, default=list(SIZES))
    parser.add_argument("--languages", nargs="*", choices=LANGUAGES, default=list(LANGUAGES))
    parser.add_argument("--themes", nargs="*", choices=("light", "dark"), default=["light"])
    parser.add_argument("--axe", action="store_true", help="also say what axe finds serious on each")
    asked = parser.parse_args()
    wanted = [screen for screen in SCREENS if any(part in screen.name for part in asked.only)]
    links = _links(asked.port)
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for who, screens in _by_person(wanted).items():
            visit = Visit(browser, f"http://127.0.0.1:{asked.port}", links.get(who, ""), axe=asked.axe)
            for language in asked.languages:
                visit.speak(LANGUAGES[language])
                for screen in screens:
                    for theme, size in _looks(asked.themes, asked.sizes):
                        visit.shoot(screen, asked.out / f"{screen.name}-{size}-{theme}-{language}.png", SIZES[size], theme)
            visit.context.close()
        browser.close()


class Visit:
    """One person at the platform; nobody where there is no link."""

    def __init__(self, browser: Browser, site: str, link: str, *, axe: bool) -> None:
        self.site, self.axe = site, axe
        self.context: BrowserContext = browser.new_context(locale="zh-CN", bypass_csp=True)
        self.page: Page = self.context.new_page()
        self.page.goto(link or f"{site}/account/login/")
        self.found: dict[tuple[str, str], str] = {}

    def speak(self, language: str) -> None:
        """On the server, for the person. A page for paper has no token, so this begins at home."""
        self.page.goto(f"{self.site}/")
        token = self.page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""
        self.context.request.post(
            f"{self.site}/me/language/", form={"language": language, "csrfmiddlewaretoken": token}, headers={"Referer": self.site}
        )

    def shoot(self, screen: Screen, to: Path, size: tuple[int, int], theme: str) -> None:
        page = self.page
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        address = self._address(screen)
        if address is None:
            print(f"{screen.name}: nothing to follow ({screen.follow})", file=sys.stderr)
            return
        answer = page.goto(self.site + address)
        page.wait_for_load_state("networkidle")
        page.add_style_tag(content=STILL)
        if screen.click and page.locator(screen.click).first.is_visible():
            _click(page, screen.click, to.name)
        _unroll(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
            print(f"{to.name}: the page is wider than the screen", file=sys.stderr)
        if answer is not None and answer.status >= 400 and not screen.name.startswith("error"):
            print(f"{to.name}: {answer.status} {address}", file=sys.stderr)
        if theme != page.locator("html").get_attribute("data-bs-theme"):
            print(f"{to.name}: not {theme}", file=sys.stderr)
        for finding in findings(page) if self.axe else ():
            print(f"{to.name}: axe: {finding}", file=sys.stderr)
        page.screenshot(path=to, full_page=not page.locator(".offcanvas.show, .modal.show, .dropdown-menu.show").count())

    def _address(self, screen: Screen) -> str | None:
        key = (screen.path, screen.follow)
        if screen.follow and key not in self.found:
            self.page.goto(self.site + screen.path)
            link = self.page.locator(screen.follow).first
            if not link.count():
                return None
            self.found[key] = link.get_attribute("href") or link.get_attribute("hx-get") or ""
        return (self.found[key] if screen.follow else screen.path) + screen.plus


def _click(page: Page, what: str, name: str) -> None:
    try:
        page.locator(what).first.click(timeout=3000)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(1500)
        page.evaluate("scrollTo(0, 0)")
    except PlaywrightError as error:
        print(f"{name}: {what} could not be clicked: {error.message.splitlines()[0]}", file=sys.stderr)


def _unroll(page: Page) -> None:
    """Charts are drawn when scrolled to: to the end and back, so that the picture has them all."""
    if page.locator("[data-chart]:not([data-drawn]), .graph:not([data-drawn])").count():
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.wait_for_timeout(500)
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(300)


def _links(port: int) -> dict[str, str]:
    """A sign-in link for each person, where XIEZHI_HOME is the demonstration's."""
    command = [sys.executable, "-m", "xiezhi", "demo-links", "--port", str(port), "--format", "json"]
    made = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {"XIEZHI_MODE": "demo"})
    return {one["username"]: one["link"] for one in json.loads(made.stdout)}


def _by_person(screens: Iterable[Screen]) -> dict[str, list[Screen]]:
    found: dict[str, list[Screen]] = defaultdict(list)
    for screen in screens:
        found[screen.who].append(screen)
    return found


def _looks(themes: list[str], sizes: list[str]) -> Iterator[tuple[str, str]]:
    """Dark is looked at on the desk only."""
    return ((theme, size) for theme in themes for size in sizes if theme == "light" or size == "desk")


if __name__ == "__main__":
    main()
