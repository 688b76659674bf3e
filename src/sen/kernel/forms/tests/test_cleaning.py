"""Pages and whole forms: what is kept, what is told, in which words."""

from __future__ import annotations

import datetime as dt

import pytest

from sen.base.errors import NotFound
from sen.kernel.forms import public as forms
from sen.kernel.forms.choices import Fault
from sen.kernel.forms.data import Prefilled
from sen.kernel.forms.rules import cleaning
from sen.kernel.forms.rules.cleaning import recheck
from sen.kernel.forms.tests.factories import (
    AT,
    FACTS,
    TODAY,
    YES_NO_OPTIONS,
    child_document,
    document,
    page,
    question,
    vi,
)
from sen.kernel.organisations import public as organisations

FORM = forms.parse(child_document())
PERSON = {"full_name": "Vừ Bá Giống", "born": "31/01/2000", "married": "no"}
pytestmark = pytest.mark.django_db


def of(*questions, **more):
    return forms.parse(document(page("p", *questions), **more))


def faults(form, raw):
    cleaned = cleaning.clean(form, raw, facts=FACTS)
    return {key: [wrong.fault for wrong in found] for key, found in cleaned.wrongs.items()}


def test_a_page_gives_values_and_polite_messages():
    values, errors = forms.clean_page(
        FORM, "person", {**PERSON, "born": "22/11/2026", "married": []}, on=TODAY
    )
    assert values == {"full_name": "Vừ Bá Giống"}
    assert errors == {
        "born": [
            "Ngày sinh: 22/11/2026 là ngày chưa đến. Vui lòng nhập ngày không muộn hơn hôm nay."
        ],
        "married": ["Vui lòng chọn đã kết hôn."],
    }


def test_a_label_is_said_in_the_language_asked_for():
    _values, errors = forms.clean_page(FORM, "person", {}, on=TODAY, language="en")
    assert "full name" in errors["full_name"][0]


def test_an_unknown_page_is_refused():
    with pytest.raises(NotFound):
        forms.clean_page(FORM, "nowhere", {})


def test_a_page_that_is_not_asked_takes_nothing():
    values, errors = forms.clean_page(FORM, "spouse", {"spouse_name": "Lô Mai"}, answers={})
    assert (values, errors) == ({}, {})


def test_a_hidden_question_of_a_page_takes_nothing():
    form = of(question("a", "yes_no"), question("b", show_if={"var": "a"}))
    assert forms.clean_page(form, "p", {"a": "no", "b": "x"}) == ({"a": False}, {})


def test_hidden_values_are_absent_from_the_whole():
    raw = {**PERSON, "married": False, "spouse_name": "Lô Thị Mai", "copies": 1}
    answers, errors = forms.clean(FORM, raw, on=TODAY)
    assert answers == {
        "full_name": "Vừ Bá Giống", "born": "2000-01-31", "married": False, "copies": 1,
    }  # fmt: skip
    assert errors == {}


def test_an_unknown_key_is_told():
    _answers, errors = forms.clean(FORM, {**PERSON, "copies": 1, "nobody": 1}, on=TODAY)
    assert errors == {"nobody": ["Biểu mẫu không có mục “nobody”."]}


def test_a_locked_answer_comes_from_its_source():
    found = {"full_name": Prefilled("Lô Văn Nam", "s", "Nguồn", AT, is_locked=True)}
    values, _errors = forms.clean_page(FORM, "person", PERSON, prefill=found, on=TODAY)
    assert values["full_name"] == "Lô Văn Nam"


def test_kept_answers_are_checked_again_with_those_missing():
    wrongs = recheck(FORM, {"full_name": "Vừ", "born": "2027-01-01", "married": False}, FACTS)
    assert {key: [w.fault for w in found] for key, found in wrongs.items()} == {
        "copies": [Fault.MISSING], "born": [Fault.IN_FUTURE],
    }  # fmt: skip


# -- Further rules

