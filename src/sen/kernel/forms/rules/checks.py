"""The further rules of an answer: bounds, order of dates, ages, agreement with other answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sen.base.identifiers import NationalNumber
from sen.kernel.forms.choices import Fault, QuestionType
from sen.kernel.forms.data import Check, Facts, Question, Wrong
from sen.kernel.forms.rules import jsonlogic
from sen.kernel.forms.rules.values import date_text, input_texts

MALE, FEMALE = "male", "female"
"""Codes of the options of a question about sex."""

_Rule = Callable[[Question, Check, Any, Mapping[str, Any], Facts], Wrong | None]


def wrongs_of(question: Question, answers: Mapping[str, Any], facts: Facts) -> list[Wrong]:
    """Return what is wrong with an answer that has its type: the first fault of each rule."""
    value = answers.get(question.key)
    if value is None:
        return []
    found = [_worded(check, question, value, answers, facts) for check in question.validate]
    found.append(_fits(question, value, answers))
    return [wrong for wrong in found if wrong is not None]


def _worded(
    check: Check, question: Question, value: Any, answers: Mapping[str, Any], facts: Facts
) -> Wrong | None:
    wrong = _RULES[check.rule](question, check, value, answers, facts)
    if wrong is None or check.message is None:
        return wrong
    return Wrong(wrong.fault, wrong.typed, wrong.limit, wrong.other, check.message)


def _bound(question: Question, check: Check, value: Any, *_: Any) -> Wrong | None:
    is_least = check.rule == "min"
    limit = check.value
    if limit is None or (value >= limit if is_least else value <= limit):
        return None
    text = input_texts(question, limit)[""]
    if question.type == QuestionType.DATE:
        return Wrong(Fault.TOO_EARLY if is_least else Fault.TOO_LATE, limit=text)
    return Wrong(Fault.TOO_SMALL if is_least else Fault.TOO_BIG, limit=text)


def _min_length(_q: Question, check: Check, value: Any, *_: Any) -> Wrong | None:
    if check.value is None or len(value) >= int(check.value):
        return None
    return Wrong(Fault.TOO_SHORT, limit=str(check.value))


def _today(
    _q: Question, check: Check, value: Any, _answers: Mapping[str, Any], facts: Facts
) -> Wrong | None:
    """Compare with today as far as the date is known: this year's number is not in the future."""
    today = facts.today.isoformat()[: len(value)]
    if check.rule == "not_future":
        return Wrong(Fault.IN_FUTURE, date_text(value)) if value > today else None
    return Wrong(Fault.IN_PAST, date_text(value)) if value < today else None


def _order(
    _q: Question, check: Check, value: Any, answers: Mapping[str, Any], _facts: Facts
) -> Wrong | None:
    other = answers.get(check.question) if check.question else check.value
    if other is None:
        return None
    same = min(len(value), len(str(other)))
    mine, limit = value[:same], str(other)[:same]
    if check.rule == "not_before":
        is_wrong, fault = mine < limit, Fault.TOO_EARLY
    else:
        is_wrong, fault = mine > limit, Fault.TOO_LATE
    return (
        Wrong(fault, limit=date_text(str(other)), other=check.question or "") if is_wrong else None
    )


def _age(
    _q: Question, check: Check, value: Any, answers: Mapping[str, Any], facts: Facts
) -> Wrong | None:
    born = jsonlogic.as_date(value)
    until = jsonlogic.as_date(answers.get(check.question)) if check.question else facts.today
    if born is None or until is None:
        return None
    years = jsonlogic.years_between(born, until)
    if check.min is not None and years < check.min:
        return Wrong(Fault.TOO_YOUNG, date_text(value), str(check.min), check.question or "")
    if check.max is not None and years > check.max:
        return Wrong(Fault.TOO_OLD, date_text(value), str(check.max), check.question or "")
    return None


def _same(
    _q: Question, check: Check, value: Any, answers: Mapping[str, Any], _facts: Facts
) -> Wrong | None:
    other = answers.get(check.question or "")
    if other is None or (value == other) == (check.rule == "same_as"):
        return None
    fault = Fault.NOT_SAME if check.rule == "same_as" else Fault.NOT_OTHER
    return Wrong(fault, other=check.question or "")


def _holds(
    _q: Question, check: Check, _value: Any, answers: Mapping[str, Any], facts: Facts
) -> Wrong | None:
    if jsonlogic.holds(check.condition, answers, facts.today):
        return None
    return Wrong(Fault.DOES_NOT_HOLD)


_RULES: Mapping[str, _Rule] = {
    "min": _bound, "max": _bound, "min_length": _min_length,
    "not_future": _today, "not_past": _today, "not_before": _order, "not_after": _order,
    "age": _age, "same_as": _same, "differs_from": _same, "holds": _holds,
}  # fmt: skip


def _fits(question: Question, value: Any, answers: Mapping[str, Any]) -> Wrong | None:
    """Tell whether a national number agrees with birth year and sex.

    Nguồn: Nghị định 137/2015/NĐ-CP, Điều 13 (cấu trúc số định danh cá nhân).
    """
    fits = question.fits
    if fits is None:
        return None
    number = NationalNumber(value)
    born = answers.get(fits.birth_date or "")
    if born is not None and not number.fits(birth_year=int(born[:4])):
        return Wrong(Fault.NUMBER_NOT_OF_YEAR, other=fits.birth_date or "")
    sex = answers.get(fits.sex or "")
    is_male = fits.is_male if sex not in (MALE, FEMALE) else sex == MALE
    if not number.fits(is_male=is_male):
        return Wrong(Fault.NUMBER_NOT_OF_SEX, other=fits.sex or "")
    return None
