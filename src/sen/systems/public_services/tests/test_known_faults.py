"""The faults known from 2,642 records of the national portal: each is found, and nothing false kept.

One test a fault, named after it; rows are as the portal wrote them.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from sen.base.actor import COMMAND
from sen.systems.public_services.data import NotAsked
from sen.systems.public_services.models import ProcedureVersion
from sen.systems.public_services.rules import lists
from sen.systems.public_services.services import importing
from sen.systems.public_services.tests.factories import MORNING
from sen.systems.public_services.tests.test_rules_lists import doubts, row

FIRST = dt.date(2027, 3, 1)


def kept(told: dict[str, Any], key: str) -> Any:
    return lists.national_record(told, ())[key]


@pytest.mark.parametrize(
    "note",
    [
        "Theo quy định của Hội đồng nhân dân tỉnh",
        "(Lệ phí do HĐND tỉnh quyết định: Hội đồng nhân dân cấp tỉnh ban hành nghị quyết)",
    ],
)
def test_free_by_the_councils_rule_is_not_free(note):
    told = row(fee_vnd=None, channels=[{"channel": "direct", "fee_raw": "Miễn phí", "note": note}])
    assert doubts(told) == ["free_by_council"]
    assert kept(told, "fee") == {"status": "local_council"}


@pytest.mark.parametrize(
    "note",
    [
        "Theo quy định của Luật phí và lệ phí và các văn bản hướng dẫn.",
        "Thực hiện theo Thông tư số 244/2016/TT-BTC ngày 11/11/2016 quy định mức thu.",
        "Lệ phí cấp giấy phép lái xe: 135.000 đồng/lần.",
    ],
)
def test_free_that_points_to_another_document_is_not_free(note):
    told = row(
        fee_vnd=0, fee_status="published_free", fee_note=note,
        channels=[{"channel": "direct", "fee_raw": "Miễn phí", "note": f"({note})"}],
    )  # fmt: skip
    assert doubts(told) == ["free_by_document"]
    assert kept(told, "fee") == {"status": "set_by_other_document"}


@pytest.mark.parametrize("note", [None, "Không thu", "Miễn theo Luật Người cao tuổi"])
def test_what_is_free_stays_free(note):
    told = row(fee_vnd=0, fee_status="published_free", fee_note=note, channels=[])
    assert doubts(told) == []
    assert kept(told, "fee") == {"status": "published_free"}


@pytest.mark.parametrize(("raw", "amount"), [("45 VNĐ", 45), ("700 VNĐ", 700), ("1100 VNĐ", 1100)])
def test_thousands_lost_or_two_columns_glued(raw, amount):
    told = row(fee_vnd=amount, channels=[{"channel": "direct", "fee_raw": raw}])
    assert doubts(told) == ["torn_amount"]
    assert kept(told, "fee") == {"status": "unconfirmed"}


def test_one_without_a_unit_is_the_forms_default():
    told = row(
        processing_days=None, processing_unit=None,
        channels=[{"channel": "direct", "time_value": 1, "time_unit": None}],
    )  # fmt: skip
    assert doubts(told) == ["default_time"]
    assert kept(told, "days") is None


def test_cases_put_into_the_column_of_channels():
    """Cấp phép xây dựng: 5, 15, 20 ngày cho một thủ tục."""
    channels = [{"time_value": days, "time_unit": "day"} for days in (5, 15, 20)]
    assert doubts(row(channels=channels)) == ["cases_in_channels"]


def test_days_that_do_not_say_working_or_calendar():
    told = row(processing_unit="day")
    assert doubts(told) == ["unnamed_days"]
    assert kept(told, "days") == {"amount": 7, "unit": "unnamed_day"}


@pytest.mark.django_db
def test_one_procedure_two_provinces_two_times(province):
    """2.000286: 10 ngày ở một tỉnh, 10 + 15 ngày ở tỉnh khác."""
    held = ProcedureVersion.objects.get(procedure__code="2.000286")
    held.national["days"] = {"amount": 10, "unit": "working_day"}
    held.save()
    told = row(code="2.000286", processing_days=25)
    done = importing.import_procedures(
        actor=COMMAND, rows=[told], valid_from=FIRST, at=MORNING, is_dry=True
    )
    [found] = done.doubts["2.000286"]
    assert (found.code, found.message) == (
        "other_time",
        "thời hạn 25 (ngày làm việc) khác phiên bản trước: 10 (ngày làm việc).",
    )
    same = row(code="2.000286", processing_days=10)
    again = importing.import_procedures(
        actor=COMMAND, rows=[same], valid_from=FIRST, at=MORNING, is_dry=True
    )
    assert again.doubts == {}


def test_a_time_that_one_of_both_does_not_tell_is_no_difference():
    told = {"days": {"amount": 5, "unit": "working_day"}}
    for former in ({}, {"days": None}, {"days": 1}, told):
        assert lists.differences(told, former) == []


def test_notes_among_the_papers():
    note = {"name": "Người nộp xuất trình bản chính để đối chiếu", "originals": 0, "copies": 0}
    assert doubts(row(documents=[note])) == ["note_as_paper"]
    told = row(documents=[{**note, "kind": "note"}, {"name": "Đơn", "originals": 1}])
    assert (doubts(told), kept(told, "papers")) == ([], [{"vi": "Đơn"}])


def test_one_list_a_case_run_together():
    """Đăng ký biện pháp bảo đảm bằng đất: tới 111 dòng."""
    papers = [{"name": f"Giấy tờ {number}", "originals": 1} for number in range(111)]
    assert doubts(row(documents=papers)) == ["lists_of_cases"]


def test_a_code_typed_wrong_is_told_with_what_was_meant():
    assert lists.row_faults(row(code="1.013.788")) == [
        "mã “1.013.788” không đúng dạng 1.004222. Có phải 1.013788?"
    ]


def test_a_paper_that_may_not_be_asked_for():
    """Nghị quyết 66.7/2025/NQ-CP, phụ lục."""
    rule = NotAsked(paper="Giấy chứng nhận đăng ký doanh nghiệp", known_by=("enterprises",))
    told = row(documents=[{"name": "Bản sao Giấy chứng nhận đăng ký doanh nghiệp", "originals": 1}])
    assert doubts(told, rule) == ["forbidden_paper"]
    [paper] = lists.national_record(told, [rule])["papers"]
    assert paper["replaced_by"] == "enterprises"


# -- A broken list


def list_file(folder: Path, rows: list[Any]) -> Path:
    path = folder / "list.json"
    path.write_text(json.dumps({"procedures": rows}, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.django_db
def test_each_broken_row_has_its_own_message_and_nothing_is_loaded(province, tmp_path):
    before = ProcedureVersion.objects.count()
    rows = [
        row(code="9.000001"),
        row(code="9.000002", name=""),
        row(code="1.013.788"),
        "không phải bản ghi",
        row(code="9.000003", levels=["district"], confidence="sure"),
    ]
    with pytest.raises(importing.ListRefused) as refused:
        importing.import_procedures(
            actor=COMMAND,
            rows=importing.read_list(list_file(tmp_path, rows)),
            valid_from=FIRST,
            at=MORNING,
        )
    assert {place: len(said) for place, said in refused.value.fields.items()} == {
        "2 (9.000002)": 1,
        "3 (1.013.788)": 1,
        "4": 1,
        "5 (9.000003)": 2,
    }
    assert ProcedureVersion.objects.count() == before


@pytest.mark.django_db
def test_overlapping_versions_are_told_row_by_row(province):
    """One in force from that day on, one with a draft, one twice in the list."""
    held = ProcedureVersion.objects.get(procedure__code="1.004222")
    rows = [row(), row(code="9.000001"), row(code="9.000001")]
    with pytest.raises(importing.ListRefused) as refused:
        importing.import_procedures(
            actor=COMMAND, rows=rows, valid_from=held.valid_from, at=MORNING
        )
    assert refused.value.fields == {
        "1 (1.004222)": ["đã có phiên bản áp dụng từ ngày đó hoặc muộn hơn."],
        "2 (9.000001)": ["mã này đứng hai lần trong danh sách."],
        "3 (9.000001)": ["mã này đứng hai lần trong danh sách."],
    }
    importing.import_procedures(actor=COMMAND, rows=[row()], valid_from=FIRST, at=MORNING)
    with pytest.raises(importing.ListRefused) as drafted:
        importing.import_procedures(actor=COMMAND, rows=[row()], valid_from=FIRST, at=MORNING)
    assert drafted.value.fields == {
        "1 (1.004222)": ["thủ tục này đã có một dự thảo; hãy ban hành hoặc bỏ dự thảo đó trước."]
    }