DATE = question("d", "date")
CHECKS = [
    ("number", {"rule": "min", "value": 1}, 0, Fault.TOO_SMALL),
    ("number", {"rule": "min", "value": 1}, 1, None),
    ("number", {"rule": "max", "value": 9}, 10, Fault.TOO_BIG),
    ("date", {"rule": "min", "value": "2026-01-01"}, "31/12/2025", Fault.TOO_EARLY),
    ("date", {"rule": "max", "value": "2026-01-01"}, "2/1/2026", Fault.TOO_LATE),
    ("text", {"rule": "min_length", "value": 3}, "ab", Fault.TOO_SHORT),
    ("text", {"rule": "min_length", "value": 3}, "abc", None),
    ("date", {"rule": "not_future"}, "21/11/2026", None),
    ("date", {"rule": "not_future"}, "22/11/2026", Fault.IN_FUTURE),
    ("date", {"rule": "not_past"}, "20/11/2026", Fault.IN_PAST),
    ("date", {"rule": "not_past"}, "21/11/2026", None),
    ("date", {"rule": "not_before", "value": "1900-01-01"}, "31/12/1899", Fault.TOO_EARLY),
    ("date", {"rule": "not_before", "question": "d"}, "9/6/2026", Fault.TOO_EARLY),
    ("date", {"rule": "not_before", "question": "d"}, "10/6/2026", None),
    ("date", {"rule": "not_after", "question": "d"}, "11/6/2026", Fault.TOO_LATE),
    ("date", {"rule": "age", "min": 18}, "22/11/2008", Fault.TOO_YOUNG),
    ("date", {"rule": "age", "min": 18}, "21/11/2008", None),
    ("date", {"rule": "age", "max": 100}, "20/11/1925", Fault.TOO_OLD),
    ("date", {"rule": "age", "min": 10, "question": "d"}, "11/6/2016", Fault.TOO_YOUNG),
    ("date", {"rule": "same_as", "question": "d"}, "11/6/2026", Fault.NOT_SAME),
    ("date", {"rule": "same_as", "question": "d"}, "10/6/2026", None),
    ("date", {"rule": "differs_from", "question": "d"}, "10/6/2026", Fault.NOT_OTHER),
    ("yes_no", {"rule": "holds", "condition": {"var": "q"}, "message": vi("cần đồng ý.")}, False,
     Fault.DOES_NOT_HOLD),
    ("yes_no", {"rule": "holds", "condition": {"var": "q"}, "message": vi("cần đồng ý.")}, True,
     None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "check", "raw", "fault"), CHECKS)
def test_a_further_rule(kind, check, raw, fault):
    form = of(DATE, question("q", kind, validate=[check]))
    assert faults(form, {"d": "10/6/2026", "q": raw}) == ({"q": [fault]} if fault else {})


@pytest.mark.parametrize("rule", ["not_before", "same_as", "age"])
def test_what_is_measured_by_a_missing_answer_holds(rule):
    check = {"rule": rule, "question": "d", **({"min": 1} if rule == "age" else {})}
    assert faults(of(DATE, question("q", "date", validate=[check])), {"q": "1/1/2026"}) == {}


@pytest.mark.parametrize(
    ("raw", "fault"),
    [("2026", None), ("11/2026", None), ("2027", Fault.IN_FUTURE), ("12/2026", Fault.IN_FUTURE)],
)
def test_a_bare_year_is_not_in_the_future(raw, fault):
    form = of(question("q", "date", is_partial=True, validate=[{"rule": "not_future"}]))
    assert faults(form, {"q": raw}) == ({"q": [fault]} if fault else {})


def test_the_forms_own_words_are_said():
    form = of(question("q", "yes_no", label=vi("Cam đoan"),
                       validate=[{"rule": "holds", "condition": {"var": "q"},
                                  "message": {"vi": "cần cam đoan.", "en": "please declare."}}]))  # fmt: skip
    assert forms.clean(form, {"q": "no"}, on=TODAY)[1] == {"q": ["Cam đoan: cần cam đoan."]}
    assert forms.clean(form, {"q": "no"}, on=TODAY, language="en")[1] == {
        "q": ["Cam đoan: please declare."]
    }


