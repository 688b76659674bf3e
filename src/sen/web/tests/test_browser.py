"""The components in a browser: accessible, fitting a phone, usable by keyboard, scripts at work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from sen.web import views

pytestmark = [pytest.mark.journey, pytest.mark.urls("sen.web.tests.urls")]
PARTS = [*views._PARTS, *views._FRAMES]
VECTORS = Path(__file__).parents[2] / "kernel/forms/tests/jsonlogic_vectors.json"
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input, select, summary, textarea")]
  .filter((one) => one.checkVisibility() && !one.closest("p, li.file, dd, .skip-link, .message, td, th"))
  .map((one) => [one, (one.closest("label.choice, .drop") || one).getBoundingClientRect()])
  .filter(([one, box]) => box.width > 1 && (box.height < 23.9 || box.width < 23.9))
  .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)"""


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TWICE = {"pages": ["landmark-unique"]}
"""The catalogue shows the frame's own landmarks a second time."""


def faults(
    page: Page, part: str, *, without: tuple[str, ...] = (), only: list[str] = RULES
) -> list[str]:
    options = {
        "runOnly": only,
        "resultTypes": ["violations"],
        "rules": {name: {"enabled": False} for name in [*TWICE.get(part, []), *without]},
    }
    found: dict[str, Any] = Axe().run(page, options=options).response
    return [
        f"{one['id']}: {node['html'][:120]} {node.get('failureSummary', '')[:200]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("part", PARTS)
def test_pages_and_components_are_accessible(browser: Browser, server: str, part):
    context = browser.new_context(base_url=server, locale="vi-VN", reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"/ui/{part}/")
    assert faults(page, part) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.reload()
    assert faults(page, part, only=["color-contrast"]) == []
    context.close()


@pytest.mark.parametrize("part", PARTS)
def test_pages_fit_a_small_phone(narrow: Page, part):
    narrow.goto(f"/ui/{part}/")
    assert narrow.evaluate("document.documentElement.scrollWidth") == 360
    assert narrow.evaluate(SMALL_TARGETS) == []
    # What the bar at the foot of the screen happens to cover is measured above, uncovered.
    assert faults(narrow, part, without=("target-size",)) == []


@pytest.mark.parametrize("part", PARTS)
def test_pages_say_nothing_on_the_console(wide: Page, part):
    said: list[str] = []
    wide.on("console", lambda message: said.append(message.text))
    wide.on("requestfailed", lambda request: said.append(request.url))
    wide.goto(f"/ui/{part}/")
    wide.wait_for_load_state("networkidle")
    assert said == []


def test_the_keyboard_meets_the_way_past_the_menu_first(wide: Page):
    wide.goto("/ui/desk/")
    wide.keyboard.press("Tab")
    expect(wide.locator(".skip-link")).to_be_focused()
    expect(wide.locator(".skip-link")).to_be_in_viewport()
    wide.keyboard.press("Enter")
    assert wide.evaluate("document.activeElement.id") == "main"


def test_focus_can_be_seen(wide: Page):
    wide.goto("/ui/portal/")
    link = wide.locator(".link-cards a").first
    link.focus()
    wide.keyboard.press("Shift+Tab")
    wide.keyboard.press("Tab")
    style = link.evaluate(
        "(one) => [getComputedStyle(one).outlineStyle, getComputedStyle(one).outlineWidth]"
    )
    assert style == ["solid", "3px"]


def test_a_dialog_opens_traps_the_focus_and_closes_by_escape(wide: Page):
    wide.goto("/ui/actions/")
    wide.get_by_role("button", name="Mở hộp thoại").click()
    dialog = wide.get_by_role("dialog")
    expect(dialog).to_be_visible()
    wide.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    wide.get_by_role("link", name="Rút hồ sơ").click()
    expect(dialog).to_be_visible()
    wide.mouse.click(5, 5)
    expect(dialog).to_be_hidden()


def test_slashes_come_by_themselves_in_a_date(narrow: Page):
    narrow.goto("/ui/fields/")
    field = narrow.locator("#id_birth")
    field.press_sequentially("21112026")
    expect(field).to_have_value("21/11/2026")
    field.fill("")
    field.press_sequentially("3/4/2026")
    expect(field).to_have_value("3/4/2026")
    field.fill("")
    field.press_sequentially("21/11/2026")
    expect(field).to_have_value("21/11/2026")


def test_a_theme_shows_at_once_and_stays(wide: Page):
    wide.goto("/ui/portal/")
    before = wide.evaluate("getComputedStyle(document.body).backgroundColor")
    with wide.expect_response("**/giao-dien/"):
        wide.locator(".portal-foot").get_by_role("button", name="Tối").click()
    assert wide.evaluate("getComputedStyle(document.body).backgroundColor") != before
    wide.reload()
    assert wide.evaluate("document.documentElement.dataset.theme") == "dark"


def test_menus_close_by_escape_and_by_a_click_elsewhere(wide: Page):
    wide.goto("/ui/desk/")
    menu = wide.locator("details.account")
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    wide.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    menu.locator("summary").click()
    wide.locator("h1").click()
    expect(menu).not_to_have_attribute("open", "")


def test_a_code_is_copied_and_said(browser: Browser, server: str):
    context = browser.new_context(
        base_url=server, permissions=["clipboard-read", "clipboard-write"], locale="vi-VN"
    )
    page = context.new_page()
    page.goto("/ui/actions/")
    page.get_by_role("button", name="Chép Mã hồ sơ").click()
    expect(page.locator(".copy-code-said")).to_have_text("Đã chép")
    assert page.evaluate("navigator.clipboard.readText()") == "H41.9.12-261121-0007"
    context.close()


def test_questions_appear_as_their_conditions_say(wide: Page):
    wide.goto("/ui/fields/")
    married_on = wide.locator("[data-question=married_on]")
    expect(married_on).to_be_hidden()
    wide.locator("[data-question=is_married] input[value=yes]").check()
    expect(married_on).to_be_visible()
    wide.locator("[data-question=is_married] input[value=no]").check()
    expect(married_on).to_be_hidden()


def test_the_browser_reads_conditions_as_the_server_does(wide: Page):
    wide.goto("/ui/fields/")
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    wrong = wide.evaluate(
        """async ([url, vectors]) => {
          const { evaluate } = await import(url);
          return vectors.map((one) => [one, evaluate(one.rule, one.values ?? {}, one.today ?? "2026-11-21")])
            .filter(([one, got]) => JSON.stringify(got ?? null) !== JSON.stringify(one.result ?? null));
        }""",
        ["/static/web/js/conditions.js", vectors],
    )
    assert wrong == []


SUGGESTED = {
    "rows": [
        {"href": "/ui/records/", "pieces": [["Đăng ký ", False], ["khai sinh", True]], "hint": "Hộ tịch"},
        {"href": "/ui/fields/", "pieces": [["Thủ tục có tên rất dài " * 6, False]], "hint": "Đất đai"},
    ]
}  # fmt: skip


def search_box(page: Page) -> tuple[Locator, list[str]]:
    """Open a search box that suggests; the list of what it asked for grows while it is used."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(parse_qs(urlsplit(route.request.url).query)["q"][0])
        rows = SUGGESTED if "k" in asked[-1] else {"rows": []}
        route.fulfill(json=rows)

    page.route("**/goi-y/*", answer)
    page.goto("/ui/pages/")
    return page.locator("[name=g]"), asked


def test_a_search_box_suggests_by_keyboard_and_tells_readers(wide: Page):
    box, asked = search_box(wide)
    box.press_sequentially("khai", delay=15)
    expect(box).to_have_attribute("aria-expanded", "true")
    assert asked == ["khai"]
    options = wide.locator(".search-list [role=option]")
    expect(options).to_have_count(2)
    expect(options.first.locator("mark")).to_have_text("khai sinh")
    expect(wide.locator(".search-box [role=status]").last).to_contain_text("2 gợi ý")
    assert faults(wide, "pages") == []
    for key, active in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowDown", None), ("ArrowUp", 1)):
        box.press(key)
        chosen = None if active is None else options.nth(active).get_attribute("id")
        assert box.get_attribute("aria-activedescendant") == chosen
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("khai")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    wide.wait_for_url("**/ui/records/")


def test_a_search_box_asks_nothing_while_a_word_is_composed(wide: Page):
    box, asked = search_box(wide)
    box.focus()
    wide.evaluate("""() => {
      const box = document.activeElement;
      box.dispatchEvent(new CompositionEvent("compositionstart"));
      box.value = "ki";
      box.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true }));
    }""")
    wide.wait_for_timeout(400)
    assert asked == []
    wide.evaluate("document.activeElement.dispatchEvent(new CompositionEvent('compositionend'))")
    expect(wide.locator(".search-list [role=option]")).to_have_count(2)
    assert asked == ["ki"]


def test_a_search_box_shows_the_last_question_s_answer_and_asks_once_for_each(wide: Page):
    box, asked = search_box(wide)
    box.fill("kh")
    expect(wide.locator(".search-list")).to_be_visible()
    box.fill("zz")
    expect(wide.locator(".search-list")).to_be_hidden()
    expect(wide.locator(".search-box [role=status]").last).to_contain_text("Chưa có gợi ý")
    box.fill("kh")
    expect(wide.locator(".search-list")).to_be_visible()
    box.fill("k")
    expect(wide.locator(".search-list")).to_be_hidden()
    assert asked == ["kh", "zz"]


def test_suggestions_fit_a_phone_and_are_taken_by_a_tap(narrow: Page):
    box, _asked = search_box(narrow)
    box.fill("kha")
    options = narrow.locator(".search-list [role=option]")
    expect(options).to_have_count(2)
    assert narrow.evaluate("document.documentElement.scrollWidth") == 360
    boxes = [one.bounding_box() for one in options.all()]
    assert all(one is not None and one["height"] >= 44 for one in boxes)
    options.nth(1).tap()
    narrow.wait_for_url("**/ui/fields/")


def test_the_script_of_search_boxes_weighs_two_kilobytes():
    script = Path(__file__).parents[1] / "static/web/js/search.js"
    assert len(brotli.compress(script.read_bytes())) <= 2000


def test_tabular_figures_stand_in_columns(wide: Page):
    wide.goto("/ui/records/")
    widths = wide.evaluate("""async () => {
      await document.fonts.ready;
      return ["1111", "4444", "0000"].map((text) => {
        const one = Object.assign(document.createElement("time"), { textContent: text });
        document.querySelector("h1").append(one);
        return Math.round(one.getBoundingClientRect().width * 10);
      });
    }""")
    assert len(set(widths)) == 1


def test_a_file_goes_in_pieces_through_a_lost_connection(wide: Page):
    wide.goto("/ui/fields/")
    asked: list[tuple[str, str]] = []
    state = {"offset": 0, "lost": 0}

    def begin(route):
        asked.append(("begin", route.request.post_data))
        route.fulfill(json={"id": "7"}, status=201)

    def append(route):
        offset = route.request.headers["upload-offset"]
        asked.append(("append", offset))
        if state["lost"] == 0 and offset != "0":
            state["lost"] = 1
            route.abort()
        elif int(offset) != state["offset"]:
            route.fulfill(json={"offset": state["offset"]}, status=409)
        else:
            state["offset"] += len(route.request.post_data_buffer)
            route.fulfill(json={"offset": state["offset"]})

    wide.route("**/b", begin)
    wide.route("**/a/7", append)
    wide.route("**/f/7", lambda route: route.fulfill(json={"id": "7", "name": "a.pdf"}))
    place = wide.locator("[data-upload]").first
    place.evaluate(
        '(one) => Object.assign(one.dataset, { begin: "/b", append: "/a/{id}", finish: "/f/{id}" })'
    )
    size = 1024 * 1024 + 10
    place.locator("input[type=file]").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x" * size}
    )
    expect(place.locator(".file-state")).to_have_text("Đã nhận")
    assert asked == [
        ("begin", json.dumps({"name": "a.pdf", "size": size}, separators=(",", ":"))),
        ("append", "0"), ("append", "1048576"), ("append", "1048576"),
    ]  # fmt: skip
    assert place.locator('input[type=hidden][name="marriage"]').input_value() == "7"


def test_a_file_that_is_refused_says_why(wide: Page):
    wide.goto("/ui/fields/")
    wide.route(
        "**/b", lambda route: route.fulfill(json={"detail": "Tệp này không phải PDF."}, status=422)
    )
    place = wide.locator("[data-upload]").first
    place.evaluate('(one) => Object.assign(one.dataset, { begin: "/b" })')
    place.locator("input[type=file]").set_input_files(
        {"name": "a.exe", "mimeType": "application/x-exe", "buffer": b"MZ"}
    )
    expect(place.locator(".file-state")).to_have_text("Tệp này không phải PDF.")
    assert place.locator('input[type=hidden][name="marriage"]').count() == 0


def test_leaving_a_page_with_what_was_typed_is_asked_about(wide: Page):
    wide.goto("/ui/form/")
    asked: list[str] = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.accept()

    wide.on("dialog", answer)
    wide.locator("#id_full_name").press_sequentially("x")
    wide.goto("/ui/portal/")
    assert asked == ["beforeunload"]


def test_pages_work_without_scripts(browser: Browser, server: str):
    context = browser.new_context(
        base_url=server,
        java_script_enabled=False,
        locale="vi-VN",
        viewport={"width": 390, "height": 800},
    )
    page = context.new_page()
    page.goto("/ui/portal/")
    page.locator(".portal-foot button[value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator("details.portal-menu summary").click()
    expect(page.locator("details.portal-menu .pop-links").get_by_role("link").first).to_be_visible()
    context.close()
