"""The sample in a real Chromium, under the platform's policy: no violation, nothing on the console, everything works.

Skipped with a warning where there is no Chromium: then nothing here has been looked at.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from xiezhi.web.kit import assets

CHROMIUM = next(filter(None, (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))), None)
SIZES = {"desk": (1366, 768), "phone": (360, 740)}
WATCH = """window.violated = []
addEventListener('securitypolicyviolation', e => window.violated.push(e.violatedDirective + ' ' + e.blockedURI))"""
# A form that is not accepted is answered 422, a conflict 409; Chromium, and htmx, report these on the console.
EXPECTED = ("422 (Unprocessable", "409 (Conflict", "Error Code 409 from /refuse/")
SHOTS = os.environ.get("XIEZHI_SHOTS", "")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="NO CHROMIUM HERE: the browser tests of the kit did not run")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


@contextmanager
def opened(
    browser: Browser, size: str = "desk", theme: str = "light", *, complaints: list[str] | None = None, **options: Any
) -> Iterator[Page]:
    """A page that collects complaints; asserts at the end that there were none, unless the caller collects them itself."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, locale="zh-CN", **options)  # type: ignore[arg-type]
    page, found = context.new_page(), [] if complaints is None else complaints
    page.add_init_script(WATCH)
    page.on(
        "console",
        lambda said: found.append(said.text) if said.type in ("error", "warning") and not _expected(said.text) else None,
    )
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", lambda asked: found.append(asked.url) if not asked.url.startswith(("http://127.0.0.1", "data:")) else None)
    yield page
    found += page.evaluate("window.violated || []")
    context.close()
    if complaints is None:
        assert found == []


def _expected(text: str) -> bool:
    return any(part in text for part in EXPECTED)


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"kit-{name}.png")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_every_part_works_and_nothing_complains(browser: Browser, sample_site: str, size: str, theme: str) -> None:
    with opened(browser, size, theme) as page:
        page.goto(sample_site + "/overview/")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        expect(page.locator(".job.good")).to_be_visible()
        for part in page.locator(".chart, .graph").all():
            part.scroll_into_view_if_needed()
            expect(part).to_have_attribute("data-watched", "")
        expect(page.locator(".chart[data-drawn]")).to_have_count(9)
        for part in page.locator(".chart[data-drawn]").all():
            part.hover()  # a tooltip in HTML would write style attributes
        expect(page.locator(".chart-waiting")).to_have_text("没有数据")
        expect(page.locator(".graph[data-drawn]")).to_have_count(1)
        expect(page.locator("#disclosed")).to_be_hidden()
        page.locator("#disclose").click()
        expect(page.locator("#disclosed")).to_be_visible()
        page.locator("#refused").click()
        expect(page.locator(".say.bad")).to_contain_text("内容已被他人改动")
        shot(page, f"overview-{theme}-{size}")
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0], "the page scrolls sideways"


@pytest.mark.parametrize("size", list(SIZES))
def test_drawer_and_modal(browser: Browser, sample_site: str, size: str) -> None:
    with opened(browser, size) as page:
        page.goto(sample_site)
        page.locator("[data-open]").nth(1).click()
        expect(page.locator("#drawer .drawer-head h2")).to_contain_text("YJ-2026-01839")
        expect(page.locator("#drawer .graph[data-drawn]")).to_be_visible()
        page.wait_for_timeout(400)
        shot(page, f"drawer-{size}")
        page.keyboard.press("Escape")
        expect(page.locator("#drawer")).to_be_hidden()
        page.locator(".heading .btn-primary").click()
        page.locator("#modal .btn-danger").click()
        expect(page.locator("#modal .error-summary")).to_contain_text("有 3 处需要修改")
        page.get_by_label("数据有误").check()
        page.get_by_label("理由").fill("报送单位核对后确认为录入错误。")
        page.get_by_label("已与报送单位核对").check()
        page.locator("#modal .btn-danger").click()
        expect(page.locator(".say.good")).to_have_text("已驳回✕")
        expect(page.locator("#modal")).to_be_hidden()


def test_a_list_is_filtered_without_a_new_page(browser: Browser, sample_site: str) -> None:
    with opened(browser) as page:
        page.goto(sample_site)
        page.evaluate("window.same = true")
        page.locator("#id_level").select_option("red")
        page.get_by_role("button", name="查询").click()
        expect(page.locator(".toolbar .total")).to_have_text("共 78 条")
        expect(page.locator(".level-orange").nth(1)).to_have_count(0)
        assert page.evaluate("window.same") is True
        assert "level=red" in page.url
        expect(page.locator("[data-columns] label")).to_have_count(8)
        page.get_by_role("button", name="更多条件").click()
        expect(page.get_by_label("起始日")).to_be_visible()


