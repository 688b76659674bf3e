"""JsonLogic with a closed list of operators: conditions as data, the same in Python and browser.

Differences from the public description are on purpose: `==` and `!=` never convert (1 is not "1",
true is not 1); an ordering of values that are not both numbers or both texts is false; a missing
answer is null. Dates are ISO texts, so their order is the order of the texts. The vectors in
`tests/jsonlogic_vectors.json` bind every implementation.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

MOST_NODES = 200
MOST_DEPTH = 20
_MANY = 50
_Arity = tuple[int, int]

ARITIES: Mapping[str, _Arity] = {
    "var": (1, 2), "missing": (1, _MANY), "==": (2, 2), "!=": (2, 2),
    "<": (2, 3), "<=": (2, 3), ">": (2, 2), ">=": (2, 2),
    "!": (1, 1), "and": (1, _MANY), "or": (1, _MANY), "if": (2, _MANY), "in": (2, 2),
    "+": (1, _MANY), "-": (1, 2), "today": (0, 0), "age": (1, 2), "days": (2, 2),
}  # fmt: skip
"""How many arguments each operator takes, at least and at most. There is no other operator."""

_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def evaluate(rule: object, values: Mapping[str, Any], today: dt.date) -> Any:
    """Return what a rule gives for these answers. Raises KeyError for an unknown operator."""
    if isinstance(rule, list):
        return [evaluate(item, values, today) for item in rule]
    if not isinstance(rule, dict):
        return rule
    name, raw = next(iter(rule.items()))
    arguments = raw if isinstance(raw, list) else [raw]
    if name in _LAZY:
        return _LAZY[name](arguments, values, today)
    return _EAGER[name]([evaluate(item, values, today) for item in arguments], values, today)


def holds(rule: object, values: Mapping[str, Any], today: dt.date) -> bool:
    """Tell whether a condition holds; no condition (None) always does."""
    return rule is None or truth(evaluate(rule, values, today))


def truth(value: object) -> bool:
    """Tell whether a value counts as true: null, false, 0, "" and an empty list do not."""
    return value not in (None, False, 0, "") and value != []


def references(rule: object) -> tuple[str, ...]:
    """Return the keys of the answers a rule reads, in the order it names them."""
    if isinstance(rule, list):
        found = [key for item in rule for key in references(item)]
    elif isinstance(rule, dict):
        found = []
        for name, raw in rule.items():
            arguments = raw if isinstance(raw, list) else [raw]
            if name == "missing":
                found += [item for item in arguments if isinstance(item, str)]
            elif name == "var":
                found += [str(item) for item in arguments[:1]]
            else:
                found += references(arguments)
    else:
        found = []
    return tuple(dict.fromkeys(found))


def problems(rule: object) -> list[str]:
    """Return what is wrong with a rule, in English terms; nothing for a good one."""
    found: list[str] = []
    nodes = _inspect(rule, found, 1)
    if nodes > MOST_NODES:
        found.append(f"more than {MOST_NODES} parts")
    return found


def _inspect(rule: object, found: list[str], depth: int) -> int:
    if depth > MOST_DEPTH:
        found.append(f"deeper than {MOST_DEPTH}")
        return 1
    if isinstance(rule, list):
        return 1 + sum(_inspect(item, found, depth + 1) for item in rule)
    if not isinstance(rule, dict):
        if not isinstance(rule, str | int | float | bool | None):
            found.append("a value that JSON does not know")
        return 1
    if len(rule) != 1:
        found.append("an operation names exactly one operator")
        return 1
    name, raw = next(iter(rule.items()))
    arguments = raw if isinstance(raw, list) else [raw]
    if name not in ARITIES:
        found.append(f"unknown operator {name}")
        return 1
    least, most = ARITIES[name]
    if not least <= len(arguments) <= most:
        found.append(f"{name} with {len(arguments)} arguments")
    if name in {"var", "missing"} and not all(isinstance(k, str) for k in arguments[:1]):
        found.append(f"{name} needs the key of a question")
    return 1 + sum(_inspect(item, found, depth + 1) for item in arguments)


# -- Operators that see their arguments before evaluation

_Operation = Callable[[Sequence[Any], Mapping[str, Any], dt.date], Any]


def _and(arguments: Sequence[Any], values: Mapping[str, Any], today: dt.date) -> Any:
    result: Any = True
    for item in arguments:
        result = evaluate(item, values, today)
        if not truth(result):
            return result
    return result


def _or(arguments: Sequence[Any], values: Mapping[str, Any], today: dt.date) -> Any:
    result: Any = False
    for item in arguments:
        result = evaluate(item, values, today)
        if truth(result):
            return result
    return result


def _if(arguments: Sequence[Any], values: Mapping[str, Any], today: dt.date) -> Any:
    rest = list(arguments)
    while len(rest) > 1:
        if truth(evaluate(rest[0], values, today)):
            return evaluate(rest[1], values, today)
        rest = rest[2:]
    return evaluate(rest[0], values, today) if rest else None


_LAZY: Mapping[str, _Operation] = {"and": _and, "or": _or, "if": _if}


# -- Operators on values


def _var(arguments: Sequence[Any], values: Mapping[str, Any], _today: dt.date) -> Any:
    """Return an answer; a dot reads inside a composite one."""
    value: Any = values
    for part in str(arguments[0]).split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    default = arguments[1] if len(arguments) > 1 else None
    return default if value is None else value


def _missing(arguments: Sequence[Any], values: Mapping[str, Any], _today: dt.date) -> Any:
    return [key for key in arguments if values.get(key) in (None, "", [])]


def _same(a: object, b: object) -> bool:
    if isinstance(a, bool) != isinstance(b, bool):
        return False
    return a == b


def _ordered(name: str) -> _Operation:
    compare = _ORDER[name]

    def operation(arguments: Sequence[Any], _values: Mapping[str, Any], _today: dt.date) -> Any:
        return all(_comparable(a, b) and compare(a, b) for a, b in pairwise(arguments))

    return operation


def _comparable(a: object, b: object) -> bool:
    return (_is_number(a) and _is_number(b)) or (isinstance(a, str) and isinstance(b, str))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _in(arguments: Sequence[Any], _values: Mapping[str, Any], _today: dt.date) -> Any:
    needle, hay = arguments
    if isinstance(hay, str):
        return isinstance(needle, str) and needle in hay
    return isinstance(hay, list) and any(_same(needle, item) for item in hay)


def _plus(arguments: Sequence[Any], _values: Mapping[str, Any], _today: dt.date) -> Any:
    return sum(arguments) if all(_is_number(item) for item in arguments) else None


def _minus(arguments: Sequence[Any], _values: Mapping[str, Any], _today: dt.date) -> Any:
    if not all(_is_number(item) for item in arguments):
        return None
    return -arguments[0] if len(arguments) == 1 else arguments[0] - arguments[1]


def _age(arguments: Sequence[Any], _values: Mapping[str, Any], today: dt.date) -> Any:
    """Return whole years from a day to another one, or to today."""
    born = as_date(arguments[0])
    until = as_date(arguments[1]) if len(arguments) > 1 else today
    return None if born is None or until is None else years_between(born, until)


def _days(arguments: Sequence[Any], _values: Mapping[str, Any], _today: dt.date) -> Any:
    first, second = (as_date(item) for item in arguments)
    return None if first is None or second is None else (second - first).days


_EAGER: Mapping[str, _Operation] = {
    "var": _var,
    "missing": _missing,
    "==": lambda a, _v, _t: _same(a[0], a[1]),
    "!=": lambda a, _v, _t: not _same(a[0], a[1]),
    "!": lambda a, _v, _t: not truth(a[0]),
    "in": _in,
    "+": _plus,
    "-": _minus,
    "today": lambda _a, _v, today: today.isoformat(),
    "age": _age,
    "days": _days,
    **{name: _ordered(name) for name in _ORDER},
}


def as_date(value: object) -> dt.date | None:
    """Return the day of an ISO text; the first day where only the year or month is known."""
    if not isinstance(value, str):
        return None
    parts = value.split("-")
    try:
        return dt.date.fromisoformat("-".join([*parts, "01", "01"][:3]))
    except ValueError:
        return None


def years_between(born: dt.date, until: dt.date) -> int:
    """Return whole years from one day to another, as ages are counted; negative if earlier."""
    had_birthday = (until.month, until.day) >= (born.month, born.day)
    return until.year - born.year - (0 if had_birthday else 1)
