"""A leader has ten seconds: what is late, who holds it, which commune; at a desk and on a phone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pypdfium2 import PdfDocument

from tests.journeys import axe, cast
from tests.journeys.conftest import ROOT, desk, phone

pytestmark = pytest.mark.journey

LEADER = "Trần Thị Chủ Tịch Tỉnh"
WARD = "UBND phường Trường Vinh"
LATE = """
import datetime as dt
from sen.systems.operations.tests import factories as f
from sen.base import clock
now = clock.now()
f.NOW, f.ON = now, now.date()
for number in range(4):
    f.late("H41.9.11", by=9 + number)
f.late("H41.9.12", by=3, step="sign")
"""


@pytest.fixture(scope="module")
def late(demo: str, home: Path) -> None:
    """Let four dossiers of a ward and one of a commune be late."""
    environment = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("SEN_", "DATABASE_URL", "DJANGO_"))
    }
    environment |= {
        "SEN_HOME": str(home),
        "SEN_DEMO": "1",
        "SEN_ACTS_AS_SYSTEM": "1",
        "DJANGO_SETTINGS_MODULE": "sen.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    command = [sys.executable, "-m", "django", "shell", "--command", LATE]
    subprocess.run(command, env=environment, check=True, capture_output=True, cwd=ROOT)


@pytest.mark.usefixtures("late")
def test_a_leader_sees_what_is_late_and_finds_who_holds_it(demo: str, browser: Browser) -> None:
    page = desk(browser)
    cast.sign_in(page, demo, LEADER)

    assert page.url == f"{demo}/dieu-hanh/"
    expect(page.locator(".op-headline")).to_contain_text("hồ sơ trễ hạn ở")
    first = page.locator(".op-asks li").first
    expect(first).to_contain_text(WARD)
    expect(first).to_contain_text("Thụ lý · Công chức tư pháp – hộ tịch")
    found = axe.grave(page, "board")

    first.get_by_role("link", name=WARD).click()
    expect(page.locator("h1")).to_have_text(WARD)
    lying = page.get_by_role("row").filter(has_text="Công chức tư pháp – hộ tịch").first
    expect(lying).to_contain_text(re.compile(r"\d+ trễ hạn"))
    dossier = page.locator("#ho-so tbody tr").first
    expect(dossier).to_contain_text("H41.TEST-")
    expect(dossier.get_by_role("link")).to_have_count(0)  # the province does not open it
    found += axe.grave(page, "place")

    page.goto(f"{demo}/dieu-hanh/?mau=on_time")
    page.emulate_media(color_scheme="dark")
    found += axe.grave(page, "board in the dark")
    assert found == []
    page.emulate_media(color_scheme="light")
    assert len(PdfDocument(page.pdf(format="A4"))) == 1  # what a leader takes along is one sheet


@pytest.mark.usefixtures("late")
def test_a_finger_on_a_tile_tells_the_commune_and_the_second_opens_it(
    demo: str, browser: Browser
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="vi-VN", has_touch=True, is_mobile=True
    )
    page = context.new_page()
    cast.sign_in(page, demo, LEADER)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    tile = page.locator(f'a.op-mark[data-name="{WARD}"]')
    assert tile.locator(".op-area").bounding_box()["width"] >= 24

    tile.tap()

    said = page.locator("[data-pointed]")
    expect(said).to_contain_text(WARD)
    expect(said).to_contain_text(re.compile(r"\d+ trễ hạn trong \d+ hồ sơ chưa xong"))
    assert page.url == f"{demo}/dieu-hanh/"
    assert axe.grave(page, "board on a phone") == []

    tile.tap()
    expect(page.locator("h1")).to_have_text(WARD)


@pytest.mark.usefixtures("late")
def test_the_keyboard_goes_over_the_map_and_without_scripts_a_tile_is_a_link(
    demo: str, browser: Browser
) -> None:
    page = desk(browser)
    cast.sign_in(page, demo, LEADER)
    page.locator(f'a.op-mark[data-name="{WARD}"]').focus()
    expect(page.locator("[data-pointed]")).to_contain_text(WARD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(WARD)

    plain = phone(browser, script=False)
    cast.sign_in(plain, demo, LEADER)
    plain.locator(f'a.op-mark[data-name="{WARD}"] .op-area').click()
    expect(plain.locator("h1")).to_have_text(WARD)