def test_rows_are_picked_and_columns_hidden(browser: Browser, sample_site: str) -> None:
    with opened(browser) as page:
        page.goto(sample_site)
        page.locator("[data-pick]").nth(2).check()
        expect(page.locator("[data-picked-count]")).to_have_text("已选 1 项")
        page.locator("[data-pick-all]").check()
        expect(page.locator("[data-picked-count]")).to_have_text("已选 20 项")
        page.locator("[data-picked-clear]").click()
        expect(page.locator("[data-picked]")).to_be_hidden()
        page.get_by_role("button", name="显示的列").click()
        page.locator("[data-columns] label", has_text="单位").click()
        expect(page.locator('th[data-column="unit"]')).to_be_hidden()
        page.reload()
        expect(page.locator('th[data-column="unit"]')).to_be_hidden()
        page.get_by_role("button", name="行高").click()
        expect(page.locator("body")).to_have_class("compact")


def test_a_list_is_worked_by_keys_alone(browser: Browser, sample_site: str) -> None:
    with opened(browser) as page:
        page.goto(sample_site)
        for key in ("j", "j", "j", "k"):
            page.keyboard.press(key)
        expect(page.locator("tr.here [data-open]")).to_have_text("YJ-2026-01839")
        page.keyboard.press("x")
        expect(page.locator("[data-picked-count]")).to_have_text("已选 1 项")
        page.keyboard.press("Enter")
        expect(page.locator("#drawer .drawer-head h2")).to_contain_text("YJ-2026-01839")
        expect(page.locator("#drawer")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#drawer")).to_be_hidden()
        page.keyboard.press("/")
        expect(page.locator("#id_q")).to_be_focused()
        page.keyboard.type("j?")
        expect(page.locator("#id_q")).to_have_value("j?")
        page.locator("h1").click()
        page.keyboard.press("?")
        expect(page.locator("#shortcuts")).to_be_visible()


def test_the_theme_is_chosen_kept_and_light_on_paper(browser: Browser, sample_site: str) -> None:
    with opened(browser) as page:
        page.goto(sample_site)
        page.get_by_role("button", name="外观").click()
        page.get_by_role("button", name="深色").click()
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        page.reload()
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        page.emulate_media(media="print")
        expect(page.locator(".bar")).to_be_hidden()
        expect(page.locator(".watermark")).to_be_visible()


def test_english_is_complete_on_the_frame(browser: Browser, sample_site: str) -> None:
    with opened(browser) as page:
        page.goto(sample_site)
        page.get_by_role("button", name="语言").click()
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator(".toolbar .total")).to_have_text("236 in all")
        expect(page.get_by_role("button", name="More filters")).to_be_visible()
        shot(page, "english")


def test_every_error_page_says_what_to_do(browser: Browser, sample_site: str) -> None:
    with opened(browser) as page:
        for code in ("400", "403", "403_csrf", "404", "500", "503"):
            page.goto(f"{sample_site}/failure/{code}/")
            expect(page.locator(".failure li")).to_have_count(2)
            expect(page.get_by_role("link", name="回首页")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/overview/", "/form/", "/paper/", "/failure/404/"])
@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("phone", "dark")])
def test_axe_finds_nothing_serious(browser: Browser, sample_site: str, path: str, size: str, theme: str) -> None:
    with opened(browser, size, theme, complaints=[], bypass_csp=True, reduced_motion="reduce") as page:
        page.goto(sample_site + path)
        page.wait_for_timeout(300)
        page.add_script_tag(path=assets.FOR_TESTS / "axe" / "axe.min.js")
        result = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
        serious = [v for v in result["violations"] if v["impact"] in ("serious", "critical")]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in serious] == []
        assert len(result["passes"]) > 10, "axe looked at nothing"


def test_buttons_on_a_phone_are_large_enough(browser: Browser, sample_site: str) -> None:
    with opened(browser, "phone") as page:
        for path in ("/", "/overview/", "/form/"):
            page.goto(sample_site + path)
            small = page.evaluate(
                "[...document.querySelectorAll('button, .btn, .nav-link, .pager a, .form-control, .form-select, .actions a')]"
                ".map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])"
                ".filter(([_, r]) => r.width && r.height < 43.5).map(([h]) => h)"
            )
            assert small == []


def test_a_planted_violation_and_error_are_noticed(browser: Browser, sample_site: str) -> None:
    complaints: list[str] = []
    with opened(browser, complaints=complaints) as page:
        page.goto(sample_site)
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
        page.wait_for_timeout(100)
    assert any("style-src" in said for said in complaints)
