"""What a row of a list lacks, and what looks wrong in it: the faults known from the portal."""

from __future__ import annotations

from typing import Any

import pytest

from sen.systems.public_services.data import NotAsked
from sen.systems.public_services.rules import lists

ENTERPRISE = NotAsked(
    paper="Giấy chứng nhận đăng ký doanh nghiệp/Giấy chứng nhận đăng ký kinh doanh",
    known_by=("enterprises",),
)


def row(**changes: Any) -> dict[str, Any]:
    """A row that holds and about which there is no doubt."""
    return {
        "code": "1.004222",
        "name": "Đăng ký thử",
        "field": "Thử",
        "levels": ["commune", "province"],
        "channels": [
            {"channel": "online", "time_value": 7, "time_unit": "working_day", "fee_raw": "20,000"}
        ],
        "processing_days": 7,
        "processing_unit": "working_day",
        "fee_vnd": 20000,
        "fee_status": "published_amount",
        "documents": [{"name": "Tờ khai", "originals": 1, "copies": 0, "kind": "paper"}],
        "results": [{"name": "Giấy thử", "code": None}],
        "source": {"title": "Quyết định thử"},
        "confidence": "high",
        **changes,
    }


def doubts(told: dict[str, Any], *not_asked: NotAsked) -> list[str]:
    return [one.code for one in lists.row_doubts(told, not_asked)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.004222", "1.004222"),
        (" 1.014199.H05 ", "1.014199"),
        ("1.004222.000.00.00.H41", "1.004222"),
    ],
)
def test_a_code_is_its_national_part(text, code):
    assert lists.procedure_code(text) == code


def test_a_row_that_holds_has_no_fault_and_no_doubt():
    assert lists.row_faults(row()) == []
    assert doubts(row()) == []


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("1.004222", ["không phải một bản ghi thủ tục."]),
        (row(code=None), ["mã “” không đúng dạng 1.004222."]),
        (row(code="abc"), ["mã “abc” không đúng dạng 1.004222."]),
        (
            row(code="1.013.788"),
            ["mã “1.013.788” không đúng dạng 1.004222. Có phải 1.013788?"],
        ),
        (row(name="  "), ["thiếu tên thủ tục."]),
        (row(field=""), ["thiếu lĩnh vực."]),
        (
            row(levels="commune"),
            ["cấp thực hiện phải là danh sách gồm commune, province, central, other."],
        ),
        (
            row(levels=["district"]),
            ["cấp thực hiện phải là danh sách gồm commune, province, central, other."],
        ),
        (row(processing_days=0), ["thời hạn phải là số nguyên dương."]),
        (row(processing_days=True), ["thời hạn phải là số nguyên dương."]),
        (row(processing_unit=None), ["đơn vị thời hạn phải là working_day, day hoặc hour."]),
        (row(fee_vnd=-1), ["mức thu phải là số đồng nguyên, không âm."]),
        (row(fee_vnd="20,000"), ["mức thu phải là số đồng nguyên, không âm."]),
        (row(fee_status="free"), ["tình trạng phí không có trong danh mục."]),
        (row(confidence="sure"), ["độ tin cậy phải là high, medium hoặc low."]),
        (row(source={}), ["thiếu nguồn: cần tên văn bản hoặc địa chỉ."]),
        (row(documents={}), ["thành phần hồ sơ phải là danh sách giấy tờ có tên."]),
        (row(documents=[{"name": ""}]), ["thành phần hồ sơ phải là danh sách giấy tờ có tên."]),
    ],
)
def test_a_fault_is_told_in_words(told, said):
    assert lists.row_faults(told) == said


def test_what_may_be_missing():
    told = row(documents=None, processing_days=None, processing_unit=None, fee_vnd=None)
    assert lists.row_faults(told) == []


COUNCIL = "Mức lệ phí do Hội đồng nhân dân tỉnh quyết định"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"channels": [{"fee_raw": "Miễn phí", "note": COUNCIL}]}, "free_by_council"),
        ({"fee_vnd": 0, "fee_note": COUNCIL, "channels": []}, "free_by_council"),
        ({"fee_status": "published_free", "fee_note": COUNCIL, "channels": []}, "free_by_council"),
        ({"channels": [{"fee_raw": "45 VNĐ"}]}, "torn_amount"),
        ({"channels": [{"fee_raw": "700 VNĐ"}]}, "torn_amount"),
        ({"channels": [{"fee_raw": "1100 VNĐ"}]}, "torn_amount"),
        ({"fee_vnd": 45}, "torn_amount"),
        ({"channels": [{"time_value": 1, "time_unit": None}]}, "default_time"),
        (
            {
                "channels": [
                    {"time_value": 15, "time_unit": "day"},
                    {"time_value": 20, "time_unit": "day"},
                ]
            },
            "cases_in_channels",
        ),
        ({"processing_unit": "day"}, "unnamed_days"),
        ({"documents": [{"name": "Lưu ý khi nộp", "originals": 0, "copies": 0}]}, "note_as_paper"),
        ({"documents": [{"name": "Đơn", "originals": 81, "copies": 1}]}, "torn_count"),
        ({"documents": [{"name": f"Giấy {n}", "originals": 1} for n in range(41)]}, "lists_of_cases"),
    ],
)  # fmt: skip
def test_a_known_fault_of_the_portal_is_found(changes, code):
    assert doubts(row(**changes)) == [code]


