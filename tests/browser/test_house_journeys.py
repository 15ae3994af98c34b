"""What every page has: both languages, dark and light, the phone, the keyboard, and pages that say what to do next."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site, Watch

Enter = Callable[..., Page]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_the_language_is_changed_and_changed_back(enter: Enter) -> None:
    page = enter("analyst", "/rules/runs/")
    expect(page.locator("h1")).to_have_text("模型运行")
    page.get_by_role("button", name="语言").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Runs")
    assert not CHINESE.search(page.locator("nav").first.inner_text().replace("獬豸", ""))
    page.get_by_role("button", name="Language").click()
    page.get_by_role("button", name="中文").click()
    expect(page.locator("h1")).to_have_text("模型运行")


def test_dark_is_kept_over_pages(enter: Enter) -> None:
    page = enter("officer1")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="外观").click()
    with page.expect_response("**/me/theme/"):
        page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.goto(page.url + "alerts/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_a_phone_has_a_menu_and_no_sideways_scrolling(enter: Enter, context: BrowserContext) -> None:
    page = enter("officer1")
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("", "alerts/", "deliveries/calendar/", "rules/SUB-001/"):
        page.goto(re.sub(r"(//[^/]+/).*", r"\1", page.url) + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), path
    page.get_by_role("button", name="打开导航").click()
    page.locator("#side-drawer").get_by_role("link", name="预警", exact=True).click()
    expect(page.locator("h1")).to_have_text("预警")


def test_a_list_is_worked_by_keyboard(enter: Enter) -> None:
    page = enter("conduct", "/alerts/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-picked-count]")).to_contain_text("1")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer-content")).to_contain_text("2026-")
    expect(page.locator(".offcanvas.show")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".offcanvas.show")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.get_by_label("搜索")).to_be_focused()
    page.keyboard.type("补贴")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr").first).to_contain_text("补贴")
    page.keyboard.press("Escape")


def test_what_is_forbidden_or_not_there_says_what_to_do(enter: Enter, site: Site) -> None:
    page = enter("civil")
    for path, status in (("/alerts/", 403), ("/rules/", 403), ("/nothing/", 404), ("/deliveries/999999/", 404)):
        answer = page.goto(site.url + path)
        assert answer is not None
        assert answer.status == status
        expect(page.get_by_role("link", name=re.compile("首页|工作台|返回")).first).to_be_visible()


def test_nothing_found_offers_the_way_back(enter: Enter, site: Site) -> None:
    page = enter("officer1", "/alerts/?q=不存在的词句")
    page.get_by_role("link", name="查看全部").click()
    expect(page.locator("tbody tr").first).to_contain_text("2026-")
    page.goto(site.url + "/rules/changes/?state=returned")
    page.get_by_role("link", name="打开模型库").click()
    expect(page.locator("h1")).to_have_text("模型库")


def test_every_workbench_leads_on(enter: Enter) -> None:
    """One person of each kind of work: their first thing to do, or their first figure, opens a page."""
    for username in ("leader", "officer1", "analyst", "county1", "town1", "civil", "auditor", "secadmin"):
        page = enter(username)
        expect(page.locator("h1")).to_contain_text("您好")
        page.locator("ul.to-do a, a.key-figure").first.click()
        expect(page.locator("h1")).not_to_contain_text("您好")
        page.close()


def test_a_violation_of_the_policy_would_be_noticed(enter: Enter, watch: Watch) -> None:
    """Also on a page that the browser has left since."""
    page = enter("officer1")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=\"http://192.0.2.1/x.png\" alt=\"\">')")
    page.wait_for_timeout(200)
    page.goto(page.url + "alerts/")
    found = " ".join(watch.problems)
    watch.problems.clear()
    assert "policy: img-src" in found
