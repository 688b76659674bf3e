"""What the people of the browser journeys do on pages: sign in, fill in, act."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.sync_api import Cookie, Page, expect

CODE_SECONDS = 65
"""How long to wait at most for a one-time code that was not used yet."""

FATHER = "Nguyễn Văn Thử"
ONE_STOP = "Hoàng Thị Một Cửa"
HEAD = "Võ Văn Chánh Phòng"
SPECIALIST = "Đặng Thị Hộ Tịch"
CHAIR = "Nguyễn Văn Chủ Tịch"
CLERK = "Hồ Thị Văn Thư"

CHILD: Mapping[str, str] = {
    "requester_relation": "father",
    "requester_phone": "0912345678",
    "requester_residence.line": "Số 1, đường Thử Nghiệm",
    "requester_residence.text": "Phường Trường Vinh, Tỉnh Nghệ An",
    "child_birth_date": "1/11/2026",
    "birth_place_kind": "facility",
    "birth_facility_name": "Bệnh viện Sản Nhi Giả Định",
    "birth_facility_area.text": "Phường Trường Vinh, Tỉnh Nghệ An",
    "child_full_name": "Nguyễn An Thử",
    "child_sex": "male",
    "child_ethnicity": "kinh",
    "child_nationality": "Việt Nam",
    "child_home_town.text": "Phường Trường Vinh, Tỉnh Nghệ An",
    "mother_full_name": "Trần Thị Mẫu",
    "mother_birth_date": "08/03/1995",
    "mother_number": "040195000102",
    "mother_ethnicity": "kinh",
    "mother_nationality": "Việt Nam",
    "mother_residence.line": "Số 1, đường Thử Nghiệm",
    "mother_residence.text": "Phường Trường Vinh, Tỉnh Nghệ An",
    "parents_married": "yes",
    "marriage_certificate_number": "12/2024",
    "father_full_name": FATHER,
    "father_birth_date": "14/02/1993",
    "father_number": "040093000101",
    "father_ethnicity": "kinh",
    "father_nationality": "Việt Nam",
    "father_residence.line": "Số 1, đường Thử Nghiệm",
    "father_residence.text": "Phường Trường Vinh, Tỉnh Nghệ An",
    "extract_copies": "2",
    "result_delivery": "electronic",
    "truth_declared": "yes",
}
"""What the father says on the pages of the form, by the names of the inputs."""

REQUESTER: Mapping[str, str] = {
    "requester_full_name": "Hoàng Văn Không Tài Khoản",
    "requester_number": "040088000199",
}
"""Who stands at the counter without an account."""


def wait_for_code(page: Page) -> None:
    """Stay at the second step until the page fills in a code: each is good once in 30 seconds."""
    for _ in range(CODE_SECONDS):
        if page.locator("input[name=code]").input_value():
            return
        page.wait_for_timeout(1000)
        page.goto(page.url)
    raise AssertionError("no new code was shown")


Session = tuple[str, list[Cookie]]
_SESSIONS: dict[tuple[str, str], Session] = {}
"""Where somebody came to by signing in at a demo, and the cookies of it."""


def sign_in(page: Page, demo: str, name: str) -> None:
    """Sign in by the demo's page, or go on with the session that somebody has there already.

    Every step of the true sign-in is gone through once for each person, and wherever a journey is
    about signing in or goes without scripts.
    """
    kept = _SESSIONS.get((demo, name))
    if kept is None or not _goes_on(page, kept):
        sign_in_anew(page, demo, name)
        _SESSIONS[demo, name] = page.url, page.context.cookies(demo)


def _goes_on(page: Page, kept: Session) -> bool:
    """Take a session up; return whether it still stands."""
    place, cookies = kept
    page.context.add_cookies(cookies)
    page.goto(place)
    if page.url == place and page.locator(".account").count():
        return True
    page.context.clear_cookies()
    return False


def sign_in_anew(page: Page, demo: str, name: str) -> None:
    """Go through every step of the true sign-in, with one click each."""
    page.goto(f"{demo}/demo/")
    page.locator("li", has_text=name).get_by_role("button").click()
    if "oauth2" in page.url:
        page.get_by_role("button", name="Đồng ý và đăng nhập").click()
    else:
        wait_for_code(page)
        page.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(page.locator("body")).not_to_contain_text("Mã xác thực hai lớp")
    expect(page.locator(".account").first).to_be_attached()


_ASKED = """names => names
  .map((name) => document.getElementsByName(name)[0])
  .filter((one) => one)
  .map((one) => [one.name, one.type, one.tagName, one.hasAttribute("readonly")])"""


def fill(page: Page, said: Mapping[str, str]) -> None:
    """Fill in what the page asks for and the people say; what is known already stays."""
    for name, kind, tag, is_known in page.evaluate(_ASKED, list(said)):
        value, first = said[name], page.locator(f'[name="{name}"]').first
        if kind == "radio":
            choice = page.locator(f'[name="{name}"][value="{value}"]')
            if choice.evaluate("one => one.closest('[hidden]') === null"):
                choice.check(force=True)
        elif is_known or not first.is_visible():
            continue
        elif tag == "SELECT":
            first.select_option(value)
        else:
            first.fill(value)


def through_the_form(page: Page, said: Mapping[str, str]) -> None:
    """Go from the first page of a draft to its papers."""
    for _ in range(12):
        if "/trang/" not in page.url:
            return
        before = page.url
        fill(page, said)
        page.get_by_role("button", name="Lưu và tiếp tục").click()
        page.wait_for_load_state()
        assert page.url != before, page.locator("main").inner_text()


def begin(page: Page, demo: str) -> None:
    """Begin a new filing on the page of the procedure, whatever was begun before."""
    page.goto(f"{demo}/thu-tuc/1.001193/")
    page.get_by_role("link", name="Nộp hồ sơ trực tuyến").click()
    page.wait_for_load_state()
    if "/nop/" in page.url:
        page.get_by_role("button", name="Bắt đầu hồ sơ mới").click()
        page.wait_for_load_state()


def act(page: Page, name: str) -> None:
    """Press the button of an act, and once more in the dialog where it asks for it."""
    page.get_by_role("button", name=name, exact=True).first.click()
    asked = page.locator("dialog[open]")
    if asked.count():
        asked.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def file_birth(page: Page, demo: str, scan: bytes) -> str:
    """File a birth registration as the father who is signed in, and return the dossier's code."""
    begin(page, demo)
    through_the_form(page, CHILD)
    return submit(page, scan)