@pytest.mark.parametrize(
    "changes",
    [
        {"channels": [{"fee_raw": "10 USD"}]},
        {"channels": [{"fee_raw": None, "note": None}, "không phải kênh"]},
        {"channels": [{"fee_raw": "2,000 Việt Nam Đồng", "note": COUNCIL}]},
        {"channels": [{"fee_raw": "Miễn phí", "note": "Không quy định"}]},
        {"documents": [{"name": "Lưu ý", "originals": 0, "copies": 0, "kind": "note"}]},
        {"documents": None},
    ],
)
def test_what_is_no_fault(changes):
    assert doubts(row(**changes)) == []


@pytest.mark.parametrize(
    ("paper", "is_forbidden"),
    [
        ("Bản sao Giấy chứng nhận đăng ký doanh nghiệp", True),
        ("Giấy chứng nhận đăng ký kinh doanh có ngành nghề phù hợp", True),
        ("Giấy đề nghị đăng ký doanh nghiệp", False),
        ("Văn bản ủy quyền thực hiện thủ tục, kèm theo các giấy tờ khác và Giấy chứng nhận đăng ký doanh nghiệp", False),
        ("Căn cước", False),
    ],
)  # fmt: skip
def test_a_paper_that_a_database_replaces_may_not_be_asked_for(paper, is_forbidden):
    """Nghị quyết 66.7/2025/NQ-CP, phụ lục: giấy tờ được thay bằng khai thác dữ liệu."""
    found = lists.forbidden(paper, [ENTERPRISE])
    assert found == (ENTERPRISE if is_forbidden else None)
    told = row(documents=[{"name": paper, "originals": 1}])
    assert doubts(told, ENTERPRISE) == (["forbidden_paper"] if is_forbidden else [])


def test_a_record_keeps_what_is_sure_and_leaves_the_rest_unknown():
    paper = {"name": "Giấy chứng nhận đăng ký doanh nghiệp", "originals": 1}
    note = {"name": "Lưu ý", "originals": 0, "copies": 0, "kind": "note"}
    told = row(
        documents=[paper, note], legal_basis=["68/2020/QH14"], same_day_cutoff="15:00",
        source={"url": "https://example.vn/1"}, decision="1/QĐ-BTP", agency="Công an cấp xã",
    )  # fmt: skip
    assert lists.national_record(told, [ENTERPRISE]) == {
        "official_name": "Đăng ký thử",
        "levels": ["commune", "province"],
        "agency": "Công an cấp xã",
        "days": {"amount": 7, "unit": "working_day", "same_day_cutoff": "15:00"},
        "fee": {"status": "published_amount", "amount_vnd": 20000},
        "papers": [{"vi": "Giấy chứng nhận đăng ký doanh nghiệp", "replaced_by": "enterprises"}],
        "result": {"vi": "Giấy thử"},
        "legal_basis": ["68/2020/QH14"],
        "source": {"title": "1/QĐ-BTP", "url": "https://example.vn/1"},
        "confidence": "high",
    }


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"fee_vnd": 0, "fee_note": COUNCIL}, {"fee": {"status": "local_council"}}),
        ({"fee_vnd": 45}, {"fee": {"status": "unconfirmed"}}),
        (
            {"fee_vnd": None, "fee_status": "not_stated"},
            {"fee": {"status": "not_stated"}},
        ),
        ({"processing_days": None}, {"days": None}),
        (
            {"processing_days": 10, "processing_unit": "hour", "processing_value": 80},
            {"days": {"amount": 80, "unit": "working_hour"}},
        ),
        ({"processing_unit": "day"}, {"days": {"amount": 7, "unit": "unnamed_day"}}),
        ({"documents": []}, {"papers": None}),
        ({"results": []}, {"result": None}),
    ],
)
def test_what_is_in_doubt_stays_unknown(changes, kept):
    record = lists.national_record(row(**changes), ())
    assert {key: record[key] for key in kept} == kept
