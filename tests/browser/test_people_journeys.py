"""People: an account made by two hands, a password and a second factor of one's own, powers that end, machines."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import struct
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site, search

Enter = Callable[..., Page]
Another = Callable[[], BrowserContext]
PASSWORD = "Nuan7 chun9 de shu"


def code_of(secret: str) -> str:
    """What an authenticator app shows (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def make_account(enter: Enter, username: str, name: str) -> str:
    """By the system administrator; the password that is shown once."""
    page = enter("sysadmin")
    page.get_by_role("link", name="账号", exact=True).first.click()
    page.get_by_role("link", name="新建账号").click()
    page.locator("[name=display_name]").fill(name)
    page.locator("[name=staff_number]").fill(username.upper())
    page.locator("[name=username]").fill(username)
    page.locator("[name=duty]").select_option("business")
    page.get_by_role("button", name="建账号").click()
    password = page.locator("code.handed").inner_text()
    page.close()
    return password


def choose_unit(page: Page, words: str) -> None:
    """By a part of its name, from what is suggested."""
    line = page.locator("[name=unit]")
    line.press_sequentially(words)
    suggested = page.locator(f"#unit-units option[value*='{words}']").first
    expect(suggested).to_be_attached()
    line.fill(suggested.get_attribute("value") or "")


def grant_post(enter: Enter, name: str, role: str) -> None:
    """By the security administrator."""
    page = enter("secadmin")
    page.get_by_role("link", name="账号", exact=True).first.click()
    search(page, name)
    page.locator("tbody a[data-open]", has_text=name).click()
    page.get_by_role("link", name="授予岗位").click()
    page.locator(f"[name=role][value={role}]").check()
    choose_unit(page, "第一监督检查室")
    page.locator("[name=why]").fill("新调入人员")
    page.get_by_role("button", name="授予").click()
    expect(page.locator("main")).to_contain_text("第一监督检查室")
    page.close()


def test_an_account_by_two_hands_a_password_and_a_factor_of_ones_own(enter: Enter, site: Site, another: Another) -> None:
    first = make_account(enter, "newcomer", "新晓岚")
    grant_post(enter, "新晓岚", "supervising_officer")
    page = another().new_page()
    page.goto(site.url)
    expect(page).to_have_url(re.compile("/account/login/"))
    page.locator("[name=login]").fill("newcomer")
    page.locator("[name=password]").fill("wrong one entirely")
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.locator("[name=login]").fill("newcomer")
    page.locator("[name=password]").fill(first)
    page.get_by_role("button", name="登录").click()
    page.locator("[name=oldpassword]").fill(first)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    page.get_by_role("button", name="修改密码").click()
    secret = page.locator("code.secret").inner_text()
    page.locator("[name=code]").fill("000000")
    page.get_by_role("button", name="绑定").click()
    expect(page.locator(".field-error")).to_be_visible()
    secret = page.locator("code.secret").inner_text()
    page.locator("[name=code]").fill(code_of(secret))
    page.get_by_role("button", name="绑定").click()
    recovery = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="继续").click()
    expect(page.locator("h1")).to_contain_text("新晓岚")
    page.get_by_role("button", name=re.compile("账号菜单")).click()
    page.get_by_role("button", name="退出登录").click()
    page.goto(site.url)
    page.locator("[name=login]").fill("newcomer")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.locator("[name=code]").first.fill(recovery)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("h1")).to_contain_text("新晓岚")


def signed_up(enter: Enter, site: Site, page: Page, username: str, name: str) -> str:
    """A new account with a post, its own password and an app; the app's secret. `page` is left on its workbench."""
    first = make_account(enter, username, name)
    grant_post(enter, name, "supervising_officer")
    sign_in(page, site, username, first)
    page.locator("[name=oldpassword]").fill(first)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    page.get_by_role("button", name="修改密码").click()
    secret = page.locator("code.secret").inner_text()
    page.locator("[name=code]").fill(code_of(secret))
    page.get_by_role("button", name="绑定").click()
    page.get_by_role("link", name="继续").click()
    expect(page.locator("h1")).to_contain_text(name)
    return secret


def sign_in(page: Page, site: Site, username: str, password: str) -> None:
    page.goto(f"{site.url}/account/login/")
    page.locator("[name=login]").fill(username)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="登录").click()


def test_a_security_key_is_added_and_opens_the_door(enter: Enter, site: Site, another: Another) -> None:
    page = another().new_page()
    signed_up(enter, site, page, "keyholder", "柯守钥")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "usb", "isUserVerified": True, "hasUserVerification": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": kind})
    page.goto(f"{site.url}/account/factors/key/")
    page.locator("[name=name]").fill("抽屉里的钥匙")
    with page.expect_navigation():
        page.get_by_role("button", name="开始").click()
    page.goto(f"{site.url}/account/factors/")
    expect(page.locator("main")).to_contain_text("抽屉里的钥匙")
    page.goto(site.url)
    page.get_by_role("button", name=re.compile("账号菜单")).click()
    page.get_by_role("button", name="退出登录").click()
    sign_in(page, site, "keyholder", PASSWORD)
    page.get_by_role("button", name="使用安全密钥").click()
    expect(page.locator("h1")).to_contain_text("柯守钥")


