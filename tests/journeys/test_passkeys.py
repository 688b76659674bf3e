"""An official's passkey in Chromium: added, used beside and instead of the password, removed.

The device is Chromium's own virtual authenticator, which makes true keys and signatures. Recovery
codes, too: each signs in once.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from sen.systems.account.data import DEMO_PASSWORD
from tests.journeys import axe
from tests.journeys.cast import sign_in_anew
from tests.journeys.conftest import desk, phone

pytestmark = pytest.mark.journey

OFFICIAL = "Cao Văn Một Cửa"
USERNAME = "motcua.daidong"
SECURITY = "/tai-khoan/bao-mat/"


def with_device(page: Page) -> None:
    """Give the browser a device that keeps keys and unlocks them without asking."""
    tool = page.context.new_cdp_session(page)
    tool.send("WebAuthn.enable")
    tool.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def give_password(page: Page, demo: str) -> None:
    page.goto(f"{demo}/dang-nhap/can-bo/")
    page.get_by_label("Tên đăng nhập").fill(USERNAME)
    page.get_by_label("Mật khẩu").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("h1")).to_have_text("Mã xác thực hai lớp")


def sign_out(page: Page, demo: str) -> None:
    page.goto(f"{demo}/tai-khoan/")
    page.locator("main").get_by_role("button", name="Đăng xuất").click()
    expect(page.locator("body")).to_contain_text("Bạn đã đăng xuất.")


def accessible(page: Page) -> None:
    assert [axe.line(one, page.url) for one in axe.faults(page)] == []


@pytest.fixture
def page(browser, demo):
    """Return a phone whose owner, a one-stop officer, is signed in and holds no passkey yet."""
    page = phone(browser)
    with_device(page)
    sign_in_anew(page, demo, OFFICIAL)
    yield page
    page.context.close()


def test_passkey_signs_in_beside_and_instead_of_the_password(page, demo):
    assert page.url == f"{demo}/viec/"
    page.goto(f"{demo}{SECURITY}")
    accessible(page)
    page.get_by_label("Tên khóa mới").fill("Điện thoại của tôi")
    page.get_by_role("button", name="Thêm khóa đăng nhập").click()
    expect(page.locator("main")).to_contain_text("Đã thêm khóa đăng nhập.")
    expect(page.locator(".key-list li")).to_have_count(1)
    page.goto(f"{demo}/thong-bao/")
    expect(page.locator("main")).to_contain_text("Đã thêm khóa đăng nhập")

    page.goto(f"{demo}{SECURITY}")
    page.get_by_label("Tên khóa mới").fill("Lần nữa")
    page.get_by_role("button", name="Thêm khóa đăng nhập").click()
    expect(page.get_by_role("alert")).to_have_text(
        "Thiết bị này đã có khóa đăng nhập của tài khoản."
    )

    sign_out(page, demo)
    page.goto(f"{demo}/dang-nhap/can-bo/?next=/thong-bao/")
    accessible(page)
    page.get_by_role("button", name="Đăng nhập bằng khóa").click()
    page.wait_for_url(f"{demo}/thong-bao/")

    sign_out(page, demo)
    give_password(page, demo)
    accessible(page)
    page.get_by_role("button", name="Dùng khóa đăng nhập").click()
    page.wait_for_url(f"{demo}/viec/")

    page.goto(f"{demo}{SECURITY}")
    page.locator(".key-list").get_by_role("link", name="Sửa").click()
    page.get_by_label("Tên", exact=True).fill("Máy cũ")
    page.get_by_role("button", name="Lưu tên").click()
    expect(page.locator(".key-list")).to_contain_text("Máy cũ")
    page.locator(".key-list").get_by_role("link", name="Sửa").click()
    accessible(page)
    page.get_by_role("button", name="Gỡ khóa đăng nhập").first.click()
    page.locator("dialog[open]").get_by_role("button", name="Gỡ khóa đăng nhập").click()
    expect(page.locator("main")).to_contain_text("Chưa có khóa nào.")

    sign_out(page, demo)
    page.goto(f"{demo}/dang-nhap/can-bo/")
    page.get_by_role("button", name="Đăng nhập bằng khóa").click()
    expect(page.locator("main")).to_contain_text("Khóa đăng nhập chưa được chấp nhận.")


def test_recovery_code_signs_in_once_and_is_refused_then(page, demo, browser):
    page.goto(f"{demo}{SECURITY}")
    page.get_by_role("button", name=re.compile("Tạo mã dự phòng|Tạo bộ mã mới")).first.click()
    asked = page.locator("dialog[open]")
    if asked.count():
        asked.get_by_role("button", name="Tạo bộ mã mới").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    accessible(page)
    code = page.locator(".recovery-codes code").first.inner_text()
    assert re.fullmatch(r"[a-z2-9]{5}-[a-z2-9]{5}", code)

    other = desk(browser)
    give_password(other, demo)
    other.get_by_role("link", name="Dùng mã dự phòng").click()
    accessible(other)
    other.get_by_label("Mã dự phòng").fill(code.upper())
    other.get_by_role("button", name="Đăng nhập", exact=True).click()
    other.wait_for_url(f"{demo}{SECURITY}")
    expect(other.locator("main")).to_contain_text("Bạn còn 9 mã.")

    sign_out(other, demo)
    give_password(other, demo)
    other.get_by_role("link", name="Dùng mã dự phòng").click()
    other.get_by_label("Mã dự phòng").fill(code)
    other.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(other.locator("main")).to_contain_text("Mã dự phòng chưa đúng hoặc đã được dùng.")
    other.context.close()


def test_browser_without_keys_says_so_and_the_code_still_works(browser, demo):
    page = desk(browser)
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto(f"{demo}/dang-nhap/can-bo/")
    expect(page.get_by_role("button", name="Đăng nhập bằng khóa")).to_be_hidden()
    sign_in_anew(page, demo, OFFICIAL)
    page.goto(f"{demo}{SECURITY}")
    expect(page.locator("main")).to_contain_text(
        "Khóa đăng nhập cần JavaScript và một trình duyệt đủ mới"
    )
    page.context.close()


def test_page_without_script_says_what_is_left(browser, demo):
    page = desk(browser, script=False)
    sign_in_anew(page, demo, OFFICIAL)
    page.goto(f"{demo}{SECURITY}")
    expect(page.locator("main")).to_contain_text(
        "Khóa đăng nhập cần JavaScript và một trình duyệt đủ mới"
    )
    expect(page.get_by_role("button", name="Thêm khóa đăng nhập")).to_be_hidden()
    page.context.close()
