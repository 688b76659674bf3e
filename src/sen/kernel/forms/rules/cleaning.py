"""Answers of a page or of a whole form: read, hidden ones dropped, checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sen.base.errors import NotFound
from sen.kernel.forms.choices import Fault, QuestionType
from sen.kernel.forms.data import Cleaned, Facts, Form, FormPage, Prefilled, Question, Wrong
from sen.kernel.forms.rules import jsonlogic
from sen.kernel.forms.rules.checks import wrongs_of
from sen.kernel.forms.rules.journey import answers_before, walk
from sen.kernel.forms.rules.values import COMPOSITE, clean_value, input_texts

_MOST_TYPED = 4000
_CHOSEN = frozenset({QuestionType.CHOICE, QuestionType.YES_NO})


def clean_page(
    form: Form,
    key: str,
    raw: Mapping[str, Any],
    *,
    answers: Mapping[str, Any],
    facts: Facts,
    prefilled: Mapping[str, Prefilled] | None = None,
) -> Cleaned:
    """Return the answers of one page.

    raw: what its inputs sent, one text or several by name. answers: those known so far.
    prefilled: of a locked question its value stands, whatever was sent.
    Raises NotFound for a page the form does not have.
    """
    page = form.page(key)
    if page is None:
        raise NotFound
    before = answers_before(form, key, answers, facts.today)
    cleaned = _read_page(page, collect(page, raw), before, facts, prefilled or {})
    known = {**answers, **before, **cleaned.values}
    _check(cleaned, page, {k: v for k, v in known.items() if k not in cleaned.wrongs}, facts)
    return cleaned


def clean(
    form: Form,
    raw: Mapping[str, Any],
    *,
    facts: Facts,
    prefilled: Mapping[str, Prefilled] | None = None,
) -> Cleaned:
    """Return the answers of a whole form, in the order of its questions.

    raw: JSON values by question key. Values of questions that are not asked are left out.
    """
    before: dict[str, Any] = {}
    whole = Cleaned({}, {}, {})
    for page in form.pages:
        part = _read_page(page, raw, before, facts, prefilled or {})
        before.update(part.values)
        for mine, theirs in ((whole.values, part.values), (whole.wrongs, part.wrongs)):
            mine.update(theirs)
        whole.typed.update(part.typed)
    for page in form.pages:
        _check(whole, page, whole.values, facts)
    for key in raw:
        if key not in form.questions:
            whole.wrongs[str(key)[:100]] = [Wrong(Fault.UNKNOWN)]
    return whole


def recheck(form: Form, answers: Mapping[str, Any], facts: Facts) -> dict[str, list[Wrong]]:
    """Return what is wrong with kept answers on the way through the form, missing ones too."""
    way = walk(form, answers, facts.today)
    wrongs = {
        key: [_missing(question)]
        for key, question in form.questions.items()
        if key in way.shown and question.required and key not in way.answers
    }
    for key in way.answers:
        if found := wrongs_of(form.questions[key], way.answers, facts):
            wrongs[key] = found
    return wrongs


def collect(page: FormPage, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the inputs of a page sent, by question, parts of composite ones together."""
    collected: dict[str, Any] = {}
    for question in page.questions:
        if question.type in COMPOSITE:
            parts = {part: raw.get(f"{question.key}.{part}") for part in COMPOSITE[question.type]}
            is_whole = all(value is None for value in parts.values())
            collected[question.key] = raw.get(question.key) if is_whole else parts
        else:
            collected[question.key] = raw.get(question.key)
    return collected


def _read_page(
    page: FormPage,
    raw: Mapping[str, Any],
    before: Mapping[str, Any],
    facts: Facts,
    prefilled: Mapping[str, Prefilled],
) -> Cleaned:
    """Read the answers of a page, question by question, so that later ones see earlier ones."""
    cleaned = Cleaned({}, {}, {})
    known = dict(before)
    if not jsonlogic.holds(page.show_if, known, facts.today):
        return cleaned
    for question in page.questions:
        if not jsonlogic.holds(question.show_if, known, facts.today):
            continue
        sent = raw.get(question.key)
        source = prefilled.get(question.key)
        if question.is_locked and source is not None:
            value, wrong = source.value, None
        else:
            value, wrong = clean_value(question, sent, facts)
            value = value if source is None else _as_told(value, source.value)
        if wrong is None and value is None and question.required:
            wrong = _missing(question)
        if value is not None:
            cleaned.values[question.key] = known[question.key] = value
        if wrong is not None:
            cleaned.wrongs[question.key] = [wrong]
            cleaned.typed[question.key] = typed(question, sent)
    return cleaned


def _as_told(value: Any, told: Any) -> Any:
    """Return a place as its source told it where its words are the same: pages send no codes."""
    if isinstance(value, dict) and isinstance(told, Mapping) and not value.get("code"):
        return dict(told) if {**value, "code": told.get("code")} == dict(told) else value
    return value


def _check(cleaned: Cleaned, page: FormPage, answers: Mapping[str, Any], facts: Facts) -> None:
    """Move answers that break a further rule from the values to the wrongs, as typed."""
    for question in page.questions:
        if question.key not in cleaned.values:
            continue
        if found := wrongs_of(question, answers, facts):
            cleaned.wrongs[question.key] = found
    for question in page.questions:
        if question.key in cleaned.wrongs and question.key in cleaned.values:
            value = cleaned.values.pop(question.key)
            cleaned.typed[question.key] = _retyped(question, value)


def _missing(question: Question) -> Wrong:
    if question.type == QuestionType.FILE:
        return Wrong(Fault.NO_FILE)
    return Wrong(Fault.NOT_CHOSEN if question.type in _CHOSEN else Fault.MISSING)


def typed(question: Question, sent: object) -> dict[str, str]:
    """Return what was typed, by the ending of its input, so that it can be shown again."""
    parts = sent if isinstance(sent, Mapping) else {"": sent}
    found = {}
    for part, value in parts.items():
        one = value[0] if isinstance(value, list) and value else value
        if isinstance(one, str) and question.type not in _CHOSEN:
            found[str(part)] = one[:_MOST_TYPED].replace("\x00", "")
    return found


def _retyped(question: Question, value: Any) -> dict[str, str]:
    if question.type in _CHOSEN:
        return {"": value if isinstance(value, str) else ("yes" if value is True else "no")}
    return input_texts(question, value)
