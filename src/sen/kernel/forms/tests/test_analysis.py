"""Forms that may not be published, and why."""

from __future__ import annotations

import pytest

from sen.kernel.forms import public as forms
from sen.kernel.forms.choices import Defect
from sen.kernel.forms.tests.factories import (
    YES_NO_OPTIONS,
    child_document,
    document,
    page,
    question,
    vi,
)


def found(*questions, **more):
    return [(p.path, p.defect) for p in forms.check(document(page("p", *questions), **more))]


A, B = question("a", "yes_no"), question("b", "choice", options=YES_NO_OPTIONS)
Q = "pages.0.questions.0"

CASES = [
    ([question("A b")], [(f"{Q}.key", Defect.MALFORMED)]),
    ([question("a", "colour")], [(f"{Q}.type", Defect.MALFORMED)]),
    ([question("a", colour="red")], [(f"{Q}.colour", Defect.MALFORMED)]),
    ([question("a", label={"en": "x"})], [(f"{Q}.label", Defect.MALFORMED)]),
    ([], [("pages.0", Defect.NO_QUESTION)]),
    ([A, A], [("pages.0.questions.1.key", Defect.KEY_TWICE)]),
    ([question("a", "choice")], [(f"{Q}.options", Defect.NO_OPTIONS)]),
    ([question("a", "choice", options=YES_NO_OPTIONS[:1] * 2)],
     [(f"{Q}.options.1", Defect.OPTION_TWICE)]),
    ([question("a", options=YES_NO_OPTIONS)], [(f"{Q}.options", Defect.NOT_FOR_TYPE)]),
    ([question("a", "date", max_length=5)], [(f"{Q}.max_length", Defect.NOT_FOR_TYPE)]),
    ([question("a", max_files=2)], [(f"{Q}.max_files", Defect.NOT_FOR_TYPE)]),
    ([question("a", paper="x")], [(f"{Q}.paper", Defect.NOT_FOR_TYPE)]),
    ([question("a", validate=[{"rule": "not_future"}])],
     [(f"{Q}.validate.0.rule", Defect.NOT_FOR_TYPE)]),
    ([question("a", "date", validate=[{"rule": "not_before"}])],
     [(f"{Q}.validate.0", Defect.NO_BOUND)]),
    ([question("a", "date", validate=[{"rule": "min", "value": 5}])],
     [(f"{Q}.validate.0", Defect.NO_BOUND)]),
    ([question("a", "number", validate=[{"rule": "min", "value": "x"}])],
     [(f"{Q}.validate.0", Defect.NO_BOUND)]),
    ([question("a", "date", validate=[{"rule": "age", "min": 1, "question": "z"}])],
     [(f"{Q}.validate.0.question", Defect.UNKNOWN_QUESTION)]),
    ([question("a", "date", validate=[{"rule": "not_after", "question": "b"}]), B],
     [(f"{Q}.validate.0.question", Defect.NOT_FOUND_TYPE)]),
    ([question("a", validate=[{"rule": "holds", "condition": {"var": "z"}}])],
     [(f"{Q}.validate.0", Defect.NO_MESSAGE),
      (f"{Q}.validate.0.condition", Defect.UNKNOWN_QUESTION)]),
    ([question("a", "national_number", fits={"birth_date": "z"})],
     [(f"{Q}.fits.birth_date", Defect.UNKNOWN_QUESTION)]),
    ([question("a", "national_number", fits={"sex": "b"}), B],
     [(f"{Q}.fits.sex", Defect.NOT_FOUND_TYPE)]),
    ([A, question("c", show_if={"exec": [1]})],
     [("pages.0.questions.1.show_if", Defect.BAD_CONDITION)]),
    ([A, question("c", show_if={"var": "z"})],
     [("pages.0.questions.1.show_if", Defect.UNKNOWN_QUESTION)]),
    ([question("c", show_if={"var": "a"}), A], [(f"{Q}.show_if", Defect.LATER_QUESTION)]),
    ([question("c", show_if={"var": "c"})],
     [(f"{Q}.show_if", Defect.LATER_QUESTION), ("pages", Defect.CYCLE)]),
    ([question("c", source=[{"key": "x.y", "only_if": {"var": "z"}}])],
     [(f"{Q}.source.0.only_if", Defect.UNKNOWN_QUESTION)]),
    ([A, question("c", show_if={"==": [{"var": "a"}, "yes"]})],
     [("pages.0.questions.1", Defect.UNREACHABLE)]),
    ([A, B, question("c", show_if={"and": [{"var": "a"}, {"==": [{"var": "b"}, "z"]}]})],
     [("pages.0.questions.2", Defect.UNREACHABLE)]),
    ([question("n", "number"), question("c", show_if={">": [{"var": "n"}, 5]})], []),
    ([question("b", "choice", options=YES_NO_OPTIONS, is_multiple=True),
      question("c", show_if={"in": ["a", {"var": "b"}]})], []),
]  # fmt: skip


@pytest.mark.parametrize(("questions", "defects"), CASES)
def test_a_defect_is_found_at_its_place(questions, defects):
    assert found(*questions) == defects


def test_circles_are_named():
    problems = forms.check(
        document(page("p", question("a", "yes_no", show_if={"var": "b"}),
                      question("b", "yes_no", show_if={"var": "a"})))
    )  # fmt: skip
    assert [p.message for p in problems if p.defect == Defect.CYCLE] == [
        "Các điều kiện phụ thuộc vòng tròn: a → b → a."
    ]


def test_pages_are_checked_like_questions():
    problems = forms.check(
        document(
            page("p", A),
            page("p", question("c"), show_if={"==": [{"var": "a"}, 1]}),
        )
    )
    assert [(p.path, p.defect) for p in problems] == [("pages.1.key", Defect.KEY_TWICE)]
    unreachable = document(
        page("p", A), page("q", question("c"), show_if={"==": [{"var": "a"}, 1]})
    )
    assert [(p.path, p.defect) for p in forms.check(unreachable)] == [
        ("pages.1", Defect.UNREACHABLE)
    ]


def test_too_many_combinations_are_not_tried():
    many = [question(f"q{n}", "yes_no") for n in range(9)]
    never = {"and": [*({"var": f"q{n}"} for n in range(9)), False]}
    assert found(*many, question("c", show_if=never)) == []


def test_a_good_form_has_no_defects_and_a_schema_of_documents_exists():
    assert forms.check(child_document()) == []
    assert forms.document_schema()["type"] == "object"
    assert forms.rule_problems({"var": "a"}) == []


def test_parsing_a_defective_document_names_the_place():
    with pytest.raises(forms.FormDefective) as failure:
        forms.parse(document(page("p", question("a", label=vi(" ")))))
    assert list(failure.value.fields) == [f"{Q}.label"]