def submit(page: Page, scan: bytes, centre: str = "H41.9.11.1") -> str:
    """Hand in the paper, submit, and return the dossier's code."""
    paper = {"name": "giay-chung-sinh.pdf", "mimeType": "application/pdf", "buffer": scan}
    page.locator("input[type=file]").first.set_input_files([paper])
    expect(page.locator(".file-state").first).to_have_text("Đã nhận")
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    page.locator("select[name=receiving_unit]").select_option(centre)
    page.get_by_role("button", name="Nộp hồ sơ").click()
    expect(page.locator("main")).to_contain_text("Đã nộp hồ sơ")
    found = re.search(r"/ho-so/([^/]+)/", page.url)
    assert found, page.url
    return found[1]


def open_task(page: Page, demo: str, code: str) -> None:
    """Open a dossier from the list of work."""
    page.goto(f"{demo}/viec/")
    page.locator("tr", has_text=code).get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text("Đăng ký khai sinh")


def wait_for_act(page: Page, name: str) -> None:
    """Wait until an act is offered: a signature that was asked for comes back by itself."""
    for _ in range(40):
        if page.get_by_role("button", name=name).count():
            return
        page.wait_for_timeout(250)
        page.reload()
    raise AssertionError(f"{name} was never offered:\n{page.locator('main').inner_text()}")


def wait_for_paper(page: Page, title: str) -> str:
    """Wait until a signed paper is offered, and return where it is read."""
    for _ in range(40):
        link = page.locator(".paper").get_by_role("link", name=title)
        if link.count():
            return link.first.get_attribute("href") or ""
        page.wait_for_timeout(250)
        page.reload()
    raise AssertionError(f"{title} never came:\n{page.locator('main').inner_text()}")
