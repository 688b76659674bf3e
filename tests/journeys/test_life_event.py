"""A stranger finds the way on a phone: from something that happened to a begun filing."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import axe, cast
from tests.journeys.conftest import phone

pytestmark = pytest.mark.journey

SEED = Path(__file__).resolve().parents[2] / "src/sen/systems/public_services/seed"
CODES = sorted(
    json.loads(path.read_text(encoding="utf-8"))["code"] for path in SEED.glob("*/procedure.json")
)
PLACES = ("/su-kien/", "/su-kien/sinh-con/", "/su-kien/mat-giay-to/", "/thu-tuc/1.013225/",
          "/thu-tuc/2.000815/", "/thu-tuc/1.004222/", "/thu-tuc/1.000005/")  # fmt: skip


@pytest.mark.parametrize("how", ["with script", "without script"])
def test_from_a_life_event_to_a_begun_filing(demo: str, browser: Browser, how: str) -> None:
    visitor = phone(browser, script=how == "with script")
    visitor.goto(demo)
    visitor.get_by_role("link", name="Sinh con Từ giấy chứng sinh").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Sinh con")
    expect(visitor.locator("main")).to_contain_text("Trong 60 ngày kể từ ngày sinh")

    visitor.get_by_role("link", name="Đăng ký khai sinh", exact=True).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Đăng ký khai sinh")
    expect(visitor.locator("main")).to_contain_text("có kết quả chậm nhất")
    for answer in ("birth_place_kind=facility", "requester_relation=father"):
        visitor.locator(f'main a.chip[href*="{answer}"]').first.click()
        assert answer in visitor.url
    papers = visitor.locator("main .ticks li")
    assert papers.count() == 1
    expect(papers.first).to_contain_text("Giấy chứng sinh")

    cast.sign_in_anew(visitor, demo, cast.FATHER)
    visitor.goto(f"{demo}/thu-tuc/1.001193/")
    expect(visitor.locator("main")).to_contain_text("Phường Trường Vinh")
    visitor.get_by_role("link", name="Nộp hồ sơ trực tuyến").click()
    begin = visitor.get_by_role("button", name="Bắt đầu hồ sơ mới")
    if begin.count():
        begin.click()
    visitor.wait_for_url("**/ban-nhap/*/trang/*/")


def test_a_page_to_take_along_fits_on_one_sheet(demo: str, browser: Browser) -> None:
    page = phone(browser)
    sheets = {}
    for place in [*(f"/thu-tuc/{code}/" for code in CODES), *PLACES[1:3]]:
        page.goto(f"{demo}{place}")
        paper = page.pdf(format="A4", prefer_css_page_size=True)
        sheets[place] = len(pypdfium2.PdfDocument(io.BytesIO(paper)))
    assert sheets == dict.fromkeys(sheets, 1)


def test_the_pages_are_open_to_everybody_on_the_smallest_phone(demo: str, browser: Browser) -> None:
    page = phone(browser)
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    found = []
    for place in PLACES:
        for width, scheme in ((320, "light"), (1440, "dark")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.goto(f"{demo}{place}")
            assert page.evaluate("document.documentElement.scrollWidth") == width, place
            found += [axe.line(one, f"{place} at {width}") for one in axe.faults(page)]
    assert found == []
    assert said == []  # the data for programs is no script: the policy has nothing to say of it