SEX = question("sex", "choice", options=[{"code": c, "label": vi(c)} for c in ("male", "female")])
NUMBERS = [
    ({"birth_date": "d"}, {"d": "1/2/1995"}, "040095000123", None),
    ({"birth_date": "d"}, {"d": "1/2/1996"}, "040095000123", Fault.NUMBER_NOT_OF_YEAR),
    ({"birth_date": "d"}, {"d": "1/2/2015"}, "040215000123", None),
    ({"birth_date": "d"}, {}, "040095000123", None),
    ({"is_male": False}, {}, "040195000123", None),
    ({"is_male": False}, {}, "040095000123", Fault.NUMBER_NOT_OF_SEX),
    ({"sex": "sex"}, {"sex": "female"}, "040095000123", Fault.NUMBER_NOT_OF_SEX),
    ({"sex": "sex"}, {"sex": "male"}, "040095000123", None),
    ({"sex": "sex"}, {}, "040095000123", None),
]


@pytest.mark.parametrize(("fits", "others", "number", "fault"), NUMBERS)
def test_a_national_number_agrees_with_birth_and_sex(fits, others, number, fault):
    form = of(DATE, SEX, question("q", "national_number", fits=fits))
    assert faults(form, {**others, "q": number}) == ({"q": [fault]} if fault else {})


def test_the_message_of_a_number_names_the_other_field_and_never_the_number():
    form = of(question("d", "date", label=vi("Ngày sinh")),
              question("q", "national_number", label=vi("Số định danh"), fits={"birth_date": "d"}))  # fmt: skip
    _answers, errors = forms.clean(form, {"d": "1/2/1996", "q": "040095000123"}, on=TODAY)
    assert errors == {
        "q": [
            "Số định danh không khớp với năm sinh ở mục “Ngày sinh”. Vui lòng kiểm tra lại cả hai mục."
        ]
    }


# -- Places, by their parts


def test_the_parts_of_a_place_are_read_from_their_own_inputs():
    form = of(question("home", "address", required=True), question("town", "area"))
    raw = {"home.line": "Xóm 5", "home.text": ["xã Đại Đồng"], "town": "xã Cát Ngạn"}
    values, errors = forms.clean_page(form, "p", raw, on=TODAY)
    assert values == {
        "home": {"line": "Xóm 5", "text": "xã Đại Đồng", "code": ""},
        "town": {"text": "xã Cát Ngạn", "code": ""},
    }
    assert errors == {}


def test_the_parts_of_a_place_stay_as_typed():
    form = of(question("home", "address", required=True, label=vi("Nơi cư trú")))
    raw = {"home.line": "", "home.text": "xã Đại Đồng"}
    values, errors = forms.clean_page(form, "p", raw, on=TODAY)
    assert errors == {
        "home": ["Nơi cư trú: vui lòng nhập số nhà, đường, thôn, xóm hoặc tổ dân phố."]
    }
    drawn = forms.page(form, "p", values, errors, raw=raw, on=TODAY).fields[0]
    assert drawn.texts == {"line": "", "text": "xã Đại Đồng"}


def test_an_area_is_known_by_its_code():
    province = organisations.Area.objects.create(
        code="40", name={"vi": "Tỉnh Nghệ An"}, kind="province", valid_from=dt.date(2025, 7, 1)
    )
    organisations.Area.objects.create(
        code="16909", name={"vi": "Xã Yên Hoà"}, kind="commune", parent=province,
        valid_from=dt.date(2025, 7, 1),
    )  # fmt: skip
    form = of(question("town", "area", label=vi("Quê quán")))
    assert forms.clean(form, {"town": {"code": "16909"}}, on=TODAY)[0] == {
        "town": {"text": "Xã Yên Hoà, Tỉnh Nghệ An", "code": "16909"}
    }
    assert forms.clean(form, {"town": {"code": "99999"}}, on=TODAY)[1] == {
        "town": ["Quê quán: nơi đã chọn (mã 99999) không còn trong danh mục. Vui lòng chọn lại."]
    }


def test_a_missing_file_is_asked_for():
    form = of(question("scan", "file", required=True, label=vi("Ảnh giấy chứng sinh")))
    assert forms.clean(form, {}, on=TODAY)[1] == {"scan": ["Vui lòng tải lên ảnh giấy chứng sinh."]}


def test_abbreviations_keep_their_capitals():
    form = of(question("q", required=True, label=vi("UBND xã")))
    assert forms.clean(form, {}, on=TODAY)[1] == {"q": ["Vui lòng nhập UBND xã."]}


# -- The page as it is drawn


