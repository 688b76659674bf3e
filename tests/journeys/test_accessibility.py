"""The real pages under axe, at a phone's width, a desk's and in the dark: nothing grave."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import axe, cast, life
from tests.journeys.conftest import desk, phone

pytestmark = pytest.mark.journey

WIDTHS = ((390, 844), (1440, 900))


def _check(page: Page, demo: str, places: Sequence[str]) -> list[str]:
    """Return what axe finds on each page at each width, as lines for people."""
    found = []
    for place in places:
        page.goto(f"{demo}{place}")
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            found += axe.grave(page, f"{place} at {width}")
        page.emulate_media(color_scheme="dark")
        page.goto(f"{demo}{place}")  # colours that still change are not measured
        found += axe.grave(page, f"{place} in the dark", only=["color-contrast"])
        page.emulate_media(color_scheme="light")
    return found


def test_the_frame_fits_the_smallest_phone(demo: str, browser: Browser) -> None:
    father = phone(browser)
    cast.sign_in(father, demo, cast.FATHER)
    father.set_viewport_size({"width": 320, "height": 640})
    wide = {}
    for place in ("/", "/ho-so/", "/giay-to/", "/thong-bao/", "/tai-khoan/"):
        father.goto(f"{demo}{place}")
        wide[place] = father.evaluate("document.documentElement.scrollWidth")
    assert wide == dict.fromkeys(wide, 320)


def test_pages_of_visitors_are_open_to_everybody(demo: str, browser: Browser) -> None:
    places = ("/", "/?q=không có", "/thu-tuc/1.001193/", "/tra-cuu/", "/xac-minh/",
              "/dang-nhap/", "/dang-nhap/can-bo/", "/demo/")  # fmt: skip
    assert _check(phone(browser), demo, places) == []


def test_pages_of_citizens_and_officials_are_open_to_everybody(demo: str, browser: Browser) -> None:
    father = phone(browser)
    cast.sign_in(father, demo, cast.FATHER)
    cast.begin(father, demo)
    first = father.url.removeprefix(demo)
    cast.through_the_form(father, cast.CHILD)
    papers = father.url.removeprefix(demo)
    code = cast.submit(father, life.scan())
    cast.begin(father, demo)
    first = father.url.removeprefix(demo)
    places = ("/ho-so/", f"/ho-so/{code}/", "/giay-to/", "/thong-bao/", "/tai-khoan/", first)
    assert papers != first
    assert _check(father, demo, places) == []

    one_stop = desk(browser)
    cast.sign_in(one_stop, demo, cast.ONE_STOP)
    work = ("/viec/", "/mot-cua/ho-so/", "/mot-cua/nhan/", f"/tim/?q={code}", f"/ho-so/{code}/")
    assert _check(one_stop, demo, work) == []