def test_wrong_codes_lock_and_the_right_one_no_longer_opens(enter: Enter, site: Site, another: Another) -> None:
    page = another().new_page()
    secret = signed_up(enter, site, page, "forgetful", "王忘码")
    page.get_by_role("button", name=re.compile("账号菜单")).click()
    page.get_by_role("button", name="退出登录").click()
    sign_in(page, site, "forgetful", PASSWORD)
    for _ in range(12):
        if not page.locator("[name=code]").count():
            break
        page.locator("[name=code]").first.fill("000000")
        page.get_by_role("button", name="登录").click()
        page.wait_for_load_state()
    expect(page.get_by_text("暂时锁定").first).to_be_visible()
    elsewhere = another().new_page()
    sign_in(elsewhere, site, "forgetful", PASSWORD)
    if elsewhere.locator("[name=code]").count():
        elsewhere.locator("[name=code]").first.fill(code_of(secret))
        elsewhere.get_by_role("button", name="登录").click()
    expect(elsewhere.get_by_text("暂时锁定").first).to_be_visible()


def test_powers_taken_away_end_with_the_next_click(enter: Enter, site: Site, another: Another) -> None:
    officer = another().new_page()
    officer.goto(site.link("officer2"))
    officer.goto(f"{site.url}/alerts/")
    expect(officer.locator("h1")).to_have_text("预警")
    page = enter("secadmin")
    page.get_by_role("link", name="账号", exact=True).first.click()
    search(page, "officer2")
    expect(page.locator("tbody a[data-open]")).to_have_count(1)
    page.locator("tbody a[data-open]").click()
    page.get_by_role("button", name="终止").click()
    page.locator("#modal-content [name=why]").fill("岗位调整")
    with page.expect_navigation():
        page.locator("#modal-content button[type=submit], #modal-content .modal-footer button:last-child").last.click()
    answer = officer.goto(f"{site.url}/alerts/")
    assert answer is not None
    assert answer.status == 403


def test_too_many_wrong_passwords_are_told_kindly(site: Site, another: Another) -> None:
    page = another().new_page()
    for _ in range(12):
        page.goto(f"{site.url}/account/login/")
        if page.locator("[name=login]").count() == 0:
            break
        page.locator("[name=login]").fill("nobody-here")
        page.locator("[name=password]").fill("guess guess guess")
        page.get_by_role("button", name="登录").click()
        if page.get_by_text("暂时锁定").count():
            break
    expect(page.get_by_text("暂时锁定").first).to_be_visible()
    expect(page.get_by_text("系统管理员").first).to_be_visible()


def test_a_recusal_hides_what_concerns_ones_kin(enter: Enter, site: Site) -> None:
    """An officer opens an identity, finds it is a cousin, and declares it: the alert is no longer there for them."""
    page = enter("county1", "/alerts/?sort=-level")
    for number in page.locator("tbody a[data-open]").all_inner_texts():
        page.goto(f"{site.url}/alerts/{number}/")
        if page.get_by_role("button", name="揭示").count() and "990" in page.locator("main").inner_text():
            break
    page.get_by_role("button", name="揭示").first.click()
    modal = page.locator("#modal-content")
    modal.locator("[name=purpose]").fill("核对是否本人亲属")
    modal.locator("[name=case]").fill("岚纪核〔2026〕3号")
    modal.locator("button.btn-primary").click()
    page.get_by_role("button", name="打开", exact=True).click()
    opened = page.locator(".revealed strong").inner_text()
    page.goto(f"{site.url}/me/")
    page.get_by_role("link", name="申报").click()
    form = page.locator("main form")
    form.locator("[name=citizen_ids]").fill("123")
    form.get_by_role("button", name="申报").click()
    expect(page.locator(".field-error").first).to_be_visible()
    form.locator("[name=citizen_ids]").fill(opened)
    form.get_by_role("button", name="申报").click()
    expect(page.locator("main")).not_to_contain_text(opened)
    answer = page.goto(f"{site.url}/alerts/{number}/")
    assert answer is not None
    assert answer.status == 404


def test_a_token_is_issued_shown_once_and_used(enter: Enter, site: Site) -> None:
    name = "机器报送"
    page = enter("sysadmin")
    page.get_by_role("link", name="账号", exact=True).first.click()
    page.get_by_role("link", name="新建账号").click()
    for field, value in (("display_name", name), ("staff_number", "M001"), ("username", "machine1")):
        page.locator(f"[name={field}]").fill(value)
    page.locator("[name=duty]").select_option("machine")
    page.get_by_role("button", name="建账号").click()
    page.close()
    page = enter("secadmin")
    page.get_by_role("link", name="账号", exact=True).first.click()
    search(page, name)
    page.locator("tbody a[data-open]", has_text=name).click()
    page.get_by_role("link", name="授予岗位").click()
    page.locator("[name=role][value=machine]").check()
    choose_unit(page, "民政局")
    page.locator("[name=why]").fill("每日报送")
    page.get_by_role("button", name="授予").click()
    page.goto(site.url)
    page.get_by_role("link", name="机器令牌").click()
    page.get_by_role("link", name="签发令牌").click()
    page.locator("[name=user]").select_option(index=1)
    page.locator("[name=name]").fill("民政局每日报送")
    page.locator("[name=scopes][value='catalogue.read']").check()
    page.get_by_role("button", name="签发").click()
    secret = page.locator("code", has_text="xz_").first.inner_text()
    asked = urllib.request.Request(f"{site.url}/api/v1/datasets", headers={"Authorization": f"Bearer {secret}"})
    with urllib.request.urlopen(asked, timeout=600) as answer:
        assert answer.status == 200
        assert json.load(answer)
    more = urllib.request.Request(f"{site.url}/api/v1/alerts", headers={"Authorization": f"Bearer {secret}"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(more, timeout=600)
    page.get_by_role("link", name="我已抄下").click()
    assert secret not in page.content()


def test_the_auditor_verifies_the_trail(enter: Enter) -> None:
    page = enter("auditor", "/trail/verification/")
    page.get_by_role("button", name="开始验证").click()
    expect(page.locator(".state", has_text="完好").first).to_be_visible(timeout=60_000)
