"""Pages of forms: each type of question by its component, faults and sources beside them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
from django.template import Context, Template

from sen.base import clock
from sen.kernel.forms.choices import QuestionType, Sensitivity
from sen.kernel.forms.data import Choice, Page, PageField, Prefilled
from sen.web import formdraw
from sen.web.data import KeptFile, UploadUrls

AT = dt.datetime(2026, 11, 21, 12, 3, tzinfo=clock.ZONE)
YES_NO = (Choice("yes", "Có", "", is_chosen=True), Choice("no", "Không", "", is_chosen=False))
MANY = tuple(Choice(str(n), f"Xã {n}", "", is_chosen=n in {2, 3}) for n in range(9))
URLS = UploadUrls(begin="/b", append="/a/{id}", finish="/f/{id}")


def field(key: str, kind: QuestionType, **more: object) -> PageField:
    plain = PageField(
        key=key, name=key, type=kind, label=key.title(), hint="", suffix="", required=True,
        sensitivity=Sensitivity.PERSONAL, texts={}, values=(), choices=(), is_multiple=False,
        is_partial=False, is_shown=True, show_if=None, errors=(), prefilled=None, max_length=None,
        max_files=1, accept=(), autocomplete="", input_mode="",
    )  # fmt: skip
    return replace(plain, **more)


def page(*fields: PageField, **more: object) -> Page:
    return Page(
        key="child", title="Trẻ", hint="", number=1, count=3, previous=None, fields=fields,
        answers=more,
    )  # fmt: skip


def drawn(one: PageField, **around: object):
    (question,) = formdraw.drawn(page(one), formdraw.Surroundings(**around)).questions
    return question


KINDS = [
    (QuestionType.TEXT, {}, "text"), (QuestionType.PERSON_NAME, {}, "text"),
    (QuestionType.EMAIL, {}, "text"), (QuestionType.PHONE, {}, "text"),
    (QuestionType.NATIONAL_NUMBER, {}, "text"), (QuestionType.TEXTAREA, {}, "textarea"),
    (QuestionType.NUMBER, {}, "number"), (QuestionType.MONEY, {}, "number"),
    (QuestionType.DATE, {}, "date"), (QuestionType.YES_NO, {"choices": YES_NO}, "choice"),
    (QuestionType.CHOICE, {"choices": YES_NO}, "choice"),
    (QuestionType.CHOICE, {"choices": MANY}, "select"),
    (QuestionType.CHOICE, {"choices": MANY, "is_multiple": True}, "checks"),
    (QuestionType.AREA, {}, "place"), (QuestionType.ADDRESS, {}, "place"),
    (QuestionType.FILE, {}, "file"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "more", "component"), KINDS)
def test_each_type_of_question_has_its_component(kind, more, component):
    question = drawn(field("a", kind, **more))
    assert (question.kind, question.type) == (component, str(kind))


def test_every_type_of_question_is_drawn():
    assert {kind for kind, _more, _component in KINDS} == set(QuestionType)


@pytest.mark.parametrize(("kind", "more", "component"), KINDS)
def test_each_question_is_drawn_with_its_fault_and_what_was_typed(kind, more, component):
    one = field("a", kind, errors=("Sai rồi.",), texts={"": "đã gõ", "text": "đã gõ"}, **more)
    made = formdraw.drawn(page(one))
    html = Template(
        "{% error_summary faults=p.faults %}{% form_page questions=p.questions answers=p.answers %}"
    ).render(Context({"p": made}))
    assert html.count("Sai rồi.") == 2
    assert 'href="#id_a"' in html
    assert re.findall(r'\sid="id_a"', html) == [' id="id_a"']
    if component in {"text", "textarea", "number", "date", "place"}:
        assert "đã gõ" in html


def test_a_known_answer_says_where_it_came_from():
    source = Prefilled("x", "identity.person", "CSDL quốc gia về dân cư", AT, is_locked=True)
    question = drawn(field("a", QuestionType.PERSON_NAME, prefilled=source, texts={"": "Hà"}))
    assert {key: question.attributes[key] for key in ("value", "provenance", "is_readonly")} == {
        "value": "Hà", "provenance": "từ CSDL quốc gia về dân cư, 12:03", "is_readonly": True,
    }  # fmt: skip


def test_money_is_counted_in_dong_unless_said_otherwise():
    assert drawn(field("a", QuestionType.MONEY)).attributes["unit"] == "đồng"
    assert drawn(field("a", QuestionType.NUMBER, suffix="m²")).attributes["unit"] == "m²"


def test_two_short_options_stand_side_by_side():
    hinted = (Choice("a", "A", "vì sao", is_chosen=False), Choice("b", "B", "", is_chosen=False))
    assert drawn(field("a", QuestionType.YES_NO, choices=YES_NO)).attributes["is_inline"] is True
    assert drawn(field("a", QuestionType.CHOICE, choices=hinted)).attributes["is_inline"] is False


def test_chosen_options_are_kept():
    one = drawn(field("a", QuestionType.CHOICE, choices=MANY, is_multiple=True))
    assert one.attributes["values"] == ["2", "3"]
    assert drawn(field("a", QuestionType.CHOICE, choices=MANY)).attributes["value"] == "2"


def test_an_address_has_a_line_and_an_area_has_none():
    texts = {"line": "Xóm 3", "text": "Kim Liên", "code": "17968"}
    address = drawn(field("a", QuestionType.ADDRESS, texts=texts), suggest="/dia-danh/").attributes
    area = drawn(field("a", QuestionType.AREA, texts=texts)).attributes
    assert {key: address[key] for key in ("line", "text", "code", "suggest")} == {
        **texts, "suggest": "/dia-danh/",
    }  # fmt: skip
    assert (area["line"], area["suggest"]) == (None, "")


def test_files_are_named_where_they_are_known():
    kept = KeptFile(id="7", name="a.pdf", size=10)
    one = field("a", QuestionType.FILE, values=("7", "8"), accept=("pdf", "jpg"), is_multiple=True)
    question = drawn(one, files={"7": kept}, upload=URLS)
    assert {key: question.attributes[key] for key in ("kept", "accept", "is_multiple", "urls")} == {
        "kept": [kept], "accept": ".pdf,.jpg", "is_multiple": True, "urls": URLS,
    }  # fmt: skip


def test_conditions_go_to_the_pages_script():
    shown = field("a", QuestionType.YES_NO, choices=YES_NO)
    hidden = field("b", QuestionType.TEXT, show_if={"==": [{"var": "a"}, True]}, is_shown=False)
    made = formdraw.drawn(page(shown, hidden, area="17968"))
    assert [(q.key, q.show_if, q.is_shown) for q in made.questions] == [
        ("a", "", True), ("b", '{"==": [{"var": "a"}, true]}', False),
    ]  # fmt: skip
    assert made.answers == '{"area": "17968"}'
