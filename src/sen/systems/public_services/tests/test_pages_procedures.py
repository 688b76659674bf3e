"""The page of a procedure: plain words for all three kinds, an address that stays, programs."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import translation

from sen.base import clock
from sen.base.actor import ANONYMOUS, COMMAND
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound
from sen.kernel.audit import public as audit
from sen.kernel.calendar import public as calendar
from sen.kernel.legal import public as legal
from sen.systems.public_services.models import Procedure, ProcedureAlias, ProcedureVersion
from sen.systems.public_services.queries import catalogue, fees
from sen.systems.public_services.services import aliases, indexing
from sen.systems.public_services.services.catalogue import KIND
from sen.systems.public_services.tables import explained
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.factories import MORNING, ON, official
from sen.systems.public_services.tests.procedures import case_of

pytestmark = pytest.mark.django_db

SEED = Path(__file__).resolve().parents[1] / "seed"
CODES = sorted(
    json.loads(path.read_text(encoding="utf-8"))["code"] for path in SEED.glob("*/procedure.json")
)


@pytest.fixture(autouse=True)
def morning(monkeypatch) -> Iterator[None]:
    """A working Friday, nine in the morning; a page in English leaves no language behind."""
    monkeypatch.setenv("SEN_CLOCK", MORNING.isoformat())
    with translation.override("vi"):
        yield


def listed_code() -> str:
    return next(one.code for one in indexing.read_list() if one.levels == ("commune",))


def page_of(code: str, **asked: str) -> dict[str, Any]:
    version = catalogue.current_version(code, on=ON)
    return explained.procedure_page(version, actor=ANONYMOUS, asked=asked, at=MORNING)


@pytest.mark.parametrize("code", CODES)
def test_each_page_says_all_that_one_needs(province, client: Client, code):
    page = text(client.get(f"/thu-tuc/{code}/"))
    for said in (
        "Bạn cần chuẩn bị", "Mất bao lâu, tốn bao nhiêu", "Phí, lệ phí", "có kết quả chậm nhất",
        "Nộp ở đâu, ai giải quyết", "Cơ quan giải quyết", "Căn cứ và nguồn", "Áp dụng từ",
        "Nguồn của trang này", "Nếu chưa hài lòng", "trong 90 ngày", "không cần mua hay in mẫu",
        "Quy trình mẫu, chưa phê duyệt",
    ):  # fmt: skip
        assert said in page, said


def test_what_need_not_be_brought_is_said_with_the_database(province):
    group = page_of("1.013225")["groups"][0]
    assert {fact.label: fact.value for fact in group["not_asked"]} == {
        "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở": (
            "Cơ sở dữ liệu quốc gia về đất đai"
        ),
        "Giấy tờ tùy thân": "Cơ sở dữ liệu quốc gia về dân cư",
    }
    assert next(fact.label for fact in group["bring"]) == "Bản vẽ thiết kế xây dựng"


def test_the_questions_lead_to_the_case_and_its_papers(province, client: Client):
    start = page_of("1.013225")
    assert next(group.label for group in start["questions"]) == "Trường hợp của bạn"
    assert len(start["questions"]) == 3
    assert [fact.label for fact in start["times"]] == [
        "Nhà ở riêng lẻ",
        "Công trình khác cấp III, cấp IV",
    ]
    notes = {fact.label: fact.note for fact in start["groups"][0]["bring"]}
    assert notes["Văn bản thẩm duyệt thiết kế phòng cháy, chữa cháy"] == "tùy trường hợp"

    led = page_of(
        "1.013225",
        **{"truong-hop": "nha_o", "needs_fire_approval": "khong", "adjoins_building": "co"},
    )
    assert [fact.label for fact in led["times"]] == ["Thời gian giải quyết"]
    assert {fact.label: fact.note for fact in led["groups"][0]["bring"]} == {
        "Bản vẽ thiết kế xây dựng": "",
        "Bản cam kết bảo đảm an toàn đối với công trình liền kề": "",
    }
    assert led["start_href"] == "/thu-tuc/1.013225/nop/?truong-hop=nha_o"
    chosen = [one.label for group in led["questions"] for one in group.links if one.is_current]
    assert chosen == ["Nhà ở riêng lẻ", "Có", "Không"]


@pytest.mark.parametrize("code", CODES)
def test_there_are_never_more_than_four_questions(province, code):
    assert len(page_of(code)["questions"]) <= explained.MOST_QUESTIONS


def test_an_answer_that_no_question_has_is_not_believed(province):
    notes = [
        fact.note for fact in page_of("1.001193", birth_place_kind="mars")["groups"][0]["bring"]
    ]
    assert notes[0].startswith("tùy trường hợp")
    led = page_of("1.001193", birth_place_kind="facility", requester_relation="father")
    assert [fact.label for fact in led["groups"][0]["bring"]] == ["Giấy chứng sinh"]
    assert led["groups"][0]["bring"][0].note.startswith("không cần nếu")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-20 09:00", "Hồ sơ đủ, tiếp nhận hôm nay: có kết quả chậm nhất 20/11/2026."),
        ("2026-11-20 15:30", "Hồ sơ đủ, tiếp nhận hôm nay: có kết quả chậm nhất 23/11/2026."),
        ("2026-11-21 09:00", "Hồ sơ đủ, tiếp nhận 23/11/2026: có kết quả chậm nhất 23/11/2026."),
        ("2035-01-04 09:00", ""),
    ],
)
def test_by_when_the_result_is_there(province, at, said):
    """Nghị định 23/2015/NĐ-CP, Điều 7: nhận sau 15 giờ thì trả trong ngày làm việc tiếp theo."""
    allowance = calendar.Allowance.parse(
        {"amount": 1, "unit": "working_day", "same_day_cutoff": "15:00"}
    )
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=clock.ZONE)
    assert explained.promise(allowance, None, moment) == said


def test_a_signed_in_citizen_sees_their_own_centre(province):
    page = text(browser(province.father).get("/thu-tuc/1.001193/"))
    assert "Trung tâm Phục vụ hành chính công Phường Trường Vinh" in page
    assert "Hôm nay mở cửa" in page


def test_a_visitor_chooses_a_centre(province, client: Client):
    assert "Trung tâm Phục vụ hành chính công của xã, phường" in text(
        client.get("/thu-tuc/1.001193/")
    )
    page = text(client.get("/thu-tuc/1.001193/", {"noi": "H41.9.12.1", "birth_place_kind": "home"}))
    assert "Trung tâm Phục vụ hành chính công Xã Đại Đồng" in page
    assert '<input type="hidden" name="birth_place_kind" value="home" >' in page
    assert "Trung tâm Phục vụ hành chính công của xã, phường" in text(
        client.get("/thu-tuc/1.001193/", {"noi": "H41.0"})
    )


def test_what_may_be_filed_anywhere_says_so(province, client: Client):
    assert "bất kỳ xã, phường nào" in text(client.get("/thu-tuc/2.002481/"))
    assert "bất kỳ xã, phường nào" not in text(client.get("/thu-tuc/1.013225/"))


def test_a_listed_procedure_says_what_is_unknown_and_where_to_ask(province, client: Client):
    page = text(client.get(f"/thu-tuc/{listed_code()}/"))
    assert "Giấy tờ phải nộp, thời hạn, mức thu và căn cứ pháp lý: chưa rõ." in page
    assert "hỏi Trung tâm Phục vụ hành chính công" in page
    assert "Nếu chưa hài lòng" in page


def test_a_described_procedure_says_where_and_by_what_source(province, client: Client):
    page = text(client.get("/thu-tuc/1.004194/"))
    assert "Hỏi và nộp ở đâu" in page
    assert "Nguồn thiếu thời hạn hoặc mức thu." in page
    assert "Căn cứ pháp lý: chưa rõ, nguồn không nêu." in page


def test_what_is_passed_on_says_where_it_goes_and_what_is_charged_there(province, client: Client):
    page = text(client.get("/thu-tuc/1.004222/"))
    assert "Hồ sơ nhận tại đây rồi chuyển Công an cấp xã" in page
    assert "20.000 đồng" in page
    english = text(Client().get("/thu-tuc/1.004222/?ngon-ngu=en"))
    assert "passed on to The commune police" in english


def test_without_a_legal_value_no_number_of_days_is_said(province, client: Client):
    legal.LegalValue.objects.filter(key="complaint.first_days").delete()
    legal.bump("values")
    assert "khiếu nại tới người đã ký" not in text(client.get("/thu-tuc/1.001193/"))


def test_the_chosen_case_is_chosen_when_one_begins(province):
    page = text(browser(province.father).get("/thu-tuc/1.013225/nop/?truong-hop=cong_trinh"))
    assert re.search(r'value="cong_trinh"[^>]*checked', page)


# -- The address


@pytest.mark.parametrize("written", ["1001193", "1.001193.H41", "1.001193.000.00.00.H41"])
def test_a_code_written_differently_leads_to_its_page(province, client: Client, written):
    answer = client.get(f"/thu-tuc/{written}/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/thu-tuc/1.001193/")


def test_a_former_code_leads_to_the_present_one(province, client: Client):
    keeper = official("quantri")
    assert client.get("/thu-tuc/9.000001/").status_code == 404
    aliases.add_alias(actor=keeper, code="1.001193", former="9.000001.H41", at=MORNING)
    answer = client.get("/thu-tuc/9.000001/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/thu-tuc/1.001193/")
    birth = Procedure.objects.get(code="1.001193")
    [line, *_others] = audit.trail(audit.Subject(kind=KIND, id=birth.id, code=birth.code))
    assert line.action == "public_services.procedure.alias"


def test_a_former_code_is_nobody_elses(province):
    keeper = official("quantri")
    aliases.add_alias(actor=keeper, code="1.001193", former="9.000001", at=MORNING)
    for former, error in (("9.000001", Conflict), ("1.004222", Conflict), ("abc", Invalid)):
        with pytest.raises(error):
            aliases.add_alias(actor=keeper, code="1.000656", former=former, at=MORNING)
    with pytest.raises(NotFound):
        aliases.add_alias(actor=keeper, code="9.999999", former="9.000002", at=MORNING)
    with pytest.raises(NotAllowed):
        aliases.add_alias(actor=province.chutich, code="1.001193", former="9.000003", at=MORNING)


def test_a_keeper_adds_a_former_code_on_the_page(province):
    keeper = browser(official("quantri"))
    place = "/quan-tri/thu-tuc/1.001193/"
    assert keeper.post(f"{place}ma-cu/", {"former": "9.000001"}).status_code == 303
    assert "9.000001" in text(keeper.get(place))
    for former in ("abc", "9.000001", ""):
        assert keeper.post(f"{place}ma-cu/", {"former": former}).status_code == 422
    assert ProcedureAlias.objects.count() == 1


# -- Fetched once


def test_a_visitor_does_not_fetch_a_page_twice(province, client: Client, django_assert_num_queries):
    client.get("/thu-tuc/1.001193/")  # from here on with the cookie of forms
    first = client.get("/thu-tuc/1.001193/")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in first.headers["Vary"]
    version = ProcedureVersion.objects.get(procedure__code="1.001193")
    assert version.published_at is not None
    assert first.headers["Last-Modified"].startswith(f"{version.published_at:%a, %d %b %Y}")
    again = {"If-None-Match": first.headers["ETag"]}
    with django_assert_num_queries(2):  # the editions, the version
        second = client.get("/thu-tuc/1.001193/", headers=again)
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["ETag"] == first.headers["ETag"]
    legal.bump("values")
    assert client.get("/thu-tuc/1.001193/", headers=again).status_code == 200


def test_what_a_page_looks_like_is_in_its_validator(province, client: Client, monkeypatch):
    def tag(**cookies: str) -> str:
        visitor = Client()
        for name, value in cookies.items():
            visitor.cookies[name] = value
        return visitor.get("/thu-tuc/1.001193/").headers["ETag"]

    plain = tag()
    assert tag() == plain
    assert len({plain, tag(sen_language="en"), tag(sen_theme="dark"), tag(csrftoken="a" * 32)}) == 4
    monkeypatch.setenv("SEN_CLOCK", "2026-11-23T09:00:00+07:00")
    assert tag() != plain


def test_a_date_alone_never_answers_for_a_page_that_promises_days(province, client: Client):
    since = {"If-Modified-Since": "Sun, 01 Jan 2040 00:00:00 GMT"}
    assert client.get("/thu-tuc/1.001193/", headers=since).status_code == 200


def test_whoever_is_signed_in_gets_every_page_anew(province):
    answer = browser(province.father).get("/thu-tuc/1.001193/")
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("place", ["/su-kien/", "/su-kien/sinh-con/", "/sitemap.xml"])
def test_other_public_pages_too(province, client: Client, place):
    client.get(place)
    first = client.get(place)
    again = {"If-None-Match": first.headers["ETag"]}
    assert client.get(place, headers=again).status_code == 304


# -- For programs


def data_of(client: Client, place: str) -> dict[str, Any]:
    page = client.get(place).content.decode()
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    told: dict[str, Any] = json.loads(block)
    return told


def test_a_procedure_is_a_government_service_for_programs(province, client: Client, settings):
    settings.PUBLIC_URL = "https://sen.example/"
    told = data_of(client, "/thu-tuc/2.000815/")
    assert (told["@context"], told["@type"]) == ("https://schema.org", "GovernmentService")
    assert told["identifier"] == "2.000815"
    assert told["url"] == "https://sen.example/thu-tuc/2.000815/"
    assert [one["price"] for one in told["offers"]] == [2000, 1000]
    assert "availableChannel" not in told
    online = data_of(client, "/thu-tuc/1.001193/")["availableChannel"]
    assert online["serviceUrl"] == "https://sen.example/thu-tuc/1.001193/nop/"
    assert "offers" not in data_of(client, "/thu-tuc/1.004194/")


def test_what_stands_in_the_data_cannot_end_its_element(province, client: Client):
    version = ProcedureVersion.objects.get(procedure__code="1.004194")
    version.national["agency"] = "</script><script>alert(1)</script>"
    version.save()
    legal.bump("values")
    told = data_of(client, "/thu-tuc/1.004194/")
    assert told["provider"]["name"] == version.national["agency"]
    assert "<script>alert" not in client.get("/thu-tuc/1.004194/").content.decode()


def test_each_page_has_one_address_and_its_languages(province, client: Client, settings):
    settings.PUBLIC_URL = "https://sen.example"
    for place in ("/", "/su-kien/", "/su-kien/sinh-con/", "/thu-tuc/1.013225/"):
        page = client.get(place, {"truong-hop": "nha_o"}).content.decode()
        assert f'<link rel="canonical" href="https://sen.example{place}">' in page
        assert f'hreflang="vi" href="https://sen.example{place}"' in page
        assert f'hreflang="en" href="https://sen.example{place}?ngon-ngu=en"' in page
        assert f'<meta property="og:url" content="https://sen.example{place}">' in page


def test_an_address_that_names_its_language_speaks_it_and_the_pages_after_it(province):
    visitor = Client()
    page = visitor.get("/thu-tuc/1.001193/?ngon-ngu=en")
    assert page.headers["Content-Language"] == "en"
    assert 'lang="en"' in page.content.decode()
    assert visitor.get("/thu-tuc/1.001193/").headers["Content-Language"] == "en"
    back = visitor.post("/ngon-ngu/", {"language": "vi", "next": "/thu-tuc/1.001193/?ngon-ngu=en"})
    assert back.headers["Location"] == "/thu-tuc/1.001193/"
    assert visitor.get("/thu-tuc/1.001193/").headers["Content-Language"] == "vi"
    assert Client().get("/?ngon-ngu=xx").headers["Content-Language"] == "vi"


def test_the_sitemap_names_public_pages_with_their_days(province, client: Client, settings):
    settings.PUBLIC_URL = "https://sen.example"
    answer = client.get("/sitemap.xml")
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    root = ET.fromstring(answer.content)
    found = {
        str(one.findtext("s:loc", "", space)): one.findtext("s:lastmod", None, space)
        for one in root.findall("s:url", space)
    }
    assert {f"https://sen.example/thu-tuc/{code}/" for code in CODES} <= set(found)
    assert "https://sen.example/su-kien/sinh-con/" in found
    assert f"https://sen.example/thu-tuc/{listed_code()}/" not in found
    day = found["https://sen.example/thu-tuc/1.001193/"]
    assert day is not None
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", day)


def test_the_sitemap_costs_one_statement_once_it_is_remembered(
    province, client: Client, django_assert_num_queries
):
    client.get("/sitemap.xml")
    with django_assert_num_queries(1):
        client.get("/sitemap.xml")


def test_english_pages_leave_no_words_of_ours_in_vietnamese(province, client: Client):
    page = text(client.get("/thu-tuc/1.001193/?ngon-ngu=en"))
    assert "Sample process, not approved" in page
    assert "Quy trình mẫu" not in page
    assert "National Public Service Portal" in page


# -- What it costs, or that it costs nothing, or that nobody says


@pytest.mark.parametrize("code", ["1.014027", "1.001699", "2.002481"])
def test_what_costs_nothing_by_law_says_so_with_the_law(province, client: Client, code):
    """Luật Phí và lệ phí 97/2015/QH13, Điều 3 và danh mục kèm theo."""
    page = text(client.get(f"/thu-tuc/{code}/"))
    assert "Không thu phí, lệ phí." in page
    assert "Luật Phí và lệ phí 97/2015/QH13, Điều 3" in page


def test_what_is_free_in_time_says_what_is_not(province):
    page = page_of("1.001193")
    assert page["fee_said"] == "Không thu lệ phí."
    assert "Luật Hộ tịch 60/2014/QH13, Điều 11" in page["fee_source"]
    assert "sau 60 ngày" in page["fee_note"]
    assert [len(charge["fees"]) for charge in page["charges"]] == [1]


def test_who_is_exempt_is_said_beside_a_charge_that_is_not_known(province):
    page = page_of("1.004873")
    assert page["fee_said"].startswith("Do Hội đồng nhân dân tỉnh quy định")
    assert page["fee_source"] == "Thông tư 85/2019/TT-BTC"
    assert "hộ nghèo" in page["fee_note"]
    assert page_of("1.013792")["fee_said"] == "Chưa rõ: nguồn không nêu."


def test_amounts_charged_elsewhere_say_who_is_exempt_once(province, client: Client):
    page = text(client.get("/thu-tuc/1.004222/"))
    assert page.count("Điều 4 Thông tư 75/2022/TT-BTC") == 1
    assert "Khác nhau theo cách nộp" not in page


@pytest.mark.parametrize("code", CODES)
def test_no_page_is_silent_on_what_it_costs(province, code):
    page = page_of(code)
    lines = [fee for charge in page["charges"] for fee in charge["fees"]]
    assert lines or page["fee_facts"] or page["fee_said"]
    assert all(fee.note for fee in lines)


def test_what_cases_share_is_said_once(province):
    """The same time and the same charge for an enterprise and a household business."""
    page = page_of("2.001827")
    assert [time.label for time in page["times"]] == ["Thời gian giải quyết"]
    assert [len(charge["titles"]) for charge in page["charges"]] == [2]
    assert len(page["groups"]) == 2
    assert [time.label for time in page_of("1.013225")["times"]] == [
        "Nhà ở riêng lẻ", "Công trình khác cấp III, cấp IV",
    ]  # fmt: skip


FOOD_SAFETY, FOOD_FEE = "2.001827", "fee.food_safety_inspection_vnd"


def test_a_charge_that_nobody_has_confirmed_is_shown_and_not_demanded(province, client: Client):
    """The portal says 700 VND in one place and 700,000 in the other."""
    said = "Chưa thu: nguồn ghi 700.000 đồng, mức thu chưa được xác nhận"
    case = case_of("food_safety")
    [charge] = page_of(FOOD_SAFETY)["charges"]
    assert [fee.value for fee in charge["fees"]] == [said]
    assert fees.computed(case, {}, on=ON) == []
    assert "700000" not in str(data_of(client, f"/thu-tuc/{FOOD_SAFETY}/"))

    legal.correct_value(
        actor=COMMAND, key=FOOD_FEE, valid_from=dt.date(2026, 7, 1), at=MORNING,
        correction=legal.Correction(
            value=700_000, source="Nghị quyết về phí của tỉnh", status=legal.Status.CONFIRMED,
            reason="Đã đối chiếu bản gốc",
        ),
    )  # fmt: skip
    [charge] = page_of(FOOD_SAFETY)["charges"]
    assert [fee.value for fee in charge["fees"]] == ["700.000 đồng"]
    assert [line.amount_vnd for line in fees.computed(case, {}, on=ON)] == [700_000]
    assert "700000" in str(data_of(client, f"/thu-tuc/{FOOD_SAFETY}/"))
