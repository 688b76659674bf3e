"""Another province from nothing: Cao Bằng by the one-time link, and its first birth registration."""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import cast, life
from tests.journeys.conftest import ROOT, START_SECONDS, desk, phone
from tests.journeys.test_administration import look

pytestmark = pytest.mark.journey

PASSWORD = "hoa sen trang 27"
COMMUNE, CENTRE = "Phường Thục Phán, Tỉnh Cao Bằng", "H14.9.1273.1"
HERE = "/quan-tri/cai-dat/"
PEOPLE = (
    ("Nông Thị Tiếp Nhận", "004190000011", "tiepnhan", CENTRE, "one_stop_officer"),
    ("Hoàng Văn Chủ Tịch", "004180000012", "chutich", "H14.9.1273", "chair"),
)
SAID: Mapping[str, str] = {
    **{
        name: COMMUNE if value.endswith("Tỉnh Nghệ An") else value
        for name, value in cast.CHILD.items()
    },
    "requester_full_name": "Lý Văn Thử",
    "requester_number": "004088000199",
    "father_full_name": "Lý Văn Thử",
    "father_birth_date": "01/05/1988",
    "father_number": "004088000199",
    "mother_number": "004195000102",
}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Start `./sen serve` in an empty home; return its address and the link that it printed."""
    home = tmp_path_factory.mktemp("new") / "home"
    kept = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("SEN_", "DATABASE_URL", "DJANGO_"))
    }
    kept |= {"SEN_HOME": str(home), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    said = home.parent / "said.log"
    with said.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "sen.config", "serve", "--workers", "1"],
            env=kept | {"PYTHONUTF8": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
        )
    deadline = time.monotonic() + START_SECONDS
    while not (link := re.search(r"http\S+/cai-dat/\?ma=\S+", said.read_text())):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            pytest.fail(f"nothing was printed to begin with:\n{said.read_text()}")
        time.sleep(0.2)
    try:
        state = json.loads(Path(home / "run" / "supervisor.json").read_text())
        yield state["address"], link[0]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def one_time_code(secret: str) -> str:
    """Return the code that an authenticator shows for a key now (RFC 6238)."""
    key = base64.b32decode(re.sub(r"\s", "", secret).upper())
    digest = hmac.digest(key, int(time.time() // 30).to_bytes(8, "big"), "sha1")
    at = digest[-1] & 15
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def come_in(page: Page, username: str, password: str) -> None:
    """Sign in for the first time: password, a new one where it was given, the second factor."""
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Tiếp tục").click()
    page.wait_for_load_state()
    if page.locator("[name=again]").count():
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=again]").fill(PASSWORD)
        page.locator("main").get_by_role("button").last.click()
        page.wait_for_load_state()
    secret = page.locator(".copy-code-value").inner_text()
    page.locator("[name=code]").fill(one_time_code(secret))
    page.get_by_role("button", name="Hoàn tất đăng nhập").click()
    page.wait_for_load_state()


def step(page: Page, address: str, title: str) -> None:
    """Open a step of the list."""
    page.goto(f"{address}{HERE}")
    panel = page.locator(".admin-step", has=page.locator("h2", has_text=title))
    panel.get_by_role("link").click()
    page.wait_for_load_state()


def listed() -> bytes:
    """Return the first officials as a list to be loaded."""
    heads = (
        "Họ, chữ đệm, tên,Số định danh cá nhân,Tên đăng nhập,Mã đơn vị,Vị trí việc làm,"
        "Giữ vị trí từ ngày"
    ).replace("Họ, chữ đệm, tên", '"Họ, chữ đệm, tên"')
    rows = [",".join([*one, "01/07/2025"]) for one in PEOPLE]
    return "\n".join([heads, *rows, ""]).encode("utf-8-sig")


def test_cao_bang_is_set_up_from_nothing_and_registers_a_birth(
    installation: tuple[str, str], browser: Browser
) -> None:
    address, link = installation
    page = phone(browser)
    page.goto(link)
    page.locator("[name=area]").select_option(label="Tỉnh Cao Bằng")
    for name, value in {
        "code": "H14",
        "full_name": "Triệu Văn Quản Trị",
        "national_number": "004185000001",
        "username": "quantri",
        "password": PASSWORD,
        "again": PASSWORD,
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Tạo tỉnh và quản trị viên").click()
    expect(page.locator("body")).to_contain_text("Đã tạo tỉnh")
    come_in(page, "quantri", PASSWORD)
    expect(page.locator("h1")).to_have_text("Cài đặt lần đầu")
    expect(page.locator("main")).to_contain_text("Còn thiếu")
    assert desk(browser).goto(link).status == 404  # type: ignore[union-attr]  # it answers

    page.set_viewport_size({"width": 1440, "height": 900})
    step(page, address, "Đơn vị cấp xã")
    page.get_by_role("button", name="Lập các đơn vị này").click()
    expect(page.locator("body")).to_contain_text("Đã thêm")
    step(page, address, "Sở, ban, ngành")
    page.get_by_role("button", name="Thêm các đơn vị đã chọn").click()
    expect(page.locator("body")).to_contain_text("Đã thêm")
    step(page, address, "Cán bộ đầu tiên")
    page.get_by_role("link", name="Nạp danh sách cán bộ").click()
    people = {"name": "can-bo.csv", "mimeType": "text/csv", "buffer": listed()}
    page.locator("input[type=file]").set_input_files([people])
    page.get_by_role("button", name="Thử danh sách").click()
    expect(page.locator("main")).to_contain_text("Mọi dòng đều đúng")
    cast.act(page, "Ghi cả danh sách")
    row = page.locator("tr", has_text="tiepnhan")
    found = re.search(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", row.inner_text())
    assert found
    step(page, address, "Lịch làm việc")
    page.get_by_role("button", name="Nhập lịch đã biết").click()
    expect(page.locator("body")).to_contain_text("Đã có lịch năm")
    step(page, address, "Chứng thư số")
    page.get_by_role("button", name="Cấp chứng thư số thử nghiệm").click()
    expect(page.locator("body")).to_contain_text("chứng thư số thử nghiệm")
    step(page, address, "Thủ tục nhận hồ sơ")
    page.get_by_role("button", name="Bật các thủ tục này").click()
    expect(page.locator("body")).to_contain_text("thủ tục nhận hồ sơ")
    step(page, address, "Kết nối bên ngoài")
    expect(page.locator("main")).to_contain_text("SEN_NATIONAL_IDENTITY_URL")
    page.goto(f"{address}{HERE}")
    page.get_by_role("button", name="Để sau").click()
    expect(page.locator("main")).to_contain_text("Đã xong 7 trên 8 bước")

    page.goto(f"{address}/quan-tri/tai-khoan/moi/")
    field = page.locator("[name='position.text']")
    field.press_sequentially("van thu thuc phan")
    expect(page.locator(".pick-list [data-value]").first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value(re.compile("^Văn thư · .*phường Thục Phán"))
    assert page.locator("input[type=hidden][name=position]").input_value()
    found_faults = []
    for name in ("", "cap-xa/", "so-ban-nganh/", "can-bo/", "lich/", "ket-noi/", "thu-tuc/"):
        page.goto(f"{address}{HERE}{name}")
        found_faults += look(page, name)
    assert found_faults == []

    officer = desk(browser)
    officer.goto(f"{address}/dang-nhap/can-bo/")
    come_in(officer, "tiepnhan", found[0])
    expect(officer.locator("body")).to_contain_text("Tỉnh Cao Bằng")
    visitor = desk(browser)
    for path in ("/", "/thu-tuc/", "/khong-co-trang-nay/"):
        visitor.goto(f"{address}{path}")
        assert "Nghệ An" not in visitor.content(), path
    visitor.goto(f"{address}/thu-tuc/1.001193/")
    told = json.loads(visitor.locator("script[type='application/ld+json']").first.text_content())
    assert told["areaServed"]["name"] == "Tỉnh Cao Bằng"
    officer.goto(f"{address}/viec/")
    officer.get_by_role("link", name="Nhận hồ sơ").first.click()
    officer.get_by_role("link", name=re.compile("^Đăng ký khai sinh")).first.click()
    officer.wait_for_load_state()
    cast.through_the_form(officer, SAID)
    paper = {"name": "quet.pdf", "mimeType": "application/pdf", "buffer": life.scan()}
    officer.locator("input[type=file]").first.set_input_files([paper])
    expect(officer.locator(".file-state").first).to_have_text("Đã nhận")
    officer.get_by_role("button", name="Lưu và tiếp tục").click()
    officer.locator("[name=shown]").check()
    officer.get_by_role("button", name="Nộp và tiếp nhận").click()
    main = officer.locator("main")
    expect(main).to_contain_text("Đã nộp và tiếp nhận hồ sơ")
    expect(main).to_contain_text("H14.9.1273")
    expect(officer.get_by_role("link", name="In giấy tiếp nhận và hẹn trả")).to_be_visible(
        timeout=20_000
    )
