"""A draft of an older form meets a newer one: equal answers stay, the rest is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sen.kernel.forms.choices import ChangeKind
from sen.kernel.forms.data import Change, Facts, Form, Question, localised
from sen.kernel.forms.rules.checks import wrongs_of
from sen.kernel.forms.rules.journey import walk
from sen.kernel.forms.rules.values import clean_value


def carry_over(
    old: Form, new: Form, answers: Mapping[str, Any], *, facts: Facts, language: str
) -> tuple[dict[str, Any], tuple[Change, ...]]:
    """Return the answers that hold in the newer form, and what changed for whoever answered.

    An answer stays when the newer question of the same key reads it as the same value and its
    further rules hold. A changed question is told only where it is asked; a removed one only where
    it was answered.
    """
    kept = {
        key: answers[key]
        for key, question in new.questions.items()
        if key in answers
        and (old.questions.get(key) == question or _still(question, answers, facts))
    }
    shown = walk(new, kept, facts.today).shown
    changes = [
        Change(key, localised(question.label, language), kind)
        for key, question in new.questions.items()
        if (kind := _kind(old.questions.get(key), question, answers, kept, key in shown))
    ]
    changes += [
        Change(key, localised(question.label, language), ChangeKind.REMOVED)
        for key, question in old.questions.items()
        if key not in new.questions and key in answers
    ]
    return kept, tuple(changes)


def _still(question: Question, answers: Mapping[str, Any], facts: Facts) -> bool:
    value = answers[question.key]
    read, wrong = clean_value(question, value, facts)
    return wrong is None and bool(read == value) and not wrongs_of(question, answers, facts)


def _kind(
    before: Question | None,
    question: Question,
    answers: Mapping[str, Any],
    kept: Mapping[str, Any],
    is_shown: bool,  # noqa: FBT001 - a private step
) -> ChangeKind | None:
    if question.key in answers and question.key not in kept:
        return ChangeKind.ASK_AGAIN
    if not is_shown or before == question:
        return None
    if before is None:
        return ChangeKind.ADDED
    return ChangeKind.CHANGED if _looks_other(before, question) else None


def _looks_other(before: Question, question: Question) -> bool:
    """Tell whether people see a difference, beyond where the answer may come from."""
    visible = ("type", "label", "hint", "required", "options", "validate", "max_length")
    return any(getattr(before, name) != getattr(question, name) for name in visible)
