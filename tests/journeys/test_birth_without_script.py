"""Everything works as links and forms: a birth filed, supplemented and received without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.journeys import cast, life
from tests.journeys.conftest import desk, phone

pytestmark = pytest.mark.journey


def _through_the_form(page: Page) -> None:
    """Go on page by page; what depends on an answer is asked once the answer was sent."""
    for _ in range(30):
        if "/trang/" not in page.url:
            return
        _fill(page)
        page.get_by_role("button", name="Lưu và tiếp tục").click()
    raise AssertionError(page.locator("main").inner_text())


def _fill(page: Page) -> None:
    for name, value in cast.CHILD.items():
        first = page.locator(f'main [name="{name}"]:not([readonly])').first
        radio = page.locator(f'main input[type=radio][name="{name}"][value="{value}"]')
        if radio.count() and radio.is_visible():
            radio.check()
        elif first.count() and first.is_visible() and not radio.count():
            if page.locator(f'main select[name="{name}"]').count():
                first.select_option(value)
            else:
                first.fill(value)


def _paper(text: str) -> FilePayload:
    return {"name": "giay-to.pdf", "mimeType": "application/pdf", "buffer": life.scan(text)}


def test_a_birth_is_filed_supplemented_and_received_without_scripts(
    demo: str, browser: Browser
) -> None:
    father = phone(browser, script=False)
    cast.sign_in_anew(father, demo, cast.FATHER)
    cast.begin(father, demo)
    _through_the_form(father)
    father.locator("input[type=file]").first.set_input_files([_paper("Giấy chứng sinh")])
    father.get_by_role("button", name="Lưu và tiếp tục").click()
    expect(father.locator("main")).to_contain_text("Xem lại và nộp")
    expect(father.locator("main")).to_contain_text("giay-to.pdf")
    father.locator("select[name=receiving_unit]").select_option("H41.9.11.1")
    father.get_by_role("button", name="Nộp hồ sơ").click()
    expect(father.locator("main")).to_contain_text("Đã nộp hồ sơ")
    found = re.search(r"/ho-so/([^/]+)/", father.url)
    assert found, father.url
    code = found[1]

    one_stop = desk(browser, script=False)
    cast.sign_in_anew(one_stop, demo, cast.ONE_STOP)
    cast.open_task(one_stop, demo, code)
    one_stop.get_by_text("Yêu cầu bổ sung", exact=True).first.click()
    one_stop.locator("select[name=item_1_code]").select_option("giay_chung_sinh")
    one_stop.locator("input[name=item_1_what]").fill("Chụp lại cho rõ")
    one_stop.locator("input[name=item_1_reason]").fill("Ảnh mờ")
    one_stop.get_by_role("button", name="Gửi phiếu yêu cầu bổ sung").click()
    expect(one_stop.locator("main")).to_contain_text("Đã gửi phiếu yêu cầu bổ sung")

    father.goto(f"{demo}/ho-so/{code}/")
    father.locator("input[type=file]").first.set_input_files([_paper("Chụp lại")])
    father.get_by_role("button", name="Gửi bổ sung").click()
    expect(father.locator("main")).to_contain_text("Đã gửi bổ sung")

    cast.open_task(one_stop, demo, code)
    expect(one_stop.locator("main")).to_contain_text("bổ sung")
    one_stop.get_by_role("button", name="Tiếp nhận hồ sơ").click()
    expect(one_stop.locator("main")).to_contain_text("Đã tiếp nhận hồ sơ")
