"""The catalogue of the demo: what is filed, described and listed, each fact with its source."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from sen.base.actor import COMMAND
from sen.base.errors import Invalid
from sen.base.vietnamese import nfc
from sen.kernel.audit import public as audit
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.choices import (
    AuthorityLevel,
    Confidence,
    FeeStatus,
    KnownBy,
    SettledIn,
)
from sen.systems.public_services.models import Case, Procedure, ProcedureVersion
from sen.systems.public_services.queries import catalogue, searching
from sen.systems.public_services.rules import lists
from sen.systems.public_services.services import importing, indexing, seeding
from sen.systems.public_services.services.catalogue import KIND, publish_version
from sen.systems.public_services.tables import known as shapes
from sen.systems.public_services.tests.factories import MORNING, ON

pytestmark = pytest.mark.django_db

SEED = Path(__file__).resolve().parents[1] / "seed"
FIELDS = sorted((SEED / "procedures").glob("*.json"))
DESCRIBED = [
    one for path in FIELDS for one in json.loads(path.read_text(encoding="utf-8"))["procedures"]
]
COMPLETE = sorted(path.parent.name for path in SEED.glob("*/procedure.json"))
KEYS = {
    "code", "name", "levels", "agency", "settled_in", "days", "fee", "papers", "result", "source",
    "confidence",
}  # fmt: skip
MAY_SAY = {"days_note"}
"""What a described procedure says besides where sources differ."""


UNKNOWN_FEE = {"not_stated", "unconfirmed"}
FLOOR = {"days": 59, "fee": 63, "papers": 70, "result": 84}
"""How many described procedures say each of it at least: what is known is never lost again."""


def known_of(one: dict[str, Any]) -> set[str]:
    """What of time, fee, papers and result is known of a described procedure."""
    is_known = {
        "days": one["days"] is not None,
        "fee": one["fee"]["status"] not in UNKNOWN_FEE,
        "papers": one["papers"] is not None,
        "result": one["result"] is not None,
    }
    return {name for name, known in is_known.items() if known}


def test_there_are_sixty_procedures_across_all_fields():
    codes = [one["code"] for one in DESCRIBED]
    assert len(set(codes)) == len(codes)
    assert len(codes) + len(COMPLETE) >= 60
    assert len(FIELDS) == 25


def test_sixty_procedures_are_known_in_full():
    """Code, name, level, time, fee, papers, result, and whose system settles it."""
    full = [one for one in DESCRIBED if known_of(one) == set(FLOOR)]
    filed_in_full = [
        name
        for name in COMPLETE
        for told in [json.loads((SEED / name / "procedure.json").read_text(encoding="utf-8"))]
        if told["version"]["national"]["fee"]["status"] not in UNKNOWN_FEE
        and "không phải thời hạn đã công bố" not in json.dumps(told, ensure_ascii=False)
    ]
    assert len(full) + len(filed_in_full) >= 60


@pytest.mark.parametrize("fact", sorted(FLOOR))
def test_what_is_known_of_described_procedures_does_not_shrink(fact):
    assert sum(fact in known_of(one) for one in DESCRIBED) >= FLOOR[fact]


@pytest.mark.parametrize("one", DESCRIBED, ids=lambda one: one["code"])
def test_a_described_procedure_says_what_the_shape_asks_for(one):
    assert set(one) - MAY_SAY == KEYS
    assert re.fullmatch(r"\d\.\d{6}", one["code"])
    assert set(one["name"]) == {"vi", "en"}
    assert one["levels"]
    assert set(one["levels"]) <= set(AuthorityLevel.values)
    assert one["settled_in"] in SettledIn.values
    assert one["fee"]["status"] in FeeStatus.values
    assert one["confidence"] in Confidence.values
    assert one["source"]["title"]
    known_by = {paper.get("replaced_by", "population") for paper in one["papers"] or ()}
    assert known_by <= set(KnownBy.values)
    assert one["days"] is None or one["days"]["amount"] > 0
    text = json.dumps(one, ensure_ascii=False)
    assert text == nfc(text)


def test_no_described_paper_is_asked_for_that_a_database_replaces():
    """Nghị quyết 66.7/2025/NQ-CP, phụ lục."""
    not_asked = importing.papers_not_asked()
    assert [
        (one["code"], paper["vi"])
        for one in DESCRIBED
        for paper in one["papers"] or ()
        if "replaced_by" not in paper
        and lists.forbidden(paper["vi"], not_asked.get(one["code"], ()))
    ] == []


def test_each_paper_that_the_resolution_names_is_doubted_as_it_names_it():
    """Nghị quyết 66.7/2025/NQ-CP, phụ lục: every line of ours, asked for word by word."""
    told = [(rules, one) for rules in importing.papers_not_asked().values() for one in rules]
    assert len(told) == 747
    assert [one for rules, one in told if lists.forbidden(one.paper, rules) is None] == []
    assert [one for rules, one in told if not lists.forbidden(f"Bản sao {one.paper}", rules)] == []


def test_nothing_published_free_has_an_amount():
    free = [one for one in DESCRIBED if one["fee"]["status"] == "published_free"]
    assert free
    assert not any("amount_vnd" in one["fee"] for one in free)


def test_the_seed_publishes_everything_once(province):
    assert ProcedureVersion.objects.count() == len(DESCRIBED) + len(COMPLETE)
    assert {one.code for one in catalogue.procedures()} == {
        json.loads((SEED / name / "procedure.json").read_text())["code"] for name in COMPLETE
    }
    again = seeding.seed(at=MORNING)
    assert again == seeding.Seeded(filed=0, described=0, listed=0, guides=0, grants=0)


def test_the_list_holds_every_code_a_source_is_held_for():
    lines = list(indexing.read_list())
    assert len(lines) == len({one.code for one in lines}) == 3328
    assert all(re.fullmatch(r"\d\.\d{6}", one.code) and one.name for one in lines)
    size = (SEED / "index" / "procedures.tsv.gz").stat().st_size
    assert size <= 500_000


def test_listing_is_quick_and_keeps_what_is_filed(province, django_assert_max_num_queries):
    birth = Procedure.objects.get(code="1.001193")
    assert (birth.name["vi"], birth.listing["levels"]) == ("Đăng ký khai sinh", ["commune"])
    Procedure.objects.filter(versions=None).delete()
    Procedure.objects.update(listing={})
    started = time.monotonic()
    with django_assert_max_num_queries(12):
        assert indexing.load_list(actor=COMMAND, at=MORNING) == 3328
    assert time.monotonic() - started < 10
    birth.refresh_from_db()
    assert birth.name["vi"] == "Đăng ký khai sinh"
    first = Procedure.objects.get(code=next(indexing.read_list()).code)
    [line] = audit.trail(audit.Subject(kind=KIND, id=first.id, code=first.code))
    assert line.action == "public_services.procedure.list"


def test_a_described_procedure_is_found_before_a_listed_one(province):
    assert searching.find("tam tru").found[0].card.code == "1.004194"
    assert searching.find("").found == ()


def test_what_is_settled_elsewhere_says_how_to_file(province, client: Client):
    page = client.get("/thu-tuc/1.004194/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Hệ thống tập trung của bộ, ngành" in text
    assert "Trung tâm nhận, chuyển hồ sơ và theo dõi" in text
    assert "10.000" in text
    assert "/nop/" not in text


def test_what_is_unknown_is_shown_as_unknown(province):
    version = catalogue.current_version("1.005280", on=ON)
    told = shapes.described_page(version)
    assert told["bring"] is None
    assert {fact.label: fact.value for fact in told["facts"]} == {
        "Thời gian giải quyết": "Chưa rõ",
        "Phí, lệ phí": "Chưa rõ: nguồn không nêu",
        "Cơ quan giải quyết": "Ủy ban nhân dân cấp xã",
        "Cấp thực hiện": "Cấp xã",
        "Kết quả": "Giấy chứng nhận đăng ký hợp tác xã",
        "Giải quyết trên": "Hệ thống của tỉnh",
    }


def test_what_sources_say_of_an_unknown_time_and_of_exemptions_stands_beside_it(province):
    def notes(code: str) -> dict[str, tuple[str, str]]:
        told = shapes.described_page(catalogue.current_version(code, on=ON))
        return {fact.label: (fact.value, fact.note) for fact in told["facts"] if fact.note}

    assert notes("1.012784") == {
        "Thời gian giải quyết": (
            "Chưa rõ", "Cổng ghi 12 hoặc 22 ngày làm việc tùy cách nộp, không nói trường hợp nào",
        )
    }  # fmt: skip
    assert notes("1.004837") == {
        "Phí, lệ phí": (
            "Theo văn bản quy định về phí, lệ phí; mức thu chưa có trong hệ thống",
            "Bản sao trích lục, nếu cần, thu riêng: 8.000 đồng mỗi bản (Thông tư 281/2016/TT-BTC)",
        )
    }


def test_a_paper_that_a_database_holds_is_not_asked_for(province):
    told = shapes.described_page(catalogue.current_version("1.000894", on=ON))
    assert {fact.label: fact.value for fact in told["not_asked"]} == {
        "Giấy xác nhận tình trạng hôn nhân": "Cơ sở dữ liệu hộ tịch điện tử",
        "Giấy tờ tùy thân (chỉ xuất trình khi nộp trực tiếp)": "Cơ sở dữ liệu quốc gia về dân cư",
    }


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (None, "Chưa rõ"),
        ({"amount": 7, "unit": "working_day"}, "7 ngày làm việc"),
        ({"amount": 80, "unit": "working_hour"}, "80 giờ làm việc"),
        (
            {"amount": 15, "unit": "unnamed_day"},
            "15 ngày (nguồn không ghi là ngày làm việc hay ngày lịch)",
        ),
        (
            {"amount": 1, "unit": "working_day", "same_day_cutoff": "15:00"},
            "trong ngày; nhận sau 15 giờ thì trả trong ngày làm việc tiếp theo",
        ),
    ],
)
def test_days_in_words(days, said):
    assert shapes.days_text(days) == said


@pytest.mark.parametrize(
    ("fee", "said"),
    [
        ({"status": "published_free"}, [("Phí, lệ phí", "Không thu")]),
        ({"status": "published_amount", "amount_vnd": 50000}, [("Phí, lệ phí", "50.000 đồng")]),
        (
            {"status": "published_amount", "amount_vnd": 8000, "per": {"vi": "bản"}},
            [("Phí, lệ phí", "8.000 đồng mỗi bản")],
        ),
        (
            {
                "status": "varies_by_channel",
                "lines": [{"vi": "Nộp trực tuyến", "amount_vnd": 9000}],
            },
            [("Phí, lệ phí: Nộp trực tuyến", "9.000 đồng")],
        ),
        ({}, [("Phí, lệ phí", "Chưa rõ: nguồn không nêu")]),
    ],
)
def test_fees_in_words(fee, said):
    assert [(fact.label, fact.value) for fact in shapes.fee_facts(fee)] == said


def test_a_listed_procedure_shows_what_the_list_says_and_no_more(province, client: Client):
    code = next(one.code for one in indexing.read_list() if one.levels == ("central",))
    page = client.get(f"/thu-tuc/{code}/")
    assert page.status_code == 200
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "Cấp trung ương" in page.content.decode()
    assert "Thủ tục do cơ quan trung ương giải quyết" in page.content.decode()
    assert "Trung tâm Phục vụ hành chính công." not in page.content.decode()
    assert client.get("/thu-tuc/9.999999/").status_code == 404


def test_the_search_finds_what_is_not_filed_here(province, client: Client):
    text = client.get("/thu-tuc/", {"q": "tạm trú"}).content.decode()
    assert "Xem cách nộp" in text
    assert "/thu-tuc/1.004194/" in text
    assert "Thủ tục khác, chỉ để tra cứu" not in client.get("/").content.decode()


def test_what_is_only_described_cannot_be_begun(province):
    version = catalogue.current_version("1.004194", on=dt.date(2026, 11, 20))
    with pytest.raises(catalogue.NotFound):
        catalogue.filed_cases(version)


def test_a_case_needs_its_form_and_its_flow(province):
    document = json.loads((SEED / "birth_registration" / "procedure.json").read_text())
    document["version"]["number"] = 2
    with pytest.raises(Invalid) as refused:
        publish_version(actor=COMMAND, document=document, at=MORNING)
    assert refused.value.message == "Trường hợp nào cũng cần biểu mẫu và quy trình."


def test_a_kind_of_result_without_a_national_code_bears_the_code_of_its_province(province):
    """As in another province than that of the demonstration."""
    Case.objects.filter(version__procedure__code="1.014199").delete()
    ProcedureVersion.objects.filter(procedure__code="1.014199").delete()
    root = organisations.province_root(ON)
    organisations.Unit.objects.filter(pk=root.pk).update(code="H14")
    seeding.seed_chosen(codes={"1.014199"}, with_index=False, at=MORNING)
    case = Case.objects.select_related("version").get(version__procedure__code="1.014199")
    assert case.result_type == "KQ.H14.000003"
    told = str([case.version.national, case.version.overlay])
    assert ("KQ.H14.000003" in told, "KQ.H41" in told, "{province}" in told) == (True, False, False)
