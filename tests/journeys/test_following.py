"""Following a dossier without signing in: by its code, and what is told to nobody."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import cast, life
from tests.journeys.conftest import phone

pytestmark = pytest.mark.journey


def test_a_dossier_is_followed_by_code_and_digits_and_by_nothing_less(
    demo: str, browser: Browser
) -> None:
    father = phone(browser)
    cast.sign_in(father, demo, cast.FATHER)
    code = cast.file_birth(father, demo, life.scan())

    stranger = phone(browser)
    stranger.goto(f"{demo}/tra-cuu/")
    stranger.locator("[name=code]").fill(code)
    stranger.locator("[name=last_digits]").fill("9999")
    stranger.get_by_role("button", name="Tra cứu", exact=True).click()
    expect(stranger.locator("main")).to_contain_text("Chưa tra cứu được")
    expect(stranger.locator("[name=code]")).to_have_value(code)

    stranger.locator("[name=last_digits]").fill(cast.CHILD["father_number"][-4:])
    stranger.get_by_role("button", name="Tra cứu", exact=True).click()
    main = stranger.locator("main")
    expect(main).to_contain_text("Chờ tiếp nhận")
    expect(main).not_to_contain_text(cast.FATHER)
    expect(main).not_to_contain_text(cast.CHILD["child_full_name"])
    expect(stranger.locator("meta[name=robots]")).to_have_attribute("content", "noindex")

    stranger.get_by_role("link", name="Mở hồ sơ").click()
    expect(stranger).to_have_url(f"{demo}/dang-nhap/?next=%2Fho-so%2F{code}%2F")
    guessed = stranger.goto(f"{demo}/tra-cuu/khong-phai-ma-bi-mat/")
    assert guessed is not None
    assert guessed.status == 404
