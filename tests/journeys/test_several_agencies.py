"""Several agencies and one dossier, on pages: land with two levels; residence, settled elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import cast, life
from tests.journeys.conftest import desk, phone

pytestmark = pytest.mark.journey

LAND_HEAD, LAND_EXAMINER = "Mai Thị Trưởng Phòng", "Cao Văn Địa Chính"
LAND_DIRECTOR, LAND_CLERK = "Ngô Văn Giám Đốc", "Lương Thị Sổ Bộ"
AT_HOME: Mapping[str, str] = {
    "requester_phone": "0912345678",
    "requester_residence.line": "Số 1, đường Thử Nghiệm",
    "requester_residence.text": "Phường Trường Vinh, Tỉnh Nghệ An",
    "result_delivery": "electronic",
    "truth_declared": "yes",
}
LAND: Mapping[str, str] = {
    **AT_HOME,
    "is_represented": "no",
    "certificate_number": "AA 123456",
    "plot_number": "12",
    "map_sheet": "3",
    "plot_address.line": "Khối Hoa Sen",
    "plot_address.text": "Phường Trường Vinh, Tỉnh Nghệ An",
    "plot_area_m2": "120",
    "is_mortgaged": "no",
    "wants_survey": "no",
    "change_kind": "transfer",
    "former_full_name": "Phạm Thị Người Cũ",
    "contract_number": "01/2026/CC",
    "contract_on": "01/11/2026",
    "price_vnd": "900000000",
    "claims_exemption": "no",
}
RESIDENCE: Mapping[str, str] = {
    **AT_HOME,
    "new_address.line": "Số 9, đường Thử Nghiệm",
    "new_address.text": "Phường Trường Vinh, Tỉnh Nghệ An",
    "dwelling_kind": "own",
}


def file(page: Page, demo: str, procedure: str, said: Mapping[str, str]) -> str:
    """File a procedure as whoever is signed in, with every paper it asks for; return the code."""
    page.goto(f"{demo}/thu-tuc/{procedure}/")
    page.get_by_role("link", name="Nộp hồ sơ trực tuyến").first.click()
    page.wait_for_load_state()
    if page.locator("input[name=case]").count():
        page.locator("input[name=case]").first.check(force=True)
        page.get_by_role("button", name=re.compile("Tiếp tục|Bắt đầu")).first.click()
        page.wait_for_load_state()
    cast.through_the_form(page, said)
    scan = {"name": "giay-to.pdf", "mimeType": "application/pdf", "buffer": life.scan("Giấy tờ")}
    for one in page.locator("input[type=file]").all():
        one.set_input_files([scan])
    for state in page.locator(".file-state").all():
        expect(state).to_have_text("Đã nhận")
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    page.locator("select[name=receiving_unit]").select_option("H41.9.11.1")
    page.get_by_role("button", name="Nộp hồ sơ").click()
    expect(page.locator("main")).to_contain_text("Đã nộp hồ sơ")
    found = re.search(r"/ho-so/([^/]+)/", page.url)
    assert found, page.url
    return found[1]


def at_desk(browser: Browser, demo: str, name: str) -> Page:
    page = desk(browser)
    cast.sign_in(page, demo, name)
    return page


def open_task(page: Page, demo: str, code: str) -> None:
    page.goto(f"{demo}/viec/")
    page.locator("tr", has_text=code).get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text(code)


def today(page: Page) -> str:
    return str(page.evaluate("new Date().toLocaleDateString('en-GB', {timeZone: 'Asia/Saigon'})"))


def test_land_goes_from_the_commune_to_the_province_through_the_tax_office(
    demo: str, browser: Browser
) -> None:
    owner = phone(browser)
    cast.sign_in(owner, demo, cast.FATHER)
    code = file(owner, demo, "1.013831", LAND)

    one_stop = at_desk(browser, demo, cast.ONE_STOP)
    open_task(one_stop, demo, code)
    cast.act(one_stop, "Tiếp nhận hồ sơ")
    expect(one_stop.locator("main")).to_contain_text("Đã tiếp nhận hồ sơ")
    expect(one_stop.locator("main")).to_contain_text("Các giai đoạn và ngày hẹn")

    head = at_desk(browser, demo, LAND_HEAD)
    open_task(head, demo, code)
    head.locator("select[name=to]").select_option(label=LAND_EXAMINER)
    cast.act(head, "Phân công")

    examiner = at_desk(browser, demo, LAND_EXAMINER)
    open_task(examiner, demo, code)
    examiner.locator("input[name=sheet]").fill("15/PCTT")
    cast.act(examiner, "Chuyển cơ quan thuế")
    expect(examiner.locator("main")).to_contain_text("Thời hạn tạm dừng")
    examiner.locator("input[name=notice]").fill("LTB-0001")
    examiner.locator("input[name=noticed_on]").fill("hôm qua")
    examiner.locator("input[name=amount_vnd]").fill("12.500.000")
    cast.act(examiner, "Ghi thông báo")
    expect(examiner.locator("main")).to_contain_text("Vui lòng ghi ngày")
    assert examiner.locator("input[name=notice]").input_value() == "LTB-0001"
    examiner.locator("input[name=noticed_on]").fill(today(examiner))
    cast.act(examiner, "Ghi thông báo")

    owner.goto(f"{demo}/ho-so/{code}/")
    expect(owner.locator("main")).to_contain_text("12.500.000")
    expect(owner.locator("main")).to_contain_text("Chờ nghĩa vụ tài chính")
    owner.goto(f"{demo}/ho-so/")
    expect(owner.locator("main")).to_contain_text("nộp nghĩa vụ tài chính")

    examiner.locator("input[name=evidence]").fill("Giấy nộp tiền 0000123")
    examiner.locator("input[name=paid_on]").fill(today(examiner))
    cast.act(examiner, "Xác nhận đã hoàn thành")
    expect(examiner.locator("main")).to_contain_text("tiếp tục tính")
    cast.act(examiner, "Trình dự thảo kết quả")

    open_task(head, demo, code)
    cast.act(head, "Đồng ý, trình ký")
    director = at_desk(browser, demo, LAND_DIRECTOR)
    open_task(director, demo, code)
    cast.act(director, "Ký số")
    clerk = at_desk(browser, demo, LAND_CLERK)
    clerk.goto(f"{demo}/ho-so/{code}/")
    cast.wait_for_act(clerk, "Cấp số, đóng dấu, phát hành")
    cast.act(clerk, "Cấp số, đóng dấu, phát hành")

    owner.goto(f"{demo}/ho-so/{code}/")
    cast.wait_for_act(owner, "Tôi đã nhận kết quả")
    cast.act(owner, "Tôi đã nhận kết quả")
    expect(owner.locator("main")).to_contain_text("Đã trả kết quả")


def test_residence_is_passed_on_watched_and_answered(
    demo: str, home: Path, browser: Browser
) -> None:
    owner = phone(browser)
    cast.sign_in(owner, demo, cast.FATHER)
    code = file(owner, demo, "1.004222", RESIDENCE)

    one_stop = at_desk(browser, demo, cast.ONE_STOP)
    open_task(one_stop, demo, code)
    cast.act(one_stop, "Tiếp nhận hồ sơ")
    until(one_stop, "Mã hồ sơ bên đó")
    expect(one_stop.locator("main")).to_contain_text("Đã đồng bộ")

    port = json.loads((home / "run" / "ports.json").read_text())["simulators"]
    there = desk(browser)
    there.goto(f"http://127.0.0.1:{port}/residence/")
    there.locator("fieldset", has_text=code).get_by_role("button", name="Đã giải quyết").click()

    one_stop.goto(f"{demo}/ho-so/{code}/")
    cast.act(one_stop, "Hỏi lại tình trạng")
    until(one_stop, "Kết quả số")
    owner.goto(f"{demo}/ho-so/{code}/")
    expect(owner.locator("main")).to_contain_text("Đã cập nhật nơi thường trú")
    cast.act(owner, "Tôi đã nhận kết quả")
    expect(owner.locator("main")).to_contain_text("Đã trả kết quả")


def until(page: Page, text: str) -> None:
    """Look again until the page says so: a job does its work after the commit."""
    for _ in range(60):
        if text in page.locator("main").inner_text():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{text} never came:\n{page.locator('main').inner_text()}")
