"""The same submission twenty times at once over real sockets: one dossier, one answer."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import cast, life
from tests.journeys.conftest import phone
from tests.journeys.test_birth_by_api import PERSON, Answer, Program, program  # noqa: F401 - a fixture

pytestmark = pytest.mark.journey
TIMES = 20


@pytest.fixture
def father(program: Callable[..., Program]) -> Program:  # noqa: F811 - a fixture
    return program("040093000101", *PERSON)


def at_once(ask: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(max_workers=TIMES) as crowd:
        return list(crowd.map(lambda _turn: ask(), range(TIMES)))


def codes(father: Program) -> set[str]:
    return {one["code"] for one in father.get("/dossiers?limit=100")["items"]}


def a_filing(father: Program) -> dict[str, Any]:
    [case] = father.get("/procedures/1.001193")["cases"]
    file = father.upload("giay-chung-sinh.pdf", life.scan())
    return {
        "procedure": "1.001193", "case": case["code"], "form_version": case["form_version"],
        "answers": life.answers(), "receiving_unit": "H41.9.11.1",
        "papers": [{"code": "giay_chung_sinh", "files": [file]}],
    }  # fmt: skip


def one_dossier(answers: list[Answer]) -> str:
    """The code of the one dossier that every answer names."""
    assert {answer.status for answer in answers} == {201}, [one.data for one in answers]
    [code] = {answer.json["code"] for answer in answers}
    return str(code)


def test_one_filing_with_one_key_is_one_dossier(father: Program) -> None:
    before, filing = codes(father), a_filing(father)
    key = {"Idempotency-Key": "twenty-at-once-0001"}
    code = one_dossier(at_once(lambda: father.ask("POST", "/dossiers", filing, **key)))
    assert codes(father) - before == {code}


def test_one_draft_is_one_dossier(father: Program) -> None:
    before, filing = codes(father), a_filing(father)
    draft = father.ask("POST", "/drafts", {"procedure": "1.001193", "case": filing["case"]}).json
    place, version, page = f"/drafts/{draft['id']}", draft["version"], draft["page"]
    while page:
        body = {"version": version, "answers": life.answers()}
        saved = father.ask("PUT", f"{place}/pages/{page}", body).json
        assert saved["errors"] == {}, (page, saved)
        version, page = saved["version"], saved["next"]
    body = {"version": version, "papers": filing["papers"]}
    assert father.ask("PUT", f"{place}/papers", body).status == 200
    sent = {"receiving_unit": "H41.9.11.1"}
    code = one_dossier(at_once(lambda: father.ask("POST", f"{place}/submit", sent)))
    assert codes(father) - before == {code}


def test_a_review_sent_by_an_impatient_thumb_is_one_dossier(
    demo: str, browser: Browser, father: Program
) -> None:
    page = phone(browser)
    cast.sign_in(page, demo, cast.FATHER)
    cast.begin(page, demo)
    cast.through_the_form(page, cast.CHILD)
    paper = {"name": "giay.pdf", "mimeType": "application/pdf", "buffer": life.scan()}
    page.locator("input[type=file]").first.set_input_files([paper])
    expect(page.locator(".file-state").first).to_have_text("Đã nhận")
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    page.locator("select[name=receiving_unit]").select_option("H41.9.11.1")
    before, send = codes(father), sender(page)
    places = set(at_once(send))
    [code] = codes(father) - before
    assert places == {(303, f"/ho-so/{code}/")}


def sender(page: Page) -> Callable[[], tuple[int, str]]:
    """Return what sends the form of a page as its browser would, and tells where it leads."""
    place = urlsplit(page.url)
    said = page.evaluate(
        "[...new FormData(document.querySelector('form:has([name=receiving_unit])'))]"
    )
    headers = {
        "Cookie": "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies()),
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": page.url,
    }

    def send() -> tuple[int, str]:
        line = HTTPConnection(place.hostname or "", place.port or 80, timeout=60)
        try:
            line.request("POST", place.path, urlencode([tuple(pair) for pair in said]), headers)
            answer = line.getresponse()
            return answer.status, answer.headers.get("Location", "")
        finally:
            line.close()

    return send
