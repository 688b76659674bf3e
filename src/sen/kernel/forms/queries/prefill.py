"""Answers that are known already: asked from the sources, cleaned, with where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import structlog
from django.db import connection, transaction

from sen.base.actor import Actor
from sen.base.clock import day
from sen.kernel.forms.data import (
    Form,
    Prefill,
    PrefillContext,
    Prefilled,
    PrefillSource,
    Question,
    localised,
)
from sen.kernel.forms.queries.filling import facts
from sen.kernel.forms.registry import source_of
from sen.kernel.forms.rules import jsonlogic
from sen.kernel.forms.rules.values import clean_value

log = structlog.get_logger(__name__)


def prefill(
    actor: Actor,
    form: Form,
    context: PrefillContext,
    *,
    page: str | None = None,
    only_locked: bool = False,
    language: str = "vi",
) -> Prefill:
    """Return what the sources know, by question key, with source and moment.

    page: only for its questions. only_locked: only for answers that are not to be changed by hand.
    A source that fails is logged and named in `failed`; its questions are asked like any other. A
    value that does not fit its question is left out.
    Each source is asked once, for all its names together.
    """
    found = Prefill()
    for source, names in _wanted(form, context, page, only_locked=only_locked):
        answers = _ask(actor, source, replace(context, names=frozenset(names)))
        if answers is None:
            found.failed.append(localised(source.title, language))
            continue
        for name, questions in names.items():
            for question in questions:
                taken = _taken(question, source, answers.get(name), context, language)
                if taken is not None:
                    found[question.key] = taken
    return found


def _wanted(
    form: Form, context: PrefillContext, page: str | None, *, only_locked: bool
) -> list[tuple[PrefillSource, dict[str, list[Question]]]]:
    """Return the sources to ask, each with the questions by the name it knows the answer by."""
    wanted: dict[str, tuple[PrefillSource, dict[str, list[Question]]]] = {}
    for one in form.pages:
        if page is not None and one.key != page:
            continue
        for question in one.questions:
            if only_locked and not question.is_locked:
                continue
            key = _source_key(question, context)
            source = source_of(key) if key else None
            if source is not None:
                names = wanted.setdefault(source.key, (source, {}))[1]
                names.setdefault(key[len(source.key) + 1 :], []).append(question)
    return list(wanted.values())


def _source_key(question: Question, context: PrefillContext) -> str:
    today = day(context.at)
    return next(
        (
            source.key
            for source in question.sources
            if jsonlogic.holds(source.only_if, context.answers, today)
        ),
        "",
    )


def _ask(actor: Actor, source: PrefillSource, context: PrefillContext) -> Mapping[str, Any] | None:
    """Return what a source answers, None if it fails; the caller's transaction stays usable."""
    inside = transaction.atomic() if connection.in_atomic_block else nullcontext()
    try:
        with inside:
            return source.fetch(actor, context)
    except Exception as error:  # noqa: BLE001 - whatever fails in a source must not stop the citizen
        log.warning("forms.prefill_failed", source=source.key, failure=type(error).__name__)
        return None


def _taken(
    question: Question, source: PrefillSource, raw: Any, context: PrefillContext, language: str
) -> Prefilled | None:
    value, wrong = clean_value(question, raw, facts(on=day(context.at)))
    if wrong is not None:
        log.warning("forms.prefill_unfit", source=source.key, question=question.key)
    if value is None or wrong is not None:
        return None
    title = localised(source.title, language)
    return Prefilled(value, source.key, title, context.at, is_locked=question.is_locked)
