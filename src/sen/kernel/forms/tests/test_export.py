"""What a form says to people and programs."""

from __future__ import annotations

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sen.kernel.forms import public as forms
from sen.kernel.forms.rules import cleaning, upgrade
from sen.kernel.forms.tests.factories import (
    FACTS,
    TODAY,
    YES_NO_OPTIONS,
    child_document,
    document,
    page,
    question,
    vi,
)

FORM = forms.parse(child_document(), version=3)
ANSWERS = {"full_name": "Vừ Bá Giống", "born": "2000-01-31", "married": False, "copies": 2}
KINDS = [
    ("text", {}, "Xóm 5"), ("textarea", {}, "một\nhai"), ("number", {}, 5),
    ("number", {"decimals": 2}, 1.25), ("money", {}, 8000), ("date", {}, "2026-11-21"),
    ("date", {"is_partial": True}, "1985"), ("choice", {"options": YES_NO_OPTIONS}, "a"),
    ("choice", {"options": YES_NO_OPTIONS, "is_multiple": True}, ["a", "b"]), ("yes_no", {}, True),
    ("national_number", {}, "040095000123"), ("person_name", {}, "Vừ Bá Giống"),
    ("area", {}, {"text": "xã Đại Đồng", "code": ""}),
    ("address", {}, {"line": "Xóm 5", "text": "xã Đại Đồng", "code": ""}),
    ("phone", {}, "0912345678"), ("email", {}, "a@vidu.vn"),
    ("file", {"max_files": 2}, ["0190b3a0-0000-7000-8000-000000000001"]),
]  # fmt: skip
pytestmark = pytest.mark.django_db


def test_the_review_shows_every_question_asked():
    pages = forms.review(FORM, {**ANSWERS, "spouse_name": "ẩn"}, on=TODAY)
    assert [(p.key, [tuple(line) for line in p.lines]) for p in pages] == [
        ("person", [
            ("full_name", "Họ và tên", "Vừ Bá Giống"), ("born", "Ngày sinh", "31/01/2000"),
            ("married", "Đã kết hôn?", "Không"),
        ]),
        ("end", [("copies", "Số bản", "2")]),
    ]  # fmt: skip


def test_the_summary_is_plain_pairs_without_what_is_unanswered():
    assert forms.summary(FORM, {"full_name": "Vừ", "copies": 0}, language="en")[0] == (
        "Trang person", [("Full name", "Vừ")],
    )  # fmt: skip


def test_paper_data_has_a_text_for_every_question():
    data = forms.pdf_data(FORM, ANSWERS, on=TODAY)
    assert data["text"] == {
        "full_name": "Vừ Bá Giống", "born": "31/01/2000", "married": "Không", "spouse_name": "",
        "note": "", "copies": "2",
    }  # fmt: skip
    assert data["value"] == ANSWERS
    assert data["form"]["version"] == 3
    assert data["pages"][1] == {"title": "Trang end", "lines": [["Số bản", "2"]]}


def test_the_data_dictionary_has_a_line_for_every_question():
    lines = forms.data_dictionary(FORM, language="vi")
    assert [line.key for line in lines] == list(FORM.questions)
    assert (lines[3].condition, lines[3].sensitivity, lines[0].source) == (
        '{"var": "married"}', "sensitive", "test.full_name",
    )  # fmt: skip


def test_conditions_of_page_and_question_stand_together():
    form = forms.parse(
        document(
            page("a", question("x", "yes_no"), question("y", "yes_no")),
            page("b", question("z", show_if={"var": "y"}), show_if={"var": "x"}),
        )
    )
    assert forms.data_dictionary(form)[2].condition == '{"and": [{"var": "x"}, {"var": "y"}]}'


@pytest.mark.parametrize(("kind", "more", "value"), KINDS)
def test_the_schema_accepts_what_is_kept(kind, more, value):
    form = forms.parse(document(page("p", question("q", kind, required=True, **more))))
    schema = forms.json_schema(form)
    jsonschema_rs.meta.validate(schema)
    assert cleaning.clean(form, {"q": value}, facts=FACTS).values == {"q": value}
    assert jsonschema_rs.is_valid(schema, {"q": value})
    assert not jsonschema_rs.is_valid(schema, {})
    assert not jsonschema_rs.is_valid(schema, {"q": {}})
    assert not jsonschema_rs.is_valid(schema, {"q": value, "other": 1})


def test_the_schema_carries_bounds_conditions_and_sources():
    schema = forms.json_schema(FORM)
    assert schema["$id"] == "urn:sen:form:tests.form:3"
    assert schema["required"] == ["full_name", "born", "married", "copies"]
    assert schema["properties"]["copies"]["maximum"] == 9
    assert schema["properties"]["spouse_name"]["x-sen-show-if"] == {"var": "married"}
    assert schema["properties"]["full_name"]["x-sen-sources"] == ["test.full_name"]


raws = st.dictionaries(
    st.sampled_from([*FORM.questions, "other"]),
    st.one_of(st.text(max_size=20), st.booleans(), st.integers(), st.none(),
              st.sampled_from(["yes", "no", "1/2/2000", "Vừ Bá Giống"])),
)  # fmt: skip


@given(raws)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_is_sent_the_values_fit_the_schema_and_stay(raw):
    cleaned = cleaning.clean(FORM, raw, facts=FACTS)
    schema = {**forms.json_schema(FORM), "required": []}
    assert jsonschema_rs.is_valid(schema, cleaned.values)
    assert not set(cleaned.values) & set(cleaned.wrongs)
    again = cleaning.clean(FORM, cleaned.values, facts=FACTS)
    assert again.values == cleaned.values


def test_a_removed_question_is_told_where_it_was_answered():
    new = child_document()
    new["pages"][0]["questions"].pop(1)
    kept, changes = upgrade.carry_over(FORM, forms.parse(new), ANSWERS, facts=FACTS, language="vi")
    assert "born" not in kept
    assert changes == (forms.Change("born", "Ngày sinh", forms.ChangeKind.REMOVED),)


def test_an_answer_that_breaks_a_new_rule_is_asked_again():
    new = child_document()
    new["pages"][2]["questions"][0]["validate"] = [{"rule": "max", "value": 1}]
    kept, changes = forms.carry_over(FORM, forms.parse(new), ANSWERS, on=TODAY)
    assert "copies" not in kept
    assert [change.kind for change in changes] == [forms.ChangeKind.ASK_AGAIN]


def test_an_unseen_change_is_not_told():
    new = child_document()
    new["pages"][2]["questions"][0]["source"] = "test.copies"
    new["pages"][1]["questions"][0]["label"] = vi("Vợ hoặc chồng")
    kept, changes = forms.carry_over(FORM, forms.parse(new), ANSWERS, on=TODAY)
    assert (kept, changes) == (ANSWERS, ())
