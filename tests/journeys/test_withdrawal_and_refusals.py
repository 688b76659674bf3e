"""How a dossier ends without a result: refused at the counter, refused after examination, withdrawn."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import cast, life
from tests.journeys.conftest import desk, phone

pytestmark = pytest.mark.journey

GROUND = "Điều 16, Luật Hộ tịch số 60/2014/QH13"


@pytest.fixture
def father(demo: str, browser: Browser) -> Page:
    page = phone(browser)
    cast.sign_in(page, demo, cast.FATHER)
    return page


def official(browser: Browser, demo: str, name: str) -> Page:
    page = desk(browser)
    cast.sign_in(page, demo, name)
    return page


def test_a_dossier_is_refused_at_reception_with_reason_ground_and_paper(
    demo: str, browser: Browser, father: Page
) -> None:
    code = cast.file_birth(father, demo, life.scan())
    one_stop = official(browser, demo, cast.ONE_STOP)
    cast.open_task(one_stop, demo, code)
    one_stop.get_by_text("Từ chối tiếp nhận", exact=True).first.click()
    one_stop.locator("textarea[name=reason]").fill("Trẻ đã được đăng ký khai sinh nơi khác")
    one_stop.locator("input[name=ground]").fill(GROUND)
    cast.act(one_stop, "Từ chối tiếp nhận")
    expect(one_stop.locator("main")).to_contain_text("Đã từ chối tiếp nhận")

    father.goto(f"{demo}/ho-so/{code}/")
    notice = cast.wait_for_paper(father, "Phiếu từ chối tiếp nhận, giải quyết hồ sơ")
    expect(father.locator("main")).to_contain_text("Trẻ đã được đăng ký khai sinh nơi khác")
    expect(father.locator("main")).to_contain_text(GROUND)
    assert father.request.get(f"{demo}{notice}").body().startswith(b"%PDF")
    expect(father.get_by_role("button", name="Rút hồ sơ")).to_have_count(0)


def test_a_refusal_after_examination_is_signed_numbered_and_explained(
    demo: str, browser: Browser, father: Page
) -> None:
    code = cast.file_birth(father, demo, life.scan())
    one_stop = official(browser, demo, cast.ONE_STOP)
    cast.open_task(one_stop, demo, code)
    cast.act(one_stop, "Tiếp nhận hồ sơ")
    head = official(browser, demo, cast.HEAD)
    cast.open_task(head, demo, code)
    head.locator("select[name=to]").select_option(label=cast.SPECIALIST)
    cast.act(head, "Phân công")

    specialist = official(browser, demo, cast.SPECIALIST)
    cast.open_task(specialist, demo, code)
    specialist.get_by_text("Đề xuất từ chối giải quyết", exact=True).click()
    refusal = specialist.locator("form", has=specialist.locator("textarea[name=reason]")).first
    refusal.locator("textarea[name=reason]").fill("Giấy chứng sinh không do cơ sở y tế cấp")
    refusal.locator("input[name=ground]").fill(GROUND)
    cast.act(specialist, "Trình dự thảo từ chối")
    cast.open_task(head, demo, code)
    expect(head.locator("main")).to_contain_text("Giấy chứng sinh không do cơ sở y tế cấp")
    expect(head.get_by_role("link", name="Đọc dự thảo")).to_be_visible()
    cast.act(head, "Đồng ý, trình ký")
    chair = official(browser, demo, cast.CHAIR)
    cast.open_task(chair, demo, code)
    cast.act(chair, "Ký số")
    clerk = official(browser, demo, cast.CLERK)
    clerk.goto(f"{demo}/ho-so/{code}/")
    cast.wait_for_act(clerk, "Cấp số, đóng dấu, phát hành")
    cast.act(clerk, "Cấp số, đóng dấu, phát hành")

    father.goto(f"{demo}/ho-so/{code}/")
    paper = cast.wait_for_paper(father, "Từ chối giải quyết")
    assert father.request.get(f"{demo}{paper}").body().startswith(b"%PDF")
    expect(father.locator("main")).to_contain_text("Giấy chứng sinh không do cơ sở y tế cấp")


def test_a_citizen_withdraws_and_officials_find_nothing_left_to_do(
    demo: str, browser: Browser, father: Page
) -> None:
    code = cast.file_birth(father, demo, life.scan())
    father.get_by_text("Rút hồ sơ", exact=True).first.click()
    father.get_by_role("button", name="Rút hồ sơ", exact=True).first.click()
    expect(father.locator("dialog[open]")).to_have_count(0)  # the reason is asked for first
    father.locator("textarea[name=reason]").fill("Tôi nộp nhầm nơi")
    father.get_by_role("button", name="Rút hồ sơ", exact=True).first.click()
    father.locator("dialog[open]").get_by_role("button", name="Chưa, quay lại").click()
    expect(father.locator("textarea[name=reason]")).to_have_value("Tôi nộp nhầm nơi")
    cast.act(father, "Rút hồ sơ")
    expect(father.locator("main")).to_contain_text("Đã rút hồ sơ")
    expect(father.locator("main")).to_contain_text("Tôi nộp nhầm nơi")

    one_stop = official(browser, demo, cast.ONE_STOP)
    one_stop.goto(f"{demo}/viec/")
    expect(one_stop.locator("main")).not_to_contain_text(code)
    one_stop.goto(f"{demo}/ho-so/{code}/")
    expect(one_stop.get_by_role("heading", name="Việc cần làm")).to_have_count(0)
