"""Models: found, read, tried, changed by two people, run; and what that does to alerts."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, search

Enter = Callable[..., Page]
LONG = 90_000
"""Milliseconds: a run of all models on a machine that does other things."""


def test_a_model_is_found_and_read_through(enter: Enter) -> None:
    page = enter("analyst2", "/rules/")
    search(page, "死亡")
    page.get_by_role("link", name="死亡人员领取补贴").click()
    for tab, said in (
        ("参数", "出厂值"),
        ("案例", "预期命中"),
        ("评估覆盖", "应评估行"),
        ("历次运行", "命中数的变化"),
        ("查准率", "区间"),
        ("数据来源", "读取的列"),
        ("SQL", "SELECT"),
    ):
        page.locator(".nav-tabs").get_by_role("link", name=tab, exact=True).click()
        expect(page.locator("main")).to_contain_text(said)
    expect(page.locator("h1")).to_have_text("死亡人员领取补贴")


def test_cases_are_run_on_the_spot(enter: Enter) -> None:
    page = enter("analyst2", "/rules/SUB-002/?tab=cases")
    page.get_by_role("button", name="现在运行案例").click()
    expect(page.get_by_text("通过", exact=True).first).to_be_visible(timeout=LONG)
    expect(page.get_by_text("未通过")).to_have_count(0)


def test_lineage_leads_from_a_model_to_a_dataset_and_back(enter: Enter) -> None:
    page = enter("officer1", "/rules/SUB-001/?tab=lineage")
    page.locator("table a").first.click()
    expect(page).to_have_url(re.compile("/catalogue/"))
    page.locator("#lineage").get_by_role("link", name="SUB-001").click()
    expect(page).to_have_url(re.compile("/rules/SUB-001/"))


def test_a_parameter_is_tried_proposed_approved_and_run(enter: Enter, site: Site) -> None:
    page = enter("conduct", "/rules/SUB-003/try/")
    form = page.locator("form[data-guard]")
    form.locator("[name=min_overpaid]").fill("999999999")
    form.get_by_role("button", name="试算").click()
    expect(page.locator(".field-error").first).to_be_visible()
    form.locator("[name=min_overpaid]").fill("1000")
    form.get_by_role("button", name="试算").click()
    expect(page).to_have_url(re.compile("/rules/tried/"), timeout=LONG)
    leaving = int(page.locator("a.key-figure", has_text="退出").locator(".value").inner_text())
    assert leaving > 0
    page.get_by_role("link", name="以此提出变更").click()
    page.locator("#modal-content [name=why]").fill("小额由乡镇自查")
    page.locator("#modal-content").get_by_role("button", name="提出").click()
    expect(page).to_have_url(re.compile("/rules/changes/"))
    expect(page.get_by_role("link", name="批准")).to_have_count(0)
    change = page.url
    page.close()

    other = enter("leader", "/")
    other.goto(change)
    other.get_by_role("link", name="批准", exact=True).click()
    other.locator("#modal-content").get_by_role("button", name="批准").click()
    expect(other.locator(".state", has_text="已生效")).to_be_visible()
    other.close()

    analyst = enter("analyst", "/rules/runs/")
    analyst.get_by_role("button", name="现在运行全部模型").click()
    expect(analyst.get_by_role("link", name="#2")).to_be_visible(timeout=LONG)
    analyst.goto(site.url + "/rules/SUB-003/?tab=parameters")
    expect(analyst.locator("strong", has_text="1,000.00 元")).to_be_visible()
    for _ in range(60):
        analyst.goto(site.url + "/alerts/?rule=SUB-003&hit_state=gone")
        if analyst.locator("tbody a[data-open]").count() == leaving:
            break
        analyst.wait_for_timeout(1000)
    expect(analyst.locator("tbody a[data-open]")).to_have_count(leaving)


def test_a_status_is_proposed_and_returned_with_a_reason(enter: Enter) -> None:
    page = enter("conduct", "/rules/MED-049/")
    page.get_by_role("link", name="变更状态").click()
    page.locator("#modal-content").get_by_label("停用").check()
    page.locator("#modal-content [name=why]").fill("数据质量不足")
    page.locator("#modal-content").get_by_role("button", name="提出").click()
    expect(page.locator(".state", has_text="待批准")).to_be_visible()
    change = page.url
    page.close()
    other = enter("analyst")
    other.goto(change)
    other.get_by_role("link", name="退回").click()
    other.locator("#modal-content").get_by_role("button", name="退回").click()
    expect(other.locator("#modal-content .field-error").first).to_be_visible()
    other.locator("#modal-content [name=why]").fill("先补数据")
    other.locator("#modal-content").get_by_role("button", name="退回").click()
    expect(other.locator(".timeline")).to_contain_text("先补数据")


def test_coverage_says_how_much_and_why_not(enter: Enter) -> None:
    page = enter("county1", "/rules/coverage/")
    expect(page.locator("main")).to_contain_text("应评估行")
    page.locator("table.table-list a[data-open]").first.click()
    expect(page).to_have_url(re.compile("tab=coverage"))
