"""A draft is never lost: the session ends, a second window saves, a page is tampered with."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import cast
from tests.journeys.conftest import phone

pytestmark = pytest.mark.journey


@pytest.fixture
def father(demo: str, browser: Browser) -> Page:
    page = phone(browser)
    cast.sign_in(page, demo, cast.FATHER)
    cast.begin(page, demo)
    return page


def test_a_page_typed_while_the_session_ended_stands_there_after_signing_in(
    demo: str, father: Page
) -> None:
    place = father.url
    cast.fill(father, {**cast.CHILD, "requester_phone": "0987654321"})
    father.context.clear_cookies(name="sen")
    father.get_by_role("button", name="Lưu và tiếp tục").click()
    expect(father).to_have_url(f"{demo}/dang-nhap/?next=" + _quoted(place, demo))
    father.get_by_role("button", name="Đăng nhập bằng định danh điện tử").click()
    father.locator("[name=person][value=cha]").check()
    father.get_by_role("button", name="Đồng ý và đăng nhập").click()
    expect(father).to_have_url(place)
    expect(father.locator("[name=requester_phone]")).to_have_value("0987654321")
    expect(father.locator("main")).to_contain_text("Những gì bạn vừa khai còn nguyên")


def test_a_second_window_is_told_and_neither_text_is_lost(father: Page) -> None:
    other = father.context.new_page()
    other.goto(father.url)
    cast.fill(father, {**cast.CHILD, "requester_phone": "0911111111"})
    father.get_by_role("button", name="Lưu và tiếp tục").click()
    father.wait_for_load_state()
    cast.fill(other, {**cast.CHILD, "requester_phone": "0922222222"})
    other.get_by_role("button", name="Lưu và tiếp tục").click()
    main = other.locator("main")
    expect(main).to_contain_text("Bản nháp vừa được lưu ở cửa sổ khác")
    expect(main).to_contain_text("0911111111")
    expect(other.locator("[name=requester_phone]")).to_have_value("0922222222")


def test_what_the_identity_said_cannot_be_replaced_by_a_changed_page(father: Page) -> None:
    father.locator("[name=requester_full_name]").evaluate("one => one.value = 'Kẻ Mạo Danh'")
    father.locator("[name=requester_number]").evaluate("one => one.value = '040093000999'")
    place = father.url
    cast.fill(father, cast.CHILD)
    father.get_by_role("button", name="Lưu và tiếp tục").click()
    father.wait_for_load_state()
    father.goto(place)
    expect(father.locator("[name=requester_full_name]")).to_have_value(cast.FATHER)
    expect(father.locator("[name=requester_number]")).to_have_value("040093000101")


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(demo: str, browser: Browser) -> None:
    page = phone(browser)
    for place in ("/ho-so/", "/thu-tuc/1.001193/nop/", "/giay-to/", "/viec/", "/tim/"):
        page.goto(f"{demo}{place}")
        expect(page).to_have_url(f"{demo}/dang-nhap/?next=" + _quoted(f"{demo}{place}", demo))


def _quoted(address: str, demo: str) -> str:
    return address.removeprefix(demo).replace("/", "%2F")
