"""The form of birth registration: what it asks, and of whom."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from sen.kernel.forms import public as forms

SEED = Path(__file__).resolve().parents[1] / "seed" / "birth_registration"
DOCUMENT = json.loads((SEED / "form.json").read_text(encoding="utf-8"))
FORM = forms.parse(DOCUMENT)
ON = dt.date(2026, 11, 21)
PLACE = {"line": "Xóm 5", "text": "xã Đại Đồng, tỉnh Nghệ An"}
AREA = {"text": "phường Trường Vinh, tỉnh Nghệ An"}
pytestmark = pytest.mark.django_db


def parent(who: str, name: str, born: str, number: str) -> dict[str, object]:
    return {
        f"{who}_full_name": name, f"{who}_birth_date": born, f"{who}_number": number,
        f"{who}_ethnicity": "kinh", f"{who}_nationality": "Việt Nam", f"{who}_residence": PLACE,
    }  # fmt: skip


ANSWERS = {
    "requester_full_name": "Nguyễn Thị Mai", "requester_number": "040195000123",
    "requester_relation": "mother", "requester_phone": "0912 345 678", "requester_residence": PLACE,
    "child_birth_date": "1/11/2026", "birth_place_kind": "facility",
    "birth_facility_name": "Bệnh viện Sản Nhi Nghệ An", "birth_facility_area": AREA,
    "birth_note_number": "0123/2026", "child_full_name": "Nguyễn Minh An", "child_sex": "female",
    "child_ethnicity": "kinh", "child_nationality": "Việt Nam", "child_home_town": AREA,
    **parent("mother", "Nguyễn Thị Mai", "2/5/1995", "040195000123"),
    "parents_married": True,
    **parent("father", "Nguyễn Văn Nam", "1990", "040090000456"),
    "extract_copies": 2, "result_delivery": "counter", "truth_declared": True,
}  # fmt: skip


def clean(**changes: object) -> tuple[dict[str, object], dict[str, list[str]]]:
    raw = {key: value for key, value in {**ANSWERS, **changes}.items() if value is not ...}
    return forms.clean(FORM, raw, on=ON)


def test_the_form_may_be_published():
    assert forms.check(DOCUMENT) == []
    assert {page.key: len(page.questions) for page in FORM.pages} == {
        "requester": 6, "birth": 6, "child": 5, "mother": 6, "marriage": 3, "father": 6, "result": 4,
    }  # fmt: skip


def test_every_word_is_there_in_english_but_names_of_peoples():
    for question in FORM.questions.values():
        assert question.label.get("en"), question.key
        assert question.hint is None or question.hint.get("en"), question.key
        if not question.key.endswith("_ethnicity"):
            assert all(option.label.get("en") for option in question.options), question.key


def test_a_whole_filing_holds():
    answers, errors = clean()
    assert errors == {}
    assert answers["father_birth_date"] == "1990"
    assert answers["child_birth_date"] == "2026-11-01"
    assert "birth_address" not in answers


def test_parents_who_are_not_married_leave_the_father_out_unless_he_is_declared():
    answers, errors = clean(parents_married=False, father_declared=False)
    assert errors == {}
    assert not any(key.startswith("father_") and key != "father_declared" for key in answers)
    assert "father" not in forms.journey(FORM, answers, on=ON)
    answers, _errors = clean(parents_married=False, father_declared=True)
    assert "father" in forms.journey(FORM, answers, on=ON)


def test_a_birth_at_home_asks_for_its_address_only():
    _answers, errors = clean(birth_place_kind="home")
    assert list(errors) == ["birth_address"]
    answers, errors = clean(birth_place_kind="home", birth_address=PLACE)
    assert errors == {}
    assert "birth_facility_name" not in answers


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"child_birth_date": "22/11/2026"}, "child_birth_date", "ngày chưa đến"),
        ({"child_birth_date": "31/02/2026"}, "child_birth_date", "không có trong lịch"),
        ({"requester_number": "1234"}, "requester_number", "đúng 12 chữ số"),
        ({"mother_number": "040095000123"}, "mother_number", "giới tính"),
        ({"mother_birth_date": "2/5/1994"}, "mother_number", "năm sinh"),
        ({"mother_birth_date": "2/5/2020", "mother_number": ...}, "mother_birth_date", "tuổi"),
        ({"father_number": "040190000456"}, "father_number", "giới tính"),
        ({"mother_number": "040195000124"}, "mother_number", "người yêu cầu"),
        ({"extract_copies": "-1"}, "extract_copies", "không được nhỏ hơn 0"),
        ({"truth_declared": False}, "truth_declared", "cần cam đoan"),
        ({"child_full_name": ...}, "child_full_name", "Vui lòng nhập họ, chữ đệm, tên của trẻ."),
    ],
)
def test_a_mistake_is_told_beside_its_field(changes, key, words):
    _answers, errors = clean(**changes)
    assert list(errors) == [key]
    assert words in " ".join(errors[key])


def test_the_papers_and_fees_of_the_procedure_ask_for_answers_the_form_has():
    text = (SEED / "procedure.json").read_text(encoding="utf-8")
    for case in json.loads(text)["version"]["cases"]:
        for paper in case["papers"]:
            assert forms.rule_problems(paper.get("when")) == []
        assert {fee["quantity"] for fee in case["fees"] if fee.get("quantity")} <= set(
            FORM.questions
        )
    for key in ("birth_place_kind", "requester_relation"):
        assert f'"{key}"' in text
        assert key in FORM.questions


def test_ethnic_groups_are_sensitive_and_all_there():
    question = FORM.questions["child_ethnicity"]
    assert (question.sensitivity, len(question.options)) == ("sensitive", 55)
