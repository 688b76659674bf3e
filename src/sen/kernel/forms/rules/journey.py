"""The way through a form: which pages and questions are asked, given the answers so far.

A condition sees only answers of questions that are asked themselves, so a value that became hidden
hides what hung on it. Conditions look back only (`analysis` refuses others): one walk is enough.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from sen.kernel.forms.data import Form, FormPage, Question
from sen.kernel.forms.rules import jsonlogic


class Way(NamedTuple):
    """pages: keys of the pages asked; shown: keys of the questions asked; answers: theirs."""

    pages: tuple[str, ...]
    shown: frozenset[str]
    answers: dict[str, Any]


def walk(form: Form, answers: Mapping[str, Any], today: dt.date) -> Way:
    """Return the way through the form for these answers, hidden ones left out."""
    pages: list[str] = []
    shown: set[str] = set()
    kept: dict[str, Any] = {}
    for page in form.pages:
        asked = questions_asked(page, kept, answers, today)
        if asked:
            pages.append(page.key)
            shown.update(question.key for question in asked)
    return Way(tuple(pages), frozenset(shown), kept)


def questions_asked(
    page: FormPage, kept: dict[str, Any], answers: Mapping[str, Any], today: dt.date
) -> tuple[Question, ...]:
    """Return the questions of a page that are asked, and add their answers to `kept`."""
    if not jsonlogic.holds(page.show_if, kept, today):
        return ()
    asked = []
    for question in page.questions:
        if jsonlogic.holds(question.show_if, kept, today):
            asked.append(question)
            if question.key in answers:
                kept[question.key] = answers[question.key]
    return tuple(asked)


def answers_before(
    form: Form, page: str, answers: Mapping[str, Any], today: dt.date
) -> dict[str, Any]:
    """Return the answers that a page may look back on: those asked on the pages before it."""
    kept: dict[str, Any] = {}
    for earlier in form.pages:
        if earlier.key == page:
            break
        questions_asked(earlier, kept, answers, today)
    return kept


def following(form: Form, way: Way, page: str) -> str | None:
    """Return the page asked next after one, None after the last."""
    place = form.page_keys.index(page)
    return next((key for key in form.page_keys[place + 1 :] if key in way.pages), None)


def preceding(form: Form, way: Way, page: str) -> str | None:
    """Return the page asked before one, None before the first."""
    place = form.page_keys.index(page)
    return next((key for key in reversed(form.page_keys[:place]) if key in way.pages), None)


def first_open(form: Form, way: Way) -> str | None:
    """Return the first page on which a required answer is missing, None when none is."""
    for page in form.pages:
        for question in page.questions:
            is_open = question.required and question.key not in way.answers
            if is_open and question.key in way.shown:
                return page.key
    return None
