"""A birth registered on pages: a phone of 390 px, officials, a supplement, a rework."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import cast, life
from tests.journeys.conftest import desk, phone

pytestmark = pytest.mark.journey


def test_a_birth_is_registered_by_a_citizen_and_four_officials(
    demo: str, browser: Browser, tmp_path: Path
) -> None:
    father = phone(browser)
    cast.sign_in(father, demo, cast.FATHER)
    code = cast.file_birth(father, demo, life.scan())

    one_stop = desk(browser)
    cast.sign_in(one_stop, demo, cast.ONE_STOP)
    cast.open_task(one_stop, demo, code)
    one_stop.get_by_role("button", name="Tiếp nhận hồ sơ").click()
    expect(one_stop.locator("main")).to_contain_text("Đã tiếp nhận hồ sơ")

    head = desk(browser)
    cast.sign_in(head, demo, cast.HEAD)
    cast.open_task(head, demo, code)
    head.locator("select[name=to]").select_option(label=cast.SPECIALIST)
    head.get_by_role("button", name="Phân công").click()
    expect(head.locator("main")).to_contain_text("Đã phân công")

    specialist = desk(browser)
    cast.sign_in(specialist, demo, cast.SPECIALIST)
    cast.open_task(specialist, demo, code)
    specialist.get_by_text("Yêu cầu bổ sung", exact=True).first.click()
    specialist.locator("select[name=item_1_code]").select_option("giay_chung_sinh")
    specialist.locator("input[name=item_1_what]").fill("Chụp lại trang có dấu của bệnh viện")
    specialist.locator("input[name=item_1_reason]").fill("Ảnh mờ, không đọc được số")
    specialist.get_by_role("button", name="Gửi phiếu yêu cầu bổ sung").click()
    expect(specialist.locator("main")).to_contain_text("Thời hạn tạm dừng")

    father.goto(f"{demo}/ho-so/{code}/")
    expect(father.locator("main")).to_contain_text("Ảnh mờ, không đọc được số")
    again = {"name": "lan-hai.pdf", "mimeType": "application/pdf", "buffer": life.scan("Lần hai")}
    father.locator("input[type=file]").first.set_input_files([again])
    expect(father.locator(".file-state").first).to_have_text("Đã nhận")
    father.get_by_role("button", name="Gửi bổ sung").click()
    expect(father.locator("main")).to_contain_text("Đã gửi bổ sung")

    for _round in range(2):
        cast.open_task(specialist, demo, code)
        specialist.get_by_role("button", name="Trình dự thảo kết quả").click()
        expect(specialist.locator("main")).to_contain_text("Đã trình dự thảo")
        cast.open_task(head, demo, code)
        head.get_by_role("button", name="Đồng ý, trình ký").click()
        expect(head.locator("main")).to_contain_text("Đã ghi ý kiến thẩm tra")
        if _round == 0:
            chair = desk(browser)
            cast.sign_in(chair, demo, cast.CHAIR)
            cast.open_task(chair, demo, code)
            chair.get_by_text("Trả lại để làm lại", exact=True).click()
            chair.locator("textarea[name=comment]").fill("Kiểm tra lại nơi sinh")
            chair.get_by_role("button", name="Trả lại", exact=True).click()
            expect(chair.locator("main")).to_contain_text("Đã trả lại để làm lại")
    cast.open_task(chair, demo, code)
    cast.act(chair, "Ký số")

    clerk = desk(browser)
    cast.sign_in(clerk, demo, cast.CLERK)
    clerk.goto(f"{demo}/ho-so/{code}/")
    cast.wait_for_act(clerk, "Cấp số, đóng dấu, phát hành")
    cast.act(clerk, "Cấp số, đóng dấu, phát hành")

    father.goto(f"{demo}/ho-so/{code}/")
    cast.wait_for_act(father, "Tôi đã nhận kết quả")
    href = father.get_by_role("link", name="Kết quả giải quyết").get_attribute("href")
    pdf = father.request.get(f"{demo}{href}").body()
    father.get_by_role("button", name="Tôi đã nhận kết quả").click()
    expect(father.locator("main")).to_contain_text("Bạn đã nhận kết quả điện tử")

    _both_signatures_hold(pdf, tmp_path)
    stranger = phone(browser)
    stranger.goto(f"{demo}/xac-minh/")
    paper = {"name": "khai-sinh.pdf", "mimeType": "application/pdf", "buffer": pdf}
    stranger.locator("input[type=file]").set_input_files([paper])
    stranger.get_by_role("button", name="Kiểm tra").click()
    expect(stranger.locator("main")).to_contain_text("Đúng là văn bản do cơ quan nhà nước cấp")
    stranger.goto(f"{demo}/xac-minh/")
    altered = bytearray(pdf)
    altered[altered.index(b"/Type") + 2] ^= 1
    changed = {"name": "sua.pdf", "mimeType": "application/pdf", "buffer": bytes(altered)}
    stranger.locator("input[type=file]").set_input_files([changed])
    stranger.get_by_role("button", name="Kiểm tra").click()
    expect(stranger.locator("main")).not_to_contain_text("Đúng là văn bản")


def _both_signatures_hold(pdf: bytes, folder: Path) -> None:
    """Ask poppler's `pdfsig`, which is not ours, about both signatures."""
    tool = shutil.which("pdfsig")
    if tool is None:
        pytest.skip("pdfsig (poppler-utils) is not installed")
    paper = folder / "khai-sinh.pdf"
    paper.write_bytes(pdf)
    said = subprocess.run([tool, str(paper)], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid.") == 2, said
