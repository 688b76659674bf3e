"""One answer: from what was typed or sent to the value that is kept, and back to text."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sen.base.identifiers import NationalNumber
from sen.base.money import format_vnd
from sen.base.vietnamese import nfc
from sen.kernel.forms.choices import Fault, QuestionType, YesNo
from sen.kernel.forms.data import Facts, Question, Wrong, localised

Result = tuple[Any, Wrong | None]
"""The value, None for no answer, and what is wrong with it."""

COMPOSITE: Mapping[QuestionType, tuple[str, ...]] = {
    QuestionType.AREA: ("text", "code"),
    QuestionType.ADDRESS: ("line", "text", "code"),
}
"""The parts of composite answers; inputs are named `key.part`."""

MOST_CHARACTERS: Mapping[QuestionType, int] = {
    QuestionType.TEXT: 200, QuestionType.TEXTAREA: 2000, QuestionType.PERSON_NAME: 100,
    QuestionType.AREA: 200, QuestionType.ADDRESS: 200, QuestionType.EMAIL: 254,
    QuestionType.PHONE: 20, QuestionType.NATIONAL_NUMBER: 20, QuestionType.DATE: 40,
    QuestionType.NUMBER: 40, QuestionType.MONEY: 40,
}  # fmt: skip
"""The longest answer of each type where the question does not say."""

_MOST_NUMBER = 2**53 - 1
_FIRST_YEAR, _LAST_YEAR = 1800, 2999
_TYPED = 60
_GROUPED = re.compile(r"-?\d{1,3}(?:[.,]\d{3})+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DAY = re.compile(r"(\d{1,2})[\s/.-]+(\d{1,2})[\s/.-]+(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH = re.compile(r"(\d{1,2})[\s/.-]+(\d{4})")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_EIGHT = re.compile(r"(\d{2})(\d{2})(\d{4})")
_WORDS = re.compile(r"\b(?:ngày|tháng|năm)\b", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\]\\]{1,64}@[\w-]+(?:\.[\w-]+)+")
_MOBILE = re.compile(r"0[35789]\d{8}|02\d{8,9}|\+[1-9]\d{7,14}")
_NAME_EXTRA = frozenset(" .'’-")


def clean_value(question: Question, raw: object, facts: Facts) -> Result:
    """Return the value of an answer and what is wrong with it.

    raw: text or texts of a page's inputs, parts of a composite answer, or JSON.
    """
    if question.type in COMPOSITE:
        return _composite(question, raw, facts)
    if question.type == QuestionType.FILE:
        return _files(question, raw)
    if question.type == QuestionType.CHOICE:
        return _choice(question, raw)
    if question.type == QuestionType.YES_NO:
        return _yes_no(raw)
    if question.type in {QuestionType.NUMBER, QuestionType.MONEY} and _is_number(raw):
        return _bounded(question, float(raw))  # type: ignore[arg-type]  # a number by the line above
    return _text(question, raw)


def plain(text: str, *, keeps_lines: bool = False) -> str:
    """Return text as it is kept: NFC, no control characters, single spaces, no outer ones."""
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C")
    if keeps_lines:
        return nfc("\n".join(re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n")))
    return nfc(" ".join(text.split()))


def _is_number(raw: object) -> bool:
    return isinstance(raw, int | float) and not isinstance(raw, bool)


def _one(raw: object) -> object:
    """Return the one value of an input that was sent as a list."""
    if isinstance(raw, list):
        return raw[0] if raw else None
    return raw


def _text(question: Question, raw: object) -> Result:
    raw = _one(raw)
    if raw is None:
        return None, None
    if not isinstance(raw, str):
        return None, Wrong(Fault.NOT_TEXT)
    limit = question.max_length or MOST_CHARACTERS[question.type]
    if len(raw) > 4 * limit:
        return None, Wrong(Fault.TOO_LONG, limit=str(limit))
    text = plain(raw, keeps_lines=question.type == QuestionType.TEXTAREA)
    if not text:
        return None, None
    if len(text) > limit:
        return None, Wrong(Fault.TOO_LONG, limit=str(limit))
    return _READERS.get(question.type, _as_is)(question, text)


def _as_is(_question: Question, text: str) -> Result:
    return text, None


# -- Numbers


def _number(question: Question, text: str) -> Result:
    bare = re.sub(r"\s", "", text.lower())
    if question.type == QuestionType.MONEY:
        bare = re.sub(r"(đồng|vnđ|vnd|đ|₫)$", "", bare)
    if "." in bare and "," in bare:
        bare = bare.replace(".", "").replace(",", ".")
    elif _GROUPED.fullmatch(bare):
        bare = re.sub(r"[.,]", "", bare)
    else:
        bare = bare.replace(",", ".")
    if not _NUMBER.fullmatch(bare):
        return None, Wrong(Fault.NOT_NUMBER, typed=text[:_TYPED])
    return _bounded(question, float(bare) if "." in bare else int(bare))


def _bounded(question: Question, number: float) -> Result:
    if not math.isfinite(number) or abs(number) > _MOST_NUMBER:
        return None, Wrong(Fault.TOO_BIG, limit=_digits(_MOST_NUMBER))
    if question.type == QuestionType.MONEY and number < 0:
        return None, Wrong(Fault.TOO_SMALL, limit="0")
    decimals = question.decimals if question.type == QuestionType.NUMBER else 0
    if not decimals:
        return (int(number), None) if number == int(number) else (None, Wrong(Fault.NOT_WHOLE))
    if round(number, decimals) != number:
        return None, Wrong(Fault.TOO_PRECISE, limit=str(decimals))
    return float(number), None


def _digits(number: float) -> str:
    """Return a number as people read it: 1.234,5."""
    text = f"{number:,}" if isinstance(number, int) else f"{number:,.6f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


# -- Dates


def _date(question: Question, text: str) -> Result:
    bare = _WORDS.sub(" ", text).strip()
    for pattern, order in _DATE_FORMS:
        if matched := pattern.fullmatch(bare):
            parts = tuple(int(matched[place]) if place else 0 for place in order)
            return _real_date(question, text, parts)
    return None, Wrong(Fault.NOT_DATE, typed=text[:_TYPED])


_DATE_FORMS: tuple[tuple[re.Pattern[str], tuple[int, int, int]], ...] = (
    (_DAY, (3, 2, 1)), (_ISO, (1, 2, 3)), (_EIGHT, (3, 2, 1)),
    (_MONTH, (2, 1, 0)), (_ISO_MONTH, (1, 2, 0)), (re.compile(r"(\d{4})"), (1, 0, 0)),
)  # fmt: skip
"""Ways to write a date, with the group of its year, month and day; 0 where it is not said."""


def _real_date(question: Question, text: str, parts: tuple[int, ...]) -> Result:
    year, month, day = parts
    try:
        dt.date(year, month or 1, day or 1)
    except ValueError:
        return None, Wrong(Fault.NO_SUCH_DATE, typed=text[:_TYPED])
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None, Wrong(Fault.NO_SUCH_DATE, typed=text[:_TYPED])
    if not day and not question.is_partial:
        return None, Wrong(Fault.DAY_NEEDED)
    return "-".join(f"{part:02d}" for part in parts if part), None


def date_text(value: str) -> str:
    """Return a kept date as people write it: 21/11/2026, 11/2026 or 2026."""
    return "/".join(reversed(value.split("-")))


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _date_read(value: str, language: str) -> str:
    """Return a kept date as people read it, in English with its month by name: 21 Nov 2026."""
    year, *rest = value.split("-")
    if language != "en" or not rest:
        return date_text(value)
    month, *day = rest
    return " ".join([*(str(int(one)) for one in day), _MONTHS[int(month) - 1], year])


# -- Persons and how to reach them


def _national_number(_question: Question, text: str) -> Result:
    try:
        return NationalNumber.parse(text.replace("-", "")).digits, None
    except ValueError:
        return None, Wrong(Fault.NOT_NATIONAL_NUMBER)


def _person_name(_question: Question, text: str) -> Result:
    letters = sum(c.isalpha() for c in text)
    fits = letters > 1 and all(c.isalpha() or c in _NAME_EXTRA for c in text)
    return (text, None) if fits else (None, Wrong(Fault.NOT_NAME))


def _phone(_question: Question, text: str) -> Result:
    bare = re.sub(r"[\s().-]", "", text)
    bare = re.sub(r"^(?:\+|00)84", "0", bare)
    if not _MOBILE.fullmatch(bare):
        return None, Wrong(Fault.NOT_PHONE, typed=text[:_TYPED])
    return bare, None


def _email(_question: Question, text: str) -> Result:
    if not _EMAIL.fullmatch(text):
        return None, Wrong(Fault.NOT_EMAIL, typed=text[:_TYPED])
    return text, None


_READERS: Mapping[QuestionType, Callable[[Question, str], Result]] = {
    QuestionType.NUMBER: _number,
    QuestionType.MONEY: _number,
    QuestionType.DATE: _date,
    QuestionType.NATIONAL_NUMBER: _national_number,
    QuestionType.PERSON_NAME: _person_name,
    QuestionType.PHONE: _phone,
    QuestionType.EMAIL: _email,
}


# -- Choices


def _choice(question: Question, raw: object) -> Result:
    items = [item for item in (raw if isinstance(raw, list) else [raw]) if item not in (None, "")]
    if not items:
        return None, None
    codes = [option.code for option in question.options]
    if any(not isinstance(item, str) or item not in codes for item in items):
        return None, Wrong(Fault.NOT_OPTION)
    if question.is_multiple:
        return sorted(set(items), key=codes.index), None
    return (items[0], None) if len(items) == 1 else (None, Wrong(Fault.ONE_ONLY))


def _yes_no(raw: object) -> Result:
    raw = _one(raw)
    if raw is None or raw == "":
        return None, None
    known = {YesNo.YES.value: True, YesNo.NO.value: False}
    if isinstance(raw, bool):
        return raw, None
    if isinstance(raw, str) and raw in known:
        return known[raw], None
    return None, Wrong(Fault.NOT_YES_NO)


# -- Places and files


def _composite(question: Question, raw: object, facts: Facts) -> Result:
    parts = raw if isinstance(raw, Mapping) else {"text": raw}
    read: dict[str, str] = {}
    for part in COMPOSITE[question.type]:
        text = _one(parts.get(part)) or ""
        if not isinstance(text, str):
            return None, Wrong(Fault.NOT_TEXT)
        limit = question.max_length or MOST_CHARACTERS[question.type]
        read[part] = plain(text[: 4 * limit + 1])
        if len(read[part]) > limit:
            return None, Wrong(Fault.TOO_LONG, limit=str(limit))
    if not any(read.values()):
        return None, None
    name = facts.area_name(read["code"]) if read["code"] else None
    read["text"] = read["text"] or name or ""
    wrong = _misplaced(question, read, is_known=name is not None)
    return (read, None) if wrong is None else (None, wrong)


def _misplaced(question: Question, read: Mapping[str, str], *, is_known: bool) -> Wrong | None:
    if read["code"] and not is_known:
        return Wrong(Fault.NOT_AREA_CODE, typed=read["code"][:_TYPED])
    if not read["text"]:
        return Wrong(Fault.NOT_AREA)
    if question.type == QuestionType.ADDRESS and not read["line"]:
        return Wrong(Fault.NO_LINE)
    return None


def _files(question: Question, raw: object) -> Result:
    items = [item for item in (raw if isinstance(raw, list) else [raw]) if item not in (None, "")]
    try:
        ids = list(dict.fromkeys(str(UUID(str(item))) for item in items))
    except ValueError:
        return None, Wrong(Fault.NOT_FILE)
    if len(ids) > question.max_files:
        return None, Wrong(Fault.TOO_MANY_FILES, limit=str(question.max_files))
    return ids or None, None


# -- Back to text


def input_texts(question: Question, value: Any) -> dict[str, str]:
    """Return what stands in the inputs for a kept value, by their ending."""
    if value is None or question.type in {
        QuestionType.CHOICE, QuestionType.YES_NO, QuestionType.FILE,
    }:  # fmt: skip
        return {}
    if question.type in COMPOSITE:
        return {part: str(value.get(part, "")) for part in COMPOSITE[question.type]}
    if question.type == QuestionType.DATE:
        return {"": date_text(value)}
    if question.type in {QuestionType.NUMBER, QuestionType.MONEY}:
        return {"": _digits(value)}
    return {"": str(value)}


def value_text(
    question: Question, value: Any, language: str, file_names: Mapping[str, str] | None = None
) -> str:
    """Return a kept value as people read it, "" for no answer.

    file_names: names by id, where they are known; else files are only counted.
    """
    if value is None:
        return ""
    if question.type == QuestionType.YES_NO:
        return str(YesNo.YES.label if value else YesNo.NO.label)
    if question.type == QuestionType.CHOICE:
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(localised(o.label, language) for o in question.options if o.code in chosen)
    if question.type == QuestionType.FILE:
        names = [(file_names or {}).get(item, "") for item in value]
        return ", ".join(names) if all(names) else str(len(value))
    return _plain_text(question, value, language)


def _plain_text(question: Question, value: Any, language: str) -> str:
    if question.type in COMPOSITE:
        return ", ".join(value[part] for part in ("line", "text") if value.get(part))
    if question.type == QuestionType.MONEY:
        return format_vnd(value, language)
    if question.type == QuestionType.DATE:
        return _date_read(value, language)
    text = input_texts(question, value)[""]
    suffix = localised(question.suffix, language)
    return f"{text} {suffix}" if suffix else text
