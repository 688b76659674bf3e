"""A day of the administrator: a new office with its people, a list, a procedure off and on again."""

from __future__ import annotations

import random
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import axe, cast
from tests.journeys.conftest import desk, phone

pytestmark = pytest.mark.journey

ADMINISTRATOR = "Mai Văn Quản Trị"
WARD = "/quan-tri/don-vi/H41.9.11/"
WIDTHS = ((390, 844), (1440, 900))


def look(page: Page, name: str) -> list[str]:
    """Return what axe finds on the page one is on, at both widths, and whether it is too wide."""
    found = []
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        found += axe.grave(page, f"{name} at {width}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{name} is wider than {width}")
    return found


def people(unit: str, number: int, *, position: str = "specialist") -> dict:
    """Return a list with one official as a file."""
    heads = '"Họ, chữ đệm, tên",Số định danh cá nhân,Tên đăng nhập,Mã đơn vị,Vị trí việc làm'
    row = f"Lê Thị Giả Định,0401900{number:05d},giadinh.{number},{unit},{position},01/11/2026"
    text = f"{heads},Giữ vị trí từ ngày\n{row}\n"
    return {"name": "can-bo.csv", "mimeType": "text/csv", "buffer": text.encode("utf-8-sig")}


def test_an_office_is_set_up_with_its_people(demo: str, browser: Browser) -> None:
    page = desk(browser)
    number = random.randrange(100, 999)  # a running demo keeps what was made before
    code = f"H41.9.11.{number}"
    cast.sign_in(page, demo, ADMINISTRATOR)
    found = []

    # a unit, in two steps
    page.goto(f"{demo}{WARD}")
    page.get_by_role("link", name="Thêm đơn vị trực thuộc").click()
    for name, value in {
        "code": code,
        "name": f"Phòng Giả định {number}",
        "short_name": f"Phòng Giả định {number}",
        "valid_from": "01/11/2026",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    found += look(page, "unit form")
    page.get_by_role("button", name="Xem trước việc này chạm tới gì").click()
    expect(page.locator("main")).to_contain_text("Chưa có gì được ghi")
    found += look(page, "confirmation")
    page.get_by_role("button", name="Thêm đơn vị").click()
    expect(page.locator("main")).to_contain_text(f"Phòng Giả định {number}")

    # a position in it
    page.goto(f"{demo}/quan-tri/don-vi/?q=gia dinh {number}")
    found += look(page, "units found")
    page.get_by_role("link", name=f"Phòng Giả định {number}").click()
    page.get_by_role("link", name="Thêm vị trí việc làm").click()
    page.locator("[name=title]").fill("Chuyên viên")
    page.locator("[name=code]").fill("specialist")
    page.locator("[name=valid_from]").fill("01/11/2026")
    page.get_by_role("button", name="Thêm vị trí").click()
    expect(page.locator("main")).to_contain_text("Chuyên viên")
    found += look(page, "unit")

    # a list with a fault, then without
    page.goto(f"{demo}/quan-tri/nap-danh-sach/")
    found += look(page, "lists")
    page.get_by_role("link", name="Nạp danh sách này").last.click()
    file = page.locator("input[type=file]")
    file.set_input_files([people(code, number, position="vua")])
    page.get_by_role("button", name="Thử danh sách").click()
    expect(page.locator("main")).to_contain_text("Đơn vị không có vị trí này")
    found += look(page, "faulty list")
    page.locator("input[type=file]").set_input_files([people(code, number)])
    page.get_by_role("button", name="Thử danh sách").click()
    expect(page.locator("main")).to_contain_text("Mọi dòng đều đúng")
    cast.act(page, "Ghi cả danh sách")
    expect(page.locator("main")).to_contain_text("Chỉ hiện một lần")
    assert re.search(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", page.locator("main").inner_text())
    found += look(page, "loaded list")

    # the account: one more position, and its history
    page.goto(f"{demo}/quan-tri/tai-khoan/?q=giadinh.{number}")
    page.get_by_role("link", name=f"giadinh.{number}").click()
    page.get_by_role("link", name="Giao thêm vị trí").click()
    field = page.locator("[name='position.text']")
    field.press_sequentially("giam doc so tu phap")
    expect(page.locator(".pick-list [data-value]").first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    found += look(page, "post form")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator("main")).to_contain_text("Đã giao thêm vị trí.")
    page.get_by_role("button", name="Đặt mặc định").first.click()
    expect(page.locator("main")).to_contain_text("Đã đặt vị trí mặc định")
    found += look(page, "account")
    page.get_by_role("link", name="Toàn bộ lịch sử").click()
    expect(page.locator("main")).to_contain_text("Chọn vị trí mặc định")
    found += look(page, "history")

    assert found == []


def test_a_procedure_is_switched_off_and_on_again(demo: str, browser: Browser) -> None:
    page, citizen = desk(browser), phone(browser)
    cast.sign_in(page, demo, ADMINISTRATOR)
    here = f"{demo}/quan-tri/thu-tuc/1.001193/"

    page.goto(f"{demo}/quan-tri/thu-tuc/?q=1.001193")
    found = look(page, "catalogue")
    page.get_by_role("link", name="Đăng ký khai sinh").first.click()
    found += look(page, "procedure")
    page.get_by_role("link", name="Phiên bản 1").click()
    found += look(page, "version")

    page.goto(here)
    try:
        page.locator("form[action*=nhan-ho-so] [name=reason]").fill("Chờ biểu mẫu mới")
        cast.act(page, "Tạm dừng nhận hồ sơ")
        expect(page.locator("main")).to_contain_text("Đã tạm dừng nhận hồ sơ.")
        citizen.goto(f"{demo}/thu-tuc/1.001193/")
        expect(citizen.locator("main")).to_contain_text("Chờ biểu mẫu mới")
        expect(citizen.get_by_role("link", name="Nộp hồ sơ trực tuyến")).to_have_count(0)
        found += look(citizen, "switched off")
    finally:
        page.goto(here)
        page.locator("form[action*=nhan-ho-so] [name=reason]").fill("Đã có biểu mẫu")
        cast.act(page, "Nhận hồ sơ trở lại")
    citizen.goto(f"{demo}/thu-tuc/1.001193/")
    expect(citizen.get_by_role("link", name="Nộp hồ sơ trực tuyến")).to_have_count(1)

    # a draft, looked at and thrown away
    page.goto(here)
    page.locator("[name=announcement]").fill("Quyết định giả định")
    page.locator("[name=valid_from]").fill("01/01/2099")
    page.get_by_role("button", name="Soạn dự thảo").click()
    expect(page.locator("main")).to_contain_text("Hãy xem lại rồi ban hành")
    found += look(page, "draft")
    cast.act(page, "Bỏ dự thảo")
    expect(page.locator("main")).to_contain_text("Đã bỏ dự thảo.")

    assert found == []
