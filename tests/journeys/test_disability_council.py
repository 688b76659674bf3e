"""A disability certificate: the council's members, its chair and the office, each in a session."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import cast
from tests.journeys.conftest import desk, phone

pytestmark = pytest.mark.journey

SAID = {
    "requester_phone": "0912345678",
    "requester_residence.line": "Số 1, đường Thử Nghiệm",
    "requester_residence.text": "Phường Trường Vinh, Tỉnh Nghệ An",
    "applies_for": "self",
    "person_full_name": cast.FATHER,
    "person_birth_date": "14/02/1993",
    "person_number": "040093000101",
    "person_residence.line": "Số 1, đường Thử Nghiệm",
    "person_residence.text": "Phường Trường Vinh, Tỉnh Nghệ An",
    "declared_kinds": "movement",
    "cannot_travel": "no",
    "has_medical_papers": "no",
    "result_delivery": "electronic",
    "truth_declared": "yes",
}
MEMBERS = (
    "Lê Thị Xã Hội", "Phạm Văn Trạm Y Tế", "Trương Văn Mặt Trận", "Hà Thị Phụ Nữ",
    "Nguyễn Văn Cựu Binh",
)  # fmt: skip
ABSENT = "Vũ Văn Thanh Niên"


def filed(page: Page, demo: str) -> str:
    """File the application as the person it is about, and return the dossier's code."""
    page.goto(f"{demo}/thu-tuc/1.001699/nop/")
    page.locator('[name=case][value="lan_dau"]').check(force=True)
    page.get_by_role("button", name="Bắt đầu").first.click()
    page.wait_for_url("**/trang/**")
    for _ in range(12):
        if "/trang/" not in page.url:
            break
        cast.fill(page, {key: one for key, one in SAID.items() if key != "declared_kinds"})
        kinds = page.locator('[name=declared_kinds][value="movement"]')
        if kinds.count():
            kinds.check(force=True)
        page.get_by_role("button", name="Lưu và tiếp tục").click()
        page.wait_for_load_state()
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    page.locator("select[name=receiving_unit]").select_option("H41.9.11.1")
    page.get_by_role("button", name="Nộp hồ sơ").click()
    expect(page.locator("main")).to_contain_text("Đã nộp hồ sơ")
    found = re.search(r"/ho-so/([^/]+)/", page.url)
    assert found, page.url
    return found[1]


def opinion(page: Page, degree: str) -> None:
    """Say a degree and a kind on the small form."""
    page.locator(f'[name=degree][value="{degree}"]').check(force=True)
    page.locator('[name=kinds][value="movement"]').check(force=True)
    page.locator("[name=signs]").fill("Đi lại khó, cần người giúp")


def test_a_council_of_several_sessions_leads_to_a_certificate(demo: str, browser: Browser) -> None:
    citizen = phone(browser)
    cast.sign_in(citizen, demo, cast.FATHER)
    path = f"{demo}/ho-so/{filed(citizen, demo)}/"

    def session(name: str) -> Page:
        page = desk(browser)
        cast.sign_in(page, demo, name)
        page.goto(path)
        return page

    cast.act(session(cast.ONE_STOP), "Tiếp nhận hồ sơ")
    head = session(cast.HEAD)
    head.locator("select[name=to]").select_option(label=cast.SPECIALIST)
    cast.act(head, "Phân công")

    chair = session(cast.CHAIR)
    chair.locator("[name=meets_on]").fill("1/12/2030")
    chair.locator("[name=meets_time]").fill("08:30")
    cast.act(chair, "Triệu tập Hội đồng")
    expect(chair.locator("main")).to_contain_text("Đã triệu tập Hội đồng")
    for place, name in enumerate(MEMBERS):
        member = session(name)
        opinion(member, "severe" if place < 3 else "light")
        cast.act(member, "Gửi ý kiến")
        expect(member.locator("main")).to_contain_text("Đã ghi ý kiến của bạn")

    chair.goto(path)
    chair.get_by_text("Ghi thành viên vắng mặt").first.click()
    form = chair.locator("form[action*='excuse']")
    form.locator("[name=seat]").select_option("seat_youth")
    form.locator("[name=reason]").fill("Đi công tác")
    cast.act(chair, "Ghi vắng mặt")
    expect(chair.locator("main")).to_contain_text(ABSENT)
    opinion(chair, "severe")
    cast.act(chair, "Kết luận, ký biên bản")
    expect(chair.locator("main")).to_contain_text("Đã ghi kết luận của Hội đồng")
    minutes = chair.get_by_role("link", name="Đọc biên bản").get_attribute("href")
    document = pypdfium2.PdfDocument(chair.request.get(f"{demo}{minutes}").body())
    said = " ".join(" ".join(one.get_textpage().get_text_range().split()) for one in document)
    for words in ("6 trên 7 thành viên", "Vắng mặt: Đi công tác", "Mức độ khuyết tật: Nặng"):
        assert words in said, words

    specialist = session(cast.SPECIALIST)
    with specialist.expect_request("**/xem-truoc/") as looked:
        specialist.evaluate(f"fetch('{path}xem-truoc/')")
    answer = looked.value.response()
    assert answer is not None
    assert answer.headers["content-type"] == "application/pdf"
    cast.act(specialist, "Trình dự thảo kết quả")
    for name, label in (
        (cast.HEAD, "Đồng ý, trình ký"),
        (cast.CHAIR, "Ký số"),
        (cast.CLERK, "Cấp số, đóng dấu, phát hành"),
    ):
        page = session(name)
        cast.wait_for_act(page, label)
        cast.act(page, label)
    citizen.goto(path)
    href = cast.wait_for_paper(citizen, "Kết quả giải quyết")
    paper = pypdfium2.PdfDocument(citizen.request.get(f"{demo}{href}").body())
    text = " ".join(paper[0].get_textpage().get_text_range().split())
    for words in (cast.FATHER, "Vận động", "Nặng", "BB-HĐXĐKT"):
        assert words in text, words
