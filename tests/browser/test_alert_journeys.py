"""Alerts: found, understood down to the delivered line, settled, put off, exported, and an identity opened by two."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site, search

Enter = Callable[..., Page]
Another = Callable[[], BrowserContext]


def open_alert(page: Page, site: Site, query: str) -> str:
    """The page of the first alert that a filter leaves; its number."""
    page.goto(f"{site.url}/alerts/?{query}")
    number = page.locator("tbody a[data-open]").first.inner_text()
    page.goto(f"{site.url}/alerts/{number}/")
    return number


def settle_more(page: Page, site: Site, query: str, *, several: int, outcome: str = "true", why: str = "已逐笔核实") -> int:
    """Settles the first `several` alerts that a filter leaves, in one decision; how many the page had shown."""
    page.goto(f"{site.url}/alerts/?{query}")
    boxes = page.locator("tbody [data-pick]").all()
    for box in boxes[:several]:
        box.check()
    page.locator("[data-picked]").get_by_role("button", name="了结").click()
    modal = page.locator("#modal-content")
    modal.locator("[name=outcome]").select_option(outcome)
    modal.locator("[name=why]").fill(why)
    with page.expect_navigation():
        modal.locator("button.btn-primary").click()
    return len(boxes)


def test_a_filter_is_kept_as_a_view(enter: Enter) -> None:
    page = enter("conduct", "/alerts/")
    page.get_by_role("button", name="更多条件").click()
    page.locator("[name=line]").select_option("subsidy")
    page.get_by_role("button", name="查询").click()
    expect(page).to_have_url(re.compile("line=subsidy"))
    total = page.locator(".toolbar .total").inner_text()
    page.get_by_role("button", name="我的视图").click()
    page.get_by_role("button", name="保存当前条件").click()
    page.locator("#modal-content [name=name]").fill("惠民补贴")
    with page.expect_navigation():
        page.locator("#modal-content button.btn-primary").click()
    page.goto(re.sub(r"\?.*", "", page.url))
    page.get_by_role("button", name="我的视图").click()
    page.get_by_role("link", name="惠民补贴").click()
    expect(page.locator(".toolbar .total")).to_have_text(total)


def test_sorting_and_the_next_page(enter: Enter) -> None:
    page = enter("leader", "/alerts/?size=20")
    page.get_by_role("link", name="金额（元）").click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("金额")
    first = page.locator("tbody tr").first.inner_text()
    page.locator(".pager a", has_text="2").first.click()
    expect(page.locator("tbody tr").first).not_to_have_text(first)


def test_a_click_anywhere_on_a_row_opens_it_and_the_pager_is_in_sight(enter: Enter) -> None:
    page = enter("leader", "/alerts/?size=20")
    expect(page.locator(".pager .total")).to_be_in_viewport()
    row = page.locator("tbody tr").nth(2)
    number = row.locator("a[data-open]").inner_text()
    row.locator("td.pick").click(position={"x": 1, "y": 1})
    expect(page.locator("#drawer-content")).not_to_be_visible()
    row.locator("td.alert-unit").click()
    expect(page.locator("#drawer-content")).to_contain_text(number)


def test_two_characters_are_enough_to_search(enter: Enter) -> None:
    page = enter("leader", "/alerts/")
    search(page, "食堂")
    rows = page.locator("tbody tr")
    assert rows.count() > 1
    for row in rows.all():
        expect(row).to_contain_text("食堂")


def test_from_the_sentence_to_the_delivered_line(enter: Enter, site: Site) -> None:
    page = enter("conduct")
    open_alert(page, site, "rule=SUB-001")
    page.get_by_role("button", name="查看证据").click()
    if page.locator("#evidence [name=purpose]").count():
        page.locator("#evidence [name=purpose]").fill("核实是否仍在发放")
        page.locator("#evidence button.btn-primary").click()
    evidence = page.locator("#evidence")
    expect(evidence).to_contain_text("条件")
    expect(evidence.locator("details.alert-row").first).to_contain_text("行")
    expect(evidence).to_contain_text("规范")
    assert not re.search(r"(?<!\d)\d{17}[\dX](?!\d)", evidence.inner_text())


def test_a_relation_is_drawn_and_listed(enter: Enter, site: Site) -> None:
    page = enter("leader")
    open_alert(page, site, "rule=VIL-110")
    expect(page.locator(".graph canvas").first).to_be_visible()
    expect(page.get_by_text("关系清单").first).to_be_visible()


def test_an_alert_is_settled_with_outcome_and_reason_and_judges_its_model(enter: Enter, site: Site) -> None:
    page = enter("conduct")
    number = open_alert(page, site, "rule=SUB-002&level=yellow&state=open")
    page.locator(".dock").get_by_role("button", name="了结").click()
    modal = page.locator("#modal-content")
    modal.get_by_role("button", name="了结").click()
    expect(modal.locator(".field-error").first).to_be_visible()
    modal.locator("[name=outcome]").select_option("true")
    modal.locator("[name=why]").fill("已核实，多发两个月")
    modal.get_by_role("button", name="了结").click()
    expect(page.locator(".timeline")).to_contain_text("已核实，多发两个月")
    page.goto(f"{site.url}/rules/SUB-002/?tab=precision")
    expect(page.locator("main")).to_contain_text("满 5 条")
    settle_more(page, site, "rule=SUB-002&level=yellow&state=open", several=4)
    page.goto(f"{site.url}/rules/SUB-002/?tab=precision")
    expect(page.locator("table")).to_contain_text("100%")
    page.goto(f"{site.url}/alerts/{number}/")
    page.locator(".dock").get_by_role("button", name="重新打开").click()
    modal.locator("[name=why]").fill("材料有误，再查")
    modal.locator("button.btn-primary").click()
    expect(page.locator(".timeline")).to_contain_text("材料有误，再查")


def test_an_alert_is_put_off_until_a_day(enter: Enter, site: Site) -> None:
    page = enter("conduct")
    open_alert(page, site, "rule=SUB-009&state=open")
    page.locator(".dock").get_by_role("button", name="暂缓").click()
    modal = page.locator("#modal-content")
    modal.locator("[name=until]").fill((date.today() + timedelta(days=400)).isoformat())
    modal.locator("[name=why]").fill("等社区补材料")
    modal.get_by_role("button", name="暂缓").click()
    expect(modal.locator(".field-error").first).to_be_visible()
    modal.locator("[name=until]").fill((date.today() + timedelta(days=14)).isoformat())
    modal.get_by_role("button", name="暂缓").click()
    expect(page.locator("main")).to_contain_text("暂缓至")


def test_several_are_settled_at_once(enter: Enter, site: Site) -> None:
    page = enter("conduct")
    query = "rule=SUB-009&state=open"
    before = settle_more(page, site, query, several=2, outcome="permitted", why="公益性岗位，政策允许")
    page.goto(f"{site.url}/alerts/?{query}")
    expect(page.locator("tbody a[data-open]")).to_have_count(before - 2)


def mergeable(page: Page, site: Site) -> bool:
    """Opens an alert that can be merged: another on the same subject is open, and not less grave."""
    page.goto(f"{site.url}/alerts/subjects/?size=100")
    several = page.locator("tbody tr").filter(has=page.locator("td:nth-child(4)", has_text=re.compile(r"^\s*[2-9]")))
    lists = [row.locator("a[data-open]").get_attribute("href") for row in several.all()]
    for address in lists:
        page.goto(f"{site.url}{address}")
        for number in page.locator("tbody a[data-open]").all_inner_texts():
            page.goto(f"{site.url}/alerts/{number}/")
            if page.locator(".dock").get_by_role("button", name="并入").count():
                page.locator(".dock").get_by_role("button", name="并入").click()
                page.locator("#modal-content [name=into]").wait_for()
                return page.locator("#modal-content [name=into] option").count() > 1
    return False


def test_two_on_one_subject_are_merged_and_parted_again(enter: Enter, site: Site) -> None:
    page = enter("conduct")
    assert mergeable(page, site)
    modal = page.locator("#modal-content")
    into = modal.locator("[name=into] option").nth(1).inner_text().split()[0]
    modal.locator("[name=into]").select_option(index=1)
    modal.locator("[name=why]").fill("同一笔资金，合并核查")
    modal.locator("button.btn-primary").click()
    expect(page.locator("main")).to_contain_text("已并入")
    expect(page.locator("main")).to_contain_text(into)
    page.locator(".dock").get_by_role("button", name="重新打开").click()
    modal.locator("[name=why]").fill("分开核查更清楚")
    modal.locator("button.btn-primary").click()
    expect(page.locator(".timeline")).to_contain_text("分开核查更清楚")


def test_an_export_says_its_purpose_and_hides_identities(enter: Enter) -> None:
    page = enter("conduct", "/alerts/?rule=SUB-001")
    page.get_by_role("button", name="导出").click()
    modal = page.locator("#modal-content")
    modal.get_by_label("CSV").check()
    modal.locator("[name=why]").fill("向分管领导汇报")
    with page.expect_download() as waiting:
        modal.locator("button.btn-primary").click()
    text = waiting.value.path().read_text("utf-8-sig")
    assert "向分管领导汇报" in text.splitlines()[0]
    assert not re.search(r"(?<!\d)\d{17}[\dX](?!\d)", text)


def ask_to_reveal(page: Page) -> None:
    page.get_by_role("button", name="揭示").first.click()
    modal = page.locator("#modal-content")
    expect(modal).to_contain_text("揭示身份")
    modal.locator("[name=purpose]").fill("通知家属退回多领资金")
    modal.locator("[name=case]").fill("霁纪核〔2026〕12号")
    modal.locator("button.btn-primary").click()
    expect(modal).to_contain_text("申请人")


def test_an_identity_is_opened_for_a_purpose_once_and_stands_in_the_trail(enter: Enter, site: Site) -> None:
    page = enter("conduct")
    open_alert(page, site, "rule=SUB-001&sort=level")
    ask_to_reveal(page)
    page.get_by_role("button", name="打开", exact=True).click()
    value = page.locator(".revealed strong")
    expect(value).to_be_visible()
    opened = value.inner_text()
    assert re.fullmatch(r"\d{17}[\dX]", opened)
    page.reload()
    assert opened not in page.content(), "it is shown once"
    auditor = enter("auditor", "/trail/")
    opening = auditor.locator("tbody tr", has_text=re.compile("揭示|身份")).first
    expect(opening).to_contain_text("程守正")
    assert opened not in auditor.content()


def test_delicate_data_takes_a_second_person(enter: Enter, site: Site) -> None:
    page = enter("conduct")
    number = open_alert(page, site, "line=medical")
    ask_to_reveal(page)
    modal = page.locator("#modal-content")
    expect(modal).to_contain_text("等待第二人批准")
    expect(modal.get_by_role("button", name="打开", exact=True)).to_have_count(0)
    approve_as_second(enter, number)
    page = enter("conduct", "/reveals/")  # one browser holds one session
    page.locator("tbody tr", has_text=number).locator("a[data-open]").click()
    page.get_by_role("button", name="打开", exact=True).click()
    expect(page.locator(".revealed strong")).to_be_visible()


def approve_as_second(enter: Enter, number: str) -> None:
    """From the workbench, where it waits."""
    head = enter("leader")
    head.locator("main a[href*='/reveals/']", has_text=re.compile("揭示|批准")).first.click()
    expect(head.locator("main")).to_contain_text(number)
    head.locator("[name=why]").fill("同意")
    head.get_by_role("button", name="同意", exact=True).click()
    head.close()


def test_a_session_ended_elsewhere_is_over_here(enter: Enter, site: Site, another: Another) -> None:
    """The same person on two machines ends the other's session, from the list of their sessions."""
    other = another().new_page()
    other.goto(site.link("officer3"))
    expect(other.locator("h1")).to_contain_text("您好")
    page = enter("officer3", "/me/sessions/")
    page.get_by_role("button", name=re.compile("结束")).first.click()
    page.wait_for_load_state("networkidle")
    other.goto(f"{site.url}/alerts/")
    expect(other).to_have_url(re.compile("/account/login/"))
