"""What a form says to people and programs: review, paper data, data dictionary, JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from sen.kernel.forms.choices import QuestionType
from sen.kernel.forms.data import (
    DictionaryLine,
    Facts,
    Form,
    Question,
    SummaryLine,
    SummaryPage,
    localised,
)
from sen.kernel.forms.rules.journey import walk
from sen.kernel.forms.rules.values import COMPOSITE, MOST_CHARACTERS, value_text


def review(
    form: Form,
    answers: Mapping[str, Any],
    *,
    facts: Facts,
    language: str,
    file_names: Mapping[str, str] | None = None,
) -> tuple[SummaryPage, ...]:
    """Return every question asked with its answer as text, page by page; "" where none is."""
    way = walk(form, answers, facts.today)
    return tuple(
        SummaryPage(
            page.key,
            localised(page.title, language),
            tuple(
                SummaryLine(
                    question.key,
                    localised(question.label, language),
                    value_text(question, way.answers.get(question.key), language, file_names),
                )
                for question in page.questions
                if question.key in way.shown
            ),
        )
        for page in form.pages
        if page.key in way.pages
    )


def pdf_data(
    form: Form, answers: Mapping[str, Any], *, facts: Facts, language: str
) -> dict[str, Any]:
    """Return what a paper template needs: texts by question key ("" for none), values, pages."""
    way = walk(form, answers, facts.today)
    pages = review(form, answers, facts=facts, language=language)
    return {
        "form": {"code": form.code, "version": form.version, "title": form.title},
        "text": {
            key: value_text(question, way.answers.get(key), language)
            for key, question in form.questions.items()
        },
        "value": way.answers,
        "pages": [
            {"title": page.title, "lines": [[line.label, line.text] for line in page.lines]}
            for page in pages
        ],
    }


def data_dictionary(form: Form, language: str) -> tuple[DictionaryLine, ...]:
    """Return one line for every question: what it holds, how delicate it is, when it is asked."""
    return tuple(
        DictionaryLine(
            page=page.key,
            key=question.key,
            label=localised(question.label, language),
            type=question.type,
            required=question.required,
            sensitivity=question.sensitivity,
            source=", ".join(source.key for source in question.sources),
            max_length=question.max_length or MOST_CHARACTERS.get(question.type),
            options=tuple(option.code for option in question.options),
            condition=_condition(page.show_if, question.show_if),
        )
        for page in form.pages
        for question in page.questions
    )


def _condition(*rules: object) -> str:
    known = [rule for rule in rules if rule is not None]
    if not known:
        return ""
    rule = known[0] if len(known) == 1 else {"and": known}
    return json.dumps(rule, ensure_ascii=False)


# -- JSON Schema 2020-12 of the answers


def json_schema(form: Form) -> dict[str, Any]:
    """Return the JSON Schema of the answers as they are kept and sent.

    Questions that are always asked and required are `required`; of the others the condition stands
    in `x-sen-show-if`, which schemas cannot express and Sen itself checks.
    """
    always = [
        question.key
        for page in form.pages
        for question in page.questions
        if question.required and page.show_if is None and question.show_if is None
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:sen:form:{form.code}:{form.version}",
        "title": form.title["vi"],
        "type": "object",
        "properties": {
            question.key: {
                **_property(question),
                "title": question.label["vi"],
                "x-sen-type": question.type.value,
                "x-sen-sensitivity": question.sensitivity.value,
                "x-sen-page": page.key,
                **_sources(question),
                **_shown_if(page.show_if, question.show_if),
            }
            for page in form.pages
            for question in page.questions
        },
        "required": always,
        "additionalProperties": False,
    }


def _sources(question: Question) -> dict[str, Any]:
    keys = [source.key for source in question.sources]
    return {"x-sen-sources": keys} if keys else {}


def _shown_if(*rules: object) -> dict[str, Any]:
    condition = _condition(*rules)
    return {"x-sen-show-if": json.loads(condition)} if condition else {}


_PATTERNS: Mapping[QuestionType, str] = {
    QuestionType.NATIONAL_NUMBER: "^[0-9]{12}$",
    QuestionType.PHONE: r"^(0[0-9]{9,10}|\+[1-9][0-9]{7,14})$",
}
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_PARTIAL_DAY = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"


def _property(question: Question) -> dict[str, Any]:
    return _SCHEMAS.get(question.type, _texts)(question)


def _date(question: Question) -> dict[str, Any]:
    if question.is_partial:
        return {"type": "string", "pattern": f"^{_PARTIAL_DAY}$"}
    return {"type": "string", "format": "date", "pattern": f"^{_DAY}$"}


def _choice(question: Question) -> dict[str, Any]:
    one = {"type": "string", "enum": [option.code for option in question.options]}
    return {"type": "array", "items": one, "uniqueItems": True} if question.is_multiple else one


def _file(question: Question) -> dict[str, Any]:
    one = {"type": "string", "format": "uuid"}
    return {"type": "array", "items": one, "maxItems": question.max_files, "uniqueItems": True}


def _number(question: Question) -> dict[str, Any]:
    is_whole = question.type == QuestionType.MONEY or not question.decimals
    found: dict[str, Any] = {"type": "integer" if is_whole else "number"}
    if question.type == QuestionType.MONEY:
        found["minimum"] = 0
    for check in question.validate:
        if check.rule in {"min", "max"}:
            found["minimum" if check.rule == "min" else "maximum"] = check.value
    return found


def _texts(question: Question) -> dict[str, Any]:
    limit = question.max_length or MOST_CHARACTERS[question.type]
    if question.type in COMPOSITE:
        parts = COMPOSITE[question.type]
        return {
            "type": "object",
            "properties": {part: {"type": "string", "maxLength": limit} for part in parts},
            "required": [part for part in parts if part != "code"],
            "additionalProperties": False,
        }
    found: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": limit}
    if question.type in _PATTERNS:
        found["pattern"] = _PATTERNS[question.type]
    if question.type == QuestionType.EMAIL:
        found["format"] = "email"
    return found


_SCHEMAS: Mapping[QuestionType, Callable[[Question], dict[str, Any]]] = {
    QuestionType.YES_NO: lambda _: {"type": "boolean"},
    QuestionType.NUMBER: _number,
    QuestionType.MONEY: _number,
    QuestionType.DATE: _date,
    QuestionType.CHOICE: _choice,
    QuestionType.FILE: _file,
}
