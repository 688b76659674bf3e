"""A form and its answers on a day and in a language: the rules with what they must be told.

`on` is the day that counts as today, `language` the language of the words; without them the
present day and the language of the request.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, override

from sen.base import clock
from sen.base.errors import NotFound
from sen.kernel.forms.data import (
    Change,
    Cleaned,
    DictionaryLine,
    Facts,
    Form,
    Page,
    Prefilled,
    SummaryPage,
)
from sen.kernel.forms.rules import cleaning, drawing, export, jsonlogic, upgrade
from sen.kernel.forms.rules.journey import Way, walk
from sen.kernel.forms.rules.wording import words
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations

Errors = dict[str, list[str]]


def journey(
    form: Form, answers: Mapping[str, Any], *, on: dt.date | None = None
) -> tuple[str, ...]:
    """Return the keys of the pages that these answers lead through, in order."""
    return way(form, answers, on=on).pages


def way(form: Form, answers: Mapping[str, Any], *, on: dt.date | None = None) -> Way:
    """Return the way through a form: pages, questions asked, their answers (hidden ones absent)."""
    return walk(form, answers, _today(on))


def page(  # noqa: PLR0913 - each part of a page by name
    form: Form,
    key: str,
    answers: Mapping[str, Any],
    errors: Mapping[str, Sequence[str]] | None = None,
    prefill: Mapping[str, Prefilled] | None = None,
    *,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    raw: Mapping[str, Any] | None = None,
    language: str | None = None,
    on: dt.date | None = None,
) -> Page:
    """Return a page ready to be drawn.

    typed: what a draft keeps of answers that did not hold; raw: what was just sent, to be shown
    again where there are errors, or everywhere without `errors`. Raises NotFound for an unknown
    page.
    """
    spoken = _language(language)
    kept = dict(typed or {})
    found = form.page(key)
    if raw is not None and found is not None:
        collected = cleaning.collect(found, raw)
        kept |= {
            question.key: cleaning.typed(question, collected[question.key])
            for question in found.questions
            if errors is None or question.key in errors
        }
    with override(spoken):
        return drawing.page(
            form,
            key,
            answers=answers,
            errors=errors or {},
            typed=kept,
            prefill=prefill or {},
            facts=facts(on=on),
            language=spoken,
        )


def clean_page(
    form: Form,
    key: str,
    raw: Mapping[str, Any],
    *,
    answers: Mapping[str, Any] | None = None,
    prefill: Mapping[str, Prefilled] | None = None,
    language: str | None = None,
    on: dt.date | None = None,
) -> tuple[dict[str, Any], Errors]:
    """Return the answers of a page that hold, and messages by question key for the others.

    raw: what the page's inputs sent. answers: those of the other pages. Raises NotFound.
    """
    cleaned = cleaning.clean_page(
        form, key, raw, answers=answers or {}, facts=facts(on=on), prefilled=prefill
    )
    return cleaned.values, worded(form, cleaned, language=language)


def clean(
    form: Form,
    raw: Mapping[str, Any],
    *,
    prefill: Mapping[str, Prefilled] | None = None,
    language: str | None = None,
    on: dt.date | None = None,
) -> tuple[dict[str, Any], Errors]:
    """Return the answers of a whole form that hold, and messages by question key.

    raw: JSON values by question key; dates dd/mm/yyyy or ISO. Values of questions that are not
    asked are left out; an unknown key is an error under that key.
    """
    cleaned = cleaning.clean(form, raw, facts=facts(on=on), prefilled=prefill)
    return cleaned.values, worded(form, cleaned, language=language)


def worded(form: Form, cleaned: Cleaned, *, language: str | None = None) -> Errors:
    """Return the messages of what does not hold."""
    spoken = _language(language)
    with override(spoken):
        return words(form, cleaned.wrongs, spoken)


def condition_holds(
    condition: object, answers: Mapping[str, Any], *, on: dt.date | None = None
) -> bool:
    """Tell whether a JsonLogic condition holds; no condition (None) always does."""
    return jsonlogic.holds(condition, answers, _today(on))


def review(
    form: Form,
    answers: Mapping[str, Any],
    *,
    file_names: Mapping[str, str] | None = None,
    language: str | None = None,
    on: dt.date | None = None,
) -> tuple[SummaryPage, ...]:
    """Return every question asked with its answer as text, page by page with their keys."""
    spoken = _language(language)
    with override(spoken):
        return export.review(
            form, answers, facts=facts(on=on), language=spoken, file_names=file_names
        )


def summary(
    form: Form, answers: Mapping[str, Any], *, language: str | None = None
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the same as plain pairs: page title and its (label, text); unanswered left out."""
    pages = review(form, answers, language=language)
    return [
        (page.title, [(line.label, line.text) for line in page.lines if line.text])
        for page in pages
    ]


def pdf_data(
    form: Form, answers: Mapping[str, Any], *, language: str = "vi", on: dt.date | None = None
) -> dict[str, Any]:
    """Return what a paper template needs: `text` by question key, `value`, `pages`, `form`."""
    with override(language):
        return export.pdf_data(form, answers, facts=facts(on=on), language=language)


def data_dictionary(form: Form, *, language: str | None = None) -> tuple[DictionaryLine, ...]:
    """Return one line for every question of a form."""
    return export.data_dictionary(form, _language(language))


def carry_over(
    old: Form,
    new: Form,
    answers: Mapping[str, Any],
    *,
    language: str | None = None,
    on: dt.date | None = None,
) -> tuple[dict[str, Any], tuple[Change, ...]]:
    """Return the answers that hold in a newer form, and what changed for whoever gave them."""
    return upgrade.carry_over(old, new, answers, facts=facts(on=on), language=_language(language))


def facts(*, on: dt.date | None = None) -> Facts:
    """Return what rules may ask beside the answers."""
    today = _today(on)
    return Facts(today, lambda code: _area_name(code, today))


def _area_name(code: str, on: dt.date) -> str | None:
    """Return an area's Vietnamese name with its province, None for an unknown code."""

    def load() -> str | None:
        try:
            area = organisations.area(code, on)
        except NotFound:
            return None
        return _with_province(area)

    return legal.cached("units", ("forms.area", code[:20], on), load)


def with_present_names(answers: Mapping[str, Any], *, on: dt.date | None = None) -> dict[str, Any]:
    """Return answers in which an area that was renamed since bears its present name.

    What somebody typed beside the code stays as it is; so does an area that is no more, which the
    next check asks for anew. Nothing is asked while every name is the present one.
    """
    return {key: _present(value, _today(on)) for key, value in answers.items()}


def _present(value: Any, on: dt.date) -> Any:
    if not isinstance(value, Mapping) or not value.get("code"):
        return value
    name = _area_name(value["code"], on)
    if name is None or value.get("text") not in {*_former_names(value["code"], on)} - {name}:
        return value
    return {**value, "text": name}


def _former_names(code: str, on: dt.date) -> tuple[str, ...]:
    """Return what an area was called before a day, as `_area_name` puts it."""

    def load() -> tuple[str, ...]:
        rows = organisations.Area.objects.filter(code=code, valid_to__lt=on)
        held = rows.select_related("parent").order_by("valid_from")
        return tuple(_with_province(area) for area in held)

    return legal.cached("units", ("forms.area_before", code[:20], on), load)


def _with_province(area: organisations.Area) -> str:
    return ", ".join(
        [area.name["vi"], *([area.parent.name["vi"]] if area.parent is not None else [])]
    )


def _today(on: dt.date | None) -> dt.date:
    return on or clock.day(clock.now())


def _language(language: str | None) -> str:
    return language or get_language() or "vi"
