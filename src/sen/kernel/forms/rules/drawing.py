"""A page of a form as it is shown: everything in one language, ready to be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sen.base.errors import NotFound
from sen.kernel.forms.choices import QuestionType, YesNo
from sen.kernel.forms.data import (
    Choice,
    Facts,
    Form,
    FormPage,
    Page,
    PageField,
    Prefilled,
    Question,
    localised,
)
from sen.kernel.forms.rules import jsonlogic
from sen.kernel.forms.rules.journey import answers_before, preceding, questions_asked, walk
from sen.kernel.forms.rules.values import MOST_CHARACTERS, input_texts

_INPUT_MODES: Mapping[QuestionType, str] = {
    QuestionType.NUMBER: "decimal", QuestionType.MONEY: "numeric",
    QuestionType.NATIONAL_NUMBER: "numeric", QuestionType.PHONE: "tel",
    QuestionType.EMAIL: "email",
}  # fmt: skip


def page(
    form: Form,
    key: str,
    *,
    answers: Mapping[str, Any],
    errors: Mapping[str, Sequence[str]],
    typed: Mapping[str, Mapping[str, str]],
    prefill: Mapping[str, Prefilled],
    facts: Facts,
    language: str,
) -> Page:
    """Return a page as it is shown.

    answers: those kept; typed: what was typed where it did not hold, by the ending of its input.
    prefill: shown where nothing was answered yet. Raises NotFound for an unknown page.
    """
    found = form.page(key)
    if found is None:
        raise NotFound
    offered = {name: item.value for name, item in prefill.items() if name in form.questions}
    known = {**offered, **answers}
    way = walk(form, known, facts.today)
    before = answers_before(form, key, known, facts.today)
    asked = {question.key for question in questions_asked(found, dict(before), known, facts.today)}
    pages = way.pages if key in way.pages else (*way.pages, key)
    return Page(
        key=key,
        title=localised(found.title, language),
        hint=localised(found.hint, language),
        number=sorted(pages, key=form.page_keys.index).index(key) + 1,
        count=len(pages),
        previous=preceding(form, way, key),
        fields=tuple(
            _field(
                question,
                value=known.get(question.key),
                typed=typed.get(question.key),
                is_shown=question.key in asked,
                errors=tuple(errors.get(question.key, ())),
                prefilled=_provenance(question, answers, prefill),
                language=language,
            )
            for question in found.questions
        ),
        answers=_looked_back_on(found, before),
    )


def _provenance(
    question: Question, answers: Mapping[str, Any], prefill: Mapping[str, Prefilled]
) -> Prefilled | None:
    """Return where the answer came from, None once it was answered otherwise."""
    source = prefill.get(question.key)
    if source is None or answers.get(question.key, source.value) != source.value:
        return None
    return source


def _looked_back_on(page: FormPage, before: Mapping[str, Any]) -> dict[str, Any]:
    read = [key for q in page.questions for key in jsonlogic.references(q.show_if)]
    return {key: before[key] for key in (name.split(".")[0] for name in read) if key in before}


def _field(
    question: Question,
    *,
    value: Any,
    typed: Mapping[str, str] | None,
    is_shown: bool,
    errors: tuple[str, ...],
    prefilled: Prefilled | None,
    language: str,
) -> PageField:
    texts = input_texts(question, value) if typed is None else typed
    return PageField(
        key=question.key,
        name=question.key,
        type=question.type,
        label=localised(question.label, language),
        hint=localised(question.hint, language),
        suffix=localised(question.suffix, language),
        required=question.required,
        sensitivity=question.sensitivity,
        texts=texts,
        values=tuple(value or ()) if question.type == QuestionType.FILE else (),
        choices=_choices(question, value if typed is None else typed.get(""), language),
        is_multiple=question.is_multiple or question.max_files > 1,
        is_partial=question.is_partial,
        is_shown=is_shown,
        show_if=question.show_if,
        errors=errors,
        prefilled=prefilled,
        max_length=question.max_length or MOST_CHARACTERS.get(question.type),
        max_files=question.max_files,
        accept=question.accept,
        autocomplete=question.autocomplete or "",
        input_mode=_INPUT_MODES.get(question.type, ""),
    )


def _choices(question: Question, value: Any, language: str) -> tuple[Choice, ...]:
    if question.type == QuestionType.YES_NO:
        chosen = {True: YesNo.YES.value, False: YesNo.NO.value}.get(value, value)
        return tuple(Choice(c.value, str(c.label), "", c.value == chosen) for c in YesNo)
    picked = value if isinstance(value, list) else [value]
    return tuple(
        Choice(
            option.code,
            localised(option.label, language),
            localised(option.hint, language),
            option.code in picked,
        )
        for option in question.options
    )
