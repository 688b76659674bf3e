"""What is wrong with a form before it is published: every defect with its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from sen.kernel.forms.choices import Defect, QuestionType
from sen.kernel.forms.data import Check, Form, Problem, Question
from sen.kernel.forms.rules import jsonlogic
from sen.kernel.forms.rules.checks import FEMALE, MALE
from sen.kernel.forms.rules.journey import walk
from sen.kernel.forms.rules.parsing import read

_MOST_TRIES = 4096
_SOME_DAY = dt.date(2026, 1, 1)
"""Any day: conditions on dates are not tried out."""
_NUMBERS = frozenset({QuestionType.NUMBER, QuestionType.MONEY})
_FINITE = frozenset({QuestionType.CHOICE, QuestionType.YES_NO})
_DATES = frozenset({QuestionType.DATE})
_ANY = frozenset(QuestionType)
_CHECK_TYPES: Mapping[str, frozenset[QuestionType]] = {
    "min": _NUMBERS | _DATES, "max": _NUMBERS | _DATES,
    "min_length": frozenset({QuestionType.TEXT, QuestionType.TEXTAREA, QuestionType.PERSON_NAME}),
    "not_future": _DATES, "not_past": _DATES, "not_before": _DATES, "not_after": _DATES,
    "age": _DATES, "same_as": _ANY, "differs_from": _ANY, "holds": _ANY,
}  # fmt: skip
_ONLY_FOR: Mapping[str, frozenset[QuestionType]] = {
    "options": frozenset({QuestionType.CHOICE}),
    "is_multiple": frozenset({QuestionType.CHOICE}),
    "is_partial": _DATES,
    "decimals": frozenset({QuestionType.NUMBER}),
    "accept": frozenset({QuestionType.FILE}),
    "paper": frozenset({QuestionType.FILE}),
    "fits": frozenset({QuestionType.NATIONAL_NUMBER}),
    "max_length": _ANY - _FINITE - _NUMBERS - _DATES - {QuestionType.FILE},
}
"""Attributes that make sense only for some types of questions."""


def check(document: Mapping[str, Any]) -> list[Problem]:
    """Return every defect of a form document; none for one that may be published."""
    form, problems = read(document)
    if form is None:
        return problems
    problems = [*_keys(form), *_questions(form), *_conditions(form)]
    return problems or list(_unreachable(form))


def _places(form: Form) -> Iterator[tuple[str, Question]]:
    for p, page in enumerate(form.pages):
        for q, question in enumerate(page.questions):
            yield f"pages.{p}.questions.{q}", question


def _keys(form: Form) -> Iterator[Problem]:
    seen: set[str] = set()
    for p, page in enumerate(form.pages):
        if form.page_keys.index(page.key) != p:
            yield Problem(f"pages.{p}.key", Defect.KEY_TWICE, page.key)
        if not page.questions:
            yield Problem(f"pages.{p}", Defect.NO_QUESTION)
    for path, question in _places(form):
        if question.key in seen:
            yield Problem(f"{path}.key", Defect.KEY_TWICE, question.key)
        seen.add(question.key)


def _questions(form: Form) -> Iterator[Problem]:
    for path, question in _places(form):
        for name, types in _ONLY_FOR.items():
            if getattr(question, name) and question.type not in types:
                yield Problem(f"{path}.{name}", Defect.NOT_FOR_TYPE, name)
        if question.max_files != 1 and question.type != QuestionType.FILE:
            yield Problem(f"{path}.max_files", Defect.NOT_FOR_TYPE, "max_files")
        if question.type == QuestionType.CHOICE:
            yield from _options(path, question)
        for s, source in enumerate(question.sources):
            yield from _rule(form, f"{path}.source.{s}.only_if", source.only_if)
        for c, one in enumerate(question.validate):
            yield from _check(form, f"{path}.validate.{c}", question, one)
        yield from _fits(form, path, question)


def _options(path: str, question: Question) -> Iterator[Problem]:
    codes = [option.code for option in question.options]
    if len(codes) <= 1:
        yield Problem(f"{path}.options", Defect.NO_OPTIONS)
    for place, code in enumerate(codes):
        if codes.index(code) != place:
            yield Problem(f"{path}.options.{place}", Defect.OPTION_TWICE, code)


def _check(form: Form, path: str, question: Question, check: Check) -> Iterator[Problem]:
    if question.type not in _CHECK_TYPES[check.rule]:
        yield Problem(f"{path}.rule", Defect.NOT_FOR_TYPE, check.rule)
    if check.question is not None and check.question not in form.questions:
        yield Problem(f"{path}.question", Defect.UNKNOWN_QUESTION, check.question)
    elif check.question is not None and check.rule in {"not_before", "not_after", "age"}:
        yield from _of_type(form, f"{path}.question", check.question, _DATES)
    if _lacks_bound(question, check):
        yield Problem(path, Defect.NO_BOUND, check.rule)
    if check.rule == "holds":
        if check.message is None:
            yield Problem(path, Defect.NO_MESSAGE)
        yield from _rule(form, f"{path}.condition", check.condition)


def _lacks_bound(question: Question, check: Check) -> bool:
    """Tell whether a check does not say what it measures by, or says it in the wrong kind."""
    if check.rule in {"min", "max"}:
        if question.type in _NUMBERS:
            return not isinstance(check.value, int)
        return jsonlogic.as_date(check.value) is None
    if check.rule in {"not_before", "not_after"}:
        return check.question is None and jsonlogic.as_date(check.value) is None
    return {
        "min_length": not isinstance(check.value, int),
        "age": check.min is None and check.max is None,
        "same_as": check.question is None,
        "differs_from": check.question is None,
        "holds": check.condition is None,
    }.get(check.rule, False)


def _fits(form: Form, path: str, question: Question) -> Iterator[Problem]:
    if question.fits is None:
        return
    if question.fits.birth_date is not None:
        yield from _of_type(form, f"{path}.fits.birth_date", question.fits.birth_date, _DATES)
    if question.fits.sex is not None:
        yield from _of_type(form, f"{path}.fits.sex", question.fits.sex, _FINITE)
        sex = form.questions.get(question.fits.sex)
        if sex and not {MALE, FEMALE} <= {option.code for option in sex.options}:
            yield Problem(f"{path}.fits.sex", Defect.NOT_FOUND_TYPE, question.fits.sex)


def _of_type(form: Form, path: str, key: str, types: frozenset[QuestionType]) -> Iterator[Problem]:
    other = form.questions.get(key)
    if other is None:
        yield Problem(path, Defect.UNKNOWN_QUESTION, key)
    elif other.type not in types:
        yield Problem(path, Defect.NOT_FOUND_TYPE, key)


# -- Conditions: known keys, looking back only, no circles


def _rule(form: Form, path: str, rule: object) -> Iterator[Problem]:
    for text in jsonlogic.problems(rule):
        yield Problem(path, Defect.BAD_CONDITION, text)
    for key in _keys_of(rule):
        if key not in form.questions:
            yield Problem(path, Defect.UNKNOWN_QUESTION, key)


def _keys_of(rule: object) -> tuple[str, ...]:
    """Return the questions a rule reads; a dot reads inside a composite answer."""
    return tuple(dict.fromkeys(key.split(".")[0] for key in jsonlogic.references(rule)))


def _conditions(form: Form) -> Iterator[Problem]:
    order = list(form.questions)
    needs: dict[str, tuple[str, ...]] = {}
    for p, page in enumerate(form.pages):
        first = order.index(page.questions[0].key) if page.questions else len(order)
        yield from _one_condition(form, f"pages.{p}.show_if", page.show_if, order[:first])
        for q, question in enumerate(page.questions):
            path = f"pages.{p}.questions.{q}.show_if"
            before = order[: order.index(question.key)]
            yield from _one_condition(form, path, question.show_if, before)
            needs[question.key] = (*_keys_of(page.show_if), *_keys_of(question.show_if))
    for circle in _circles(needs):
        yield Problem("pages", Defect.CYCLE, " → ".join(circle))


def _one_condition(form: Form, path: str, rule: object, before: list[str]) -> Iterator[Problem]:
    if rule is None:
        return
    yield from _rule(form, path, rule)
    for key in _keys_of(rule):
        if key in form.questions and key not in before:
            yield Problem(path, Defect.LATER_QUESTION, key)


def _circles(needs: Mapping[str, tuple[str, ...]]) -> list[list[str]]:
    """Return each circle of dependencies once, as the keys on its way back to the first."""
    found: list[list[str]] = []
    done: set[str] = set()

    def visit(key: str, trail: list[str]) -> None:
        if key in trail:
            found.append([*trail[trail.index(key) :], key])
            return
        if key in done:
            return
        for other in needs.get(key, ()):
            visit(other, [*trail, key])
        done.add(key)

    for key in needs:
        visit(key, [])
    return found


# -- Reachability: try every combination of the choices that conditions hang on


def _unreachable(form: Form) -> Iterator[Problem]:
    for p, page in enumerate(form.pages):
        if page.show_if is not None and _is_never(form, page.questions[0].key, page.show_if):
            yield Problem(f"pages.{p}", Defect.UNREACHABLE)
            continue
        for q, question in enumerate(page.questions):
            if question.show_if is not None and _is_never(form, question.key):
                yield Problem(f"pages.{p}.questions.{q}", Defect.UNREACHABLE)


def _is_never(form: Form, key: str, page_rule: object = None) -> bool:
    """Tell whether no answers make a question asked; only where that can be tried out whole.

    page_rule: look at the page's own condition only.
    """
    deciding = _deciding(form, key)
    if any(form.questions[other].type not in _FINITE for other in deciding):
        return False
    domains = [_domain(form.questions[other]) for other in deciding]
    tries = 1
    for domain in domains:
        tries *= len(domain)
    if tries > _MOST_TRIES:
        return False
    for values in product(*domains):
        answers = {k: v for k, v in zip(deciding, values, strict=True) if v is not None}
        way = walk(form, answers, _SOME_DAY)
        if key in way.shown or (
            page_rule is not None and jsonlogic.holds(page_rule, way.answers, _SOME_DAY)
        ):
            return False
    return True


def _deciding(form: Form, key: str) -> list[str]:
    """Return the questions on which it hangs, directly or not, whether a question is asked."""
    rules: dict[str, list[object]] = {
        question.key: [page.show_if, question.show_if]
        for page in form.pages
        for question in page.questions
    }
    found: list[str] = []
    waiting = [key]
    while waiting:
        for rule in rules[waiting.pop()]:
            for other in _keys_of(rule):
                if other not in found:
                    found.append(other)
                    waiting.append(other)
    return found


def _domain(question: Question) -> list[Any]:
    if question.type == QuestionType.YES_NO:
        return [None, True, False]
    codes = [option.code for option in question.options]
    if question.is_multiple:
        return [None, codes, *([code] for code in codes)]
    return [None, *codes]
