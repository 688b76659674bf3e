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
_LAST = 100
"""Behind every place in a question's list of sources."""


def prefill(
    actor: Actor,
    form: Form,
    context: PrefillContext,
    *,
    page: str | None = None,
    only_locked: bool = False,
    only_gathered: bool = False,
    language: str = "vi",
) -> Prefill:
    """Return what the sources know, by question key, with source and moment.

    page: only for its questions. only_locked: only for answers that are not to be changed by hand.
    only_gathered: only from sources that others keep, for a form that is not about the actor.
    A source that fails is logged and named in `failed`; its questions are asked like any other. A
    value that does not fit its question is left out; of several sources the first that knows one
    stands. Each source is asked once, for all its names together.
    """
    found, best = Prefill(), dict[str, int]()
    for source, names in _wanted(form, context, page, only_locked=only_locked):
        if only_gathered and source.gather is None:
            continue
        asked = {name for _rank, name, _question in names}
        answers = _ask(actor, source, replace(context, names=frozenset(asked)))
        if answers is None:
            found.failed.append(localised(source.title, language))
            continue
        for rank, name, question in names:
            if rank < best.get(question.key, _LAST):
                taken = _taken(question, source, answers.get(name), context, language)
                if taken is not None:
                    found[question.key], best[question.key] = taken, rank
    return found


def _wanted(
    form: Form, context: PrefillContext, page: str | None, *, only_locked: bool
) -> list[tuple[PrefillSource, list[tuple[int, str, Question]]]]:
    """Return the sources to ask, each with place, name and question of what it may know."""
    wanted: dict[str, tuple[PrefillSource, list[tuple[int, str, Question]]]] = {}
    for one in form.pages:
        if page is not None and one.key != page:
            continue
        for question in one.questions:
            if only_locked and not question.is_locked:
                continue
            for rank, key in enumerate(_source_keys(question, context)):
                source = source_of(key)
                if source is not None:
                    names = wanted.setdefault(source.key, (source, []))[1]
                    names.append((rank, key[len(source.key) + 1 :], question))
    return list(wanted.values())


def _source_keys(question: Question, context: PrefillContext) -> list[str]:
    today = day(context.at)
    return [
        source.key
        for source in question.sources
        if jsonlogic.holds(source.only_if, context.answers, today)
    ]


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
    told = context.found.get(source.key)
    at = told.at if told else context.at
    return Prefilled(value, source.key, title, at, is_locked=question.is_locked)