def test_a_page_is_drawn_with_what_was_typed_and_its_errors():
    raw = {"full_name": ["Vừ Bá Giống"], "born": ["31/02/2000"], "married": ["yes"]}
    values, errors = forms.clean_page(FORM, "person", raw, on=TODAY)
    drawn = forms.page(FORM, "person", values, errors, raw=raw, on=TODAY)
    assert [(f.key, f.text, bool(f.errors)) for f in drawn.fields] == [
        ("full_name", "Vừ Bá Giống", False), ("born", "31/02/2000", True), ("married", "", False),
    ]  # fmt: skip
    assert [c.code for c in drawn.fields[2].choices if c.is_chosen] == ["yes"]
    assert (drawn.number, drawn.count, drawn.previous) == (1, 3, None)
    assert [field.key for field, _text in drawn.errors] == ["born"]


def test_a_page_shows_what_a_source_offers_until_it_is_answered_otherwise():
    found = {"full_name": Prefilled("Lô Văn Nam", "s", "Căn cước điện tử", AT)}
    offered = forms.page(FORM, "person", {}, prefill=found, on=TODAY).fields[0]
    assert (offered.text, offered.prefilled.title) == ("Lô Văn Nam", "Căn cước điện tử")
    changed = forms.page(FORM, "person", {"full_name": "Lô Nam"}, prefill=found, on=TODAY).fields[0]
    assert (changed.text, changed.prefilled) == ("Lô Nam", None)


def test_a_page_carries_the_earlier_answers_its_conditions_read():
    form = forms.parse(
        document(
            page("a", question("x", "yes_no"), question("home", "address")),
            page("b", question("y", show_if={"and": [{"var": "x"}, {"var": "home.code"}]}),
                 question("z", "choice", options=YES_NO_OPTIONS)),
        )
    )  # fmt: skip
    home = {"line": "1", "text": "t", "code": "16909"}
    drawn = forms.page(form, "b", {"x": True, "home": home}, on=TODAY)
    assert drawn.answers == {"x": True, "home": home}
    assert [field.is_shown for field in drawn.fields] == [True, True]
    assert forms.page(form, "b", {"x": False}, on=TODAY).fields[0].is_shown is False
    with pytest.raises(NotFound):
        forms.page(form, "c", {})


def test_a_page_outside_the_journey_still_has_a_number():
    drawn = forms.page(FORM, "spouse", {"married": False}, on=TODAY)
    assert (drawn.number, drawn.count, drawn.previous) == (2, 3, "person")


# -- The way


def test_the_journey_follows_the_answers():
    assert forms.journey(FORM, {}, on=TODAY) == ("person", "end")
    assert forms.journey(FORM, {"married": True}, on=TODAY) == ("person", "spouse", "end")
    way = forms.way(FORM, {"married": True, "full_name": "Vừ", "born": "2000-01-31"}, on=TODAY)
    assert forms.first_open(FORM, way) == "spouse"
    assert (forms.following(FORM, way, "spouse"), forms.preceding(FORM, way, "end")) == (
        "end", "spouse",
    )  # fmt: skip
    whole = {**way.answers, "spouse_name": "Lô", "copies": 1}
    assert forms.first_open(FORM, forms.way(FORM, whole, on=TODAY)) is None


def test_what_hangs_on_a_hidden_answer_is_hidden_too():
    form = of(
        question("a", "yes_no"),
        question("b", "yes_no", show_if={"var": "a"}),
        question("c", show_if={"var": "b"}),
    )
    answers = {"a": False, "b": True, "c": "x"}
    assert forms.way(form, answers, on=TODAY).answers == {"a": False}
    assert forms.condition_holds({"var": "b"}, answers)


def test_a_place_sent_back_in_the_same_words_keeps_the_code_its_source_told():
    form = forms.parse(document(page("p", question("home", "address"))))
    told = {"line": "Xóm 5", "text": "Xã Đại Đồng", "code": "17713"}
    found = {"home": Prefilled(told, "s", "Nguồn", AT)}
    for line, kept in (("Xóm 5", told), ("Xóm 6", {**told, "line": "Xóm 6", "code": ""})):
        raw = {"home.line": line, "home.text": "Xã Đại Đồng"}
        values, errors = forms.clean_page(form, "p", raw, prefill=found, on=TODAY)
        assert (values, errors) == ({"home": kept}, {})
