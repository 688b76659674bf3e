"""A certified copy at the counter: from the visitor with two papers to the hand-over and the fee."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import cast
from tests.journeys.conftest import desk, phone

pytestmark = pytest.mark.journey

SAID = {
    "requester_full_name": "Phạm Thị Bản Sao",
    "requester_number": "040179000311",
    "requester_birth_date": "02/05/1979",
    "requester_phone": "0912345678",
    "requester_residence.line": "Số 9, đường Thử Nghiệm",
    "requester_residence.text": "Phường Trường Vinh, Tỉnh Nghệ An",
    "documents": "2",
    "document_title": "Bằng tốt nghiệp trung học phổ thông",
    "document_number": "A-0001",
    "document_issuer": "Sở Giáo dục và Đào tạo",
    "pages": "3",
    "copies": "2",
    "document_2_title": "Học bạ",
    "document_2_issuer": "Trường Trung học phổ thông Mẫu",
    "pages_2": "250",
    "copies_2": "1",
    "result_delivery": "counter",
    "truth_declared": "yes",
}
FEE = "210.000"
"""Two copies of 3 pages at 5.000 đồng, one of 250 pages at the most that a copy costs."""


def test_a_visitor_is_sent_to_the_counter_and_leaves_with_certified_copies(
    demo: str, browser: Browser
) -> None:
    citizen = phone(browser)
    cast.sign_in(citizen, demo, cast.FATHER)
    citizen.goto(f"{demo}/thu-tuc/2.000815/")
    expect(citizen.locator("main")).to_contain_text("bản chính")
    expect(citizen.get_by_role("link", name="Nộp hồ sơ trực tuyến")).to_have_count(0)
    citizen.goto(f"{demo}/thu-tuc/2.000815/nop/")
    expect(citizen.locator("main")).to_contain_text("chỉ nộp trực tiếp")

    page = desk(browser)
    cast.sign_in(page, demo, cast.ONE_STOP)
    page.goto(f"{demo}/mot-cua/nhan/?q=chứng thực bản sao")
    page.get_by_role("link", name="Chứng thực bản sao từ bản chính").first.click()
    page.wait_for_load_state()
    if "/nop/" in page.url:
        page.get_by_role("button", name="Bắt đầu hồ sơ mới").click()
    page.wait_for_url("**/trang/**")
    cast.through_the_form(page, SAID)
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    expect(page.locator("main")).to_contain_text(FEE)
    for box in page.locator("input[name=shown]").all():
        box.check(force=True)
    page.get_by_role("button", name="Nộp và tiếp nhận").click()
    expect(page.locator("main")).to_contain_text("Đã nộp và tiếp nhận hồ sơ")
    found = re.search(r"/ho-so/([^/]+)/", page.url)
    assert found, page.url
    path = f"{demo}/ho-so/{found[1]}/"
    main = page.locator("main")
    expect(main).to_contain_text("Phí chứng thực bản sao, từ trang 3")
    assert cast.wait_for_paper(page, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả")

    head = desk(browser)
    cast.sign_in(head, demo, cast.HEAD)
    head.goto(path)
    head.locator("select[name=to]").select_option(label=cast.SPECIALIST)
    cast.act(head, "Phân công")
    for name, label in (
        (cast.SPECIALIST, "Trình dự thảo kết quả"),
        (cast.HEAD, "Đồng ý, trình ký"),
        (cast.CHAIR, "Ký số"),
        (cast.CLERK, "Cấp số, đóng dấu, phát hành"),
    ):
        other = desk(browser)
        cast.sign_in(other, demo, name)
        other.goto(path)
        cast.wait_for_act(other, label)
        cast.act(other, label)

    page.goto(path)
    cast.wait_for_act(page, "Xác nhận đã trả kết quả")
    page.locator("[name=receiver]").fill(SAID["requester_full_name"])
    page.locator("[name=evidence]").fill("Đã đối chiếu căn cước")
    cast.act(page, "Xác nhận đã trả kết quả")
    expect(main).to_contain_text("Đã trả kết quả")
    expect(main).to_contain_text("198.000")
