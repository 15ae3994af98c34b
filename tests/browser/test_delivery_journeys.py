"""Deliveries: sent with faults, mended and sent again; what is due; from a dataset down to the models that need it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, search

Enter = Callable[..., Page]
PERSON = "99010619491231002X"
DIBAO = (
    "低保证号,身份证号,姓名,低保类别,起始月份\n"
    f"B1,{PERSON},王小明,城市,2025-01\nB2,990106194912310021,李四,城市,2025-01\nB3,,赵五,城市,2025-01\n"
)
"""One sound row, one with a wrong check digit, one without an id."""


def confirm(page: Page) -> None:
    """What is shown before it is sent names nobody; then it is sent."""
    button = page.get_by_role("button", name=re.compile("确认报送"))
    expect(button).to_be_visible(timeout=60_000)
    expect(page.locator("#batch")).to_contain_text("按表头识别")
    assert PERSON not in page.content()
    button.click()


def test_a_delivery_with_faults_is_mended_and_sent_again(enter: Enter, tmp_path: Path) -> None:
    first = tmp_path / "低保名册补报.csv"
    first.write_text(DIBAO, encoding="utf-8")
    page = enter("civil", "/deliveries/upload/")
    page.locator("#id_files").set_input_files(first)
    expect(page.locator("[data-chosen]")).to_contain_text("低保名册补报.csv")
    page.get_by_role("button", name="上传", exact=True).click()
    confirm(page)
    expect(page.locator("#batch .state").first).to_have_text(re.compile("已接收|接收"), timeout=60_000)
    page.get_by_role("link", name=re.compile("第 .* 号")).first.click(timeout=60_000)
    expect(page.locator("main")).to_contain_text("退回原因")
    assert "990106194912310021" not in page.content(), "an id in clear stands in the file to mend only"
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载退回行").click()
    returned = waiting.value.path().read_text("utf-8-sig")
    assert "退回原因" in returned.splitlines()[0]
    mended = tmp_path / "低保名册改正.csv"
    mended.write_text(
        DIBAO.replace("990106194912310021", "990106194912310177").replace("B3,,", "B3,990106194912310257,"), encoding="utf-8"
    )
    page.goto(re.sub(r"/deliveries/.*", "/deliveries/upload/", page.url))
    page.locator("#id_files").set_input_files(mended)
    page.get_by_role("button", name="上传", exact=True).click()
    confirm(page)
    page.get_by_role("link", name=re.compile("第 .* 号")).first.click(timeout=60_000)
    accepted = page.locator("p.sum")
    expect(accepted).to_contain_text(re.compile(r"交付行\s*3"))
    expect(accepted).to_contain_text(re.compile(r"退回\s*0"))


def test_what_is_no_table_is_refused_with_what_to_do(enter: Enter, tmp_path: Path) -> None:
    wrong = tmp_path / "说明.pdf"
    wrong.write_bytes(b"%PDF-1.4 nothing")
    page = enter("civil", "/deliveries/upload/")
    page.locator("#id_files").set_input_files(wrong)
    expect(page.locator("[data-chosen]")).to_contain_text("不收这种文件")


def test_what_is_late_leads_to_a_reminder_or_says_whom_to_ask(enter: Enter) -> None:
    page = enter("analyst", "/deliveries/calendar/")
    page.get_by_role("button", name="催报").first.click()
    modal = page.locator("#modal-content")
    expect(modal).to_contain_text("期逾期未交")
    modal.get_by_role("button", name="催报").click()
    expect(page.get_by_text(re.compile("今日已催|请管理员设置数据联络员")).first).to_be_visible()


def test_from_a_dataset_to_its_fields_and_the_models_that_need_it(enter: Enter) -> None:
    page = enter("officer1", "/catalogue/")
    search(page, "死亡")
    page.locator("tbody a[data-open]").first.click()
    expect(page.locator("h1")).to_contain_text("死亡")
    expect(page.locator("#lineage .graph")).to_be_visible()
    page.locator("#lineage a", has_text="SUB-001").first.click()
    expect(page.locator("h1")).to_have_text("死亡人员领取补贴")


def test_quality_over_time(enter: Enter, site: Site) -> None:
    page = enter("analyst", "/deliveries/quality/")
    page.locator(".panel li a").first.click()
    expect(page.locator(".chart").first).to_be_visible()
    expect(page.locator("canvas").first).to_be_visible()
