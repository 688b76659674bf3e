"""A person without account at the counter: the official files and receives by keyboard alone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser, FileChooser, FilePayload, Page, expect

from tests.journeys import cast, life
from tests.journeys.conftest import desk

pytestmark = pytest.mark.journey

SAID: Mapping[str, str] = {
    **cast.CHILD,
    **cast.REQUESTER,
    "father_full_name": cast.REQUESTER["requester_full_name"],
    "father_birth_date": "01/05/1988",
    "father_number": cast.REQUESTER["requester_number"],
}
_FOCUSED = """() => {
  const one = document.activeElement;
  const seen = [one, one.closest('.choice, .drop, .search-box')].some((part) => {
    if (!part) return false;
    const style = getComputedStyle(part);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  });
  const box = one.getBoundingClientRect();
  return {
    name: one.name ?? '', type: one.type ?? '', tag: one.tagName, value: one.value ?? '',
    readonly: one.readOnly === true, checked: one.checked === true,
    text: (one.innerText ?? '').trim(), inMain: !!one.closest('main'), isSeen: seen,
    isInside: box.bottom > 0 && box.top < innerHeight,
  };
}"""


class Hands:
    """Ten fingers on a keyboard, no mouse; every stop must show where one is."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._choosers: list[FileChooser] = []
        page.on("filechooser", self._opened)

    def _opened(self, chooser: FileChooser) -> None:
        self._choosers.append(chooser)

    def next(self) -> dict[str, object]:
        """Go to the next stop and return what it is."""
        self.page.keyboard.press("Tab")
        found: dict[str, object] = self.page.evaluate(_FOCUSED)
        if found["tag"] != "BODY":
            assert found["isSeen"], f"focus cannot be seen on {found}"
            assert found["isInside"], f"focus is out of sight on {found}"
        return found

    def find(self, text: str) -> None:
        """Go on until the stop says so."""
        for _ in range(150):
            if str(self.next()["text"]).startswith(text):
                return
        raise AssertionError(f"{text} cannot be reached by Tab")

    def press(self, text: str) -> None:
        """Find a link or button and press Enter on it."""
        self.find(text)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def fill(self, said: Mapping[str, str]) -> None:
        """Answer what is asked at each stop until the button that goes on."""
        keyboard = self.page.keyboard
        for _ in range(150):
            found = self.next()
            value = said.get(str(found["name"]))
            if found["text"] == "Lưu và tiếp tục":
                return
            if value is None or not found["inMain"] or found["readonly"]:
                continue
            if found["type"] == "radio":
                self._choose(value)
            elif found["tag"] == "SELECT":
                self._arrow_to(value)
            else:
                keyboard.press("Control+A")
                keyboard.type(value)
        raise AssertionError("the button to go on cannot be reached by Tab")

    def hand_in(self, paper: FilePayload) -> None:
        """Go to the next stop for a file and choose one.

        The choosers are heard from the start: a key may be quicker than a new listener.
        """
        while self.page.evaluate(_FOCUSED)["type"] != "file":
            self.next()
        for wait in range(80):
            if self._choosers:
                break
            if wait % 20 == 0:
                self.page.keyboard.press("Space")
            self.page.wait_for_timeout(250)
        self._choosers[-1].set_files([paper])

    def _choose(self, value: str) -> None:
        self.page.keyboard.press("Space")
        for _ in range(12):
            found = self.page.evaluate(_FOCUSED)
            if found["value"] == value and found["checked"]:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not among the choices")

    def _arrow_to(self, value: str) -> None:
        for _ in range(80):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not in the list")


def test_an_official_files_receives_and_prints_by_keyboard_alone(
    demo: str, browser: Browser
) -> None:
    page = desk(browser)
    hands = Hands(page)
    page.goto(f"{demo}/demo/")
    line = page.locator("li", has_text=cast.ONE_STOP)
    username = line.locator("[name=username]").get_attribute("value") or ""
    password = line.locator("[name=password]").get_attribute("value") or ""
    page.goto(f"{demo}/dang-nhap/can-bo/")
    while page.evaluate(_FOCUSED)["name"] != "username":
        hands.next()
    page.keyboard.type(username)
    while page.evaluate(_FOCUSED)["name"] != "password":
        hands.next()
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ma-xac-thuc/")
    cast.wait_for_code(page)
    while page.evaluate(_FOCUSED)["name"] != "code":
        hands.next()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    page.goto(f"{demo}/viec/")
    hands.press("Nhận hồ sơ")
    hands.press("Đăng ký khai sinh")
    if "/nop/" in page.url:
        hands.press("Bắt đầu hồ sơ mới")
    page.wait_for_url("**/trang/**")
    expect(page.locator("[name=requester_full_name]")).to_have_value("")
    for _ in range(12):
        if "/trang/" not in page.url:
            break
        before = page.url
        hands.fill(SAID)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url != before, page.locator("main").inner_text()

    hands.hand_in({"name": "quet.pdf", "mimeType": "application/pdf", "buffer": life.scan()})
    expect(page.locator(".file-state").first).to_have_text("Đã nhận")
    hands.press("Lưu và tiếp tục")
    while page.evaluate(_FOCUSED)["name"] != "shown":
        hands.next()
    page.keyboard.press("Space")
    hands.press("Nộp và tiếp nhận")
    main = page.locator("main")
    expect(main).to_contain_text("Đã nộp và tiếp nhận hồ sơ")
    expect(main).to_contain_text(cast.REQUESTER["requester_full_name"])

    printed = page.get_by_role("link", name="In giấy tiếp nhận và hẹn trả")
    expect(printed).to_be_visible(timeout=20_000)  # it comes by itself when it is signed
    hands.find("In giấy tiếp nhận và hẹn trả")
    href = printed.get_attribute("href")
    assert page.request.get(f"{demo}{href}").body().startswith(b"%PDF")
