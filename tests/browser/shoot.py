"""A picture of every screen, in both languages and at both widths, to be looked at:

    python -m tests.browser.shoot OUT --port 8000       with `xiezhi demo` running

Each role's pages are found by walking its links, one of a kind.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.crawler import Crawler

SIZES = {"desk": (1366, 768), "phone": (360, 740)}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
THEMES = ("light", "dark")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--who", nargs="*", default=["officer1", "analyst", "leader", "civil", "sysadmin", "secadmin", "auditor", "town1"]
    )
    parser.add_argument("--themes", nargs="*", default=["light"])
    asked = parser.parse_args()
    made = subprocess.run(
        [sys.executable, "-m", "xiezhi", "demo-links", "--port", str(asked.port), "--each", "10", "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    links: dict[str, list[str]] = {}
    for one in json.loads(made.stdout):
        links.setdefault(one["username"], []).append(one["link"])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for who in asked.who:
            crawler = Crawler(f"http://127.0.0.1:{asked.port}", limit=60, alike=1)
            crawler.enter(links[who].pop())
            pages = [answer.url for answer in crawler.walk() if answer.status == 200 and "<html" in answer.text[:600]]
            shoot(browser, asked.out / who, links[who], pages, asked.themes)
        browser.close()


def shoot(browser: Browser, folder: Path, links: list[str], pages: list[str], themes: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for size, (width, height) in SIZES.items():
        for theme in themes:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme="dark" if theme == "dark" else "light"
            )
            page = context.new_page()
            page.goto(links.pop())
            for short, language in LANGUAGES.items():
                page.context.request.post(
                    re.sub(r"(//[^/]+).*", r"\1/language/", pages[0]), form={"language": language, **_token(page)}
                )
                for number, url in enumerate(pages):
                    page.goto(url)
                    page.wait_for_load_state("networkidle")
                    page.screenshot(path=folder / f"{number:02d}-{_name(url)}-{size}-{theme}-{short}.png")
            context.close()


def _token(page: object) -> dict[str, str]:
    value = page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")  # type: ignore[attr-defined]
    return {"csrfmiddlewaretoken": value or ""}


def _name(url: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", url.split("/", 3)[-1]).strip("-")[:50] or "home"


if __name__ == "__main__":
    main()
