"""From a page of a form, as the kernel says it, to the questions that components draw."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sen.base import clock
from sen.kernel.forms.public import Page, PageField, QuestionType
from sen.web.data import FieldFault, KeptFile, Option, Question, UploadUrls

MOST_SHOWN = 7
"""More options than these are a list to open instead of buttons to see."""

_TEXT_KINDS: Mapping[str, tuple[str, str]] = {
    QuestionType.EMAIL: ("email", "long"),
    QuestionType.PHONE: ("tel", "medium"),
    QuestionType.NATIONAL_NUMBER: ("code", "medium"),
    QuestionType.PERSON_NAME: ("text", "full"),
    QuestionType.TEXT: ("text", "full"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What drawing needs beside the page.

    files: those already sent, by id. upload: where files go. suggest: where areas are found.
    """

    files: Mapping[str, KeptFile] = field(default_factory=dict)
    upload: UploadUrls | None = None
    suggest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPage:
    """A page ready for `form_page` and `error_summary`."""

    questions: tuple[Question, ...]
    faults: tuple[FieldFault, ...]
    answers: str


def drawn(page: Page, around: Surroundings | None = None) -> DrawnPage:
    """Return a page ready to be drawn; faults stand in the order of the questions."""
    surroundings = around or Surroundings()
    return DrawnPage(
        questions=tuple(_question(one, surroundings) for one in page.fields),
        faults=tuple(FieldFault(field=f"id_{one.name}", message=text) for one, text in page.errors),
        answers=json.dumps(dict(page.answers), ensure_ascii=False, default=str),
    )


def provenance(one: PageField) -> str:
    """Return where an answer was taken from: "từ CSDL quốc gia về dân cư, 12:03"."""
    if one.prefilled is None:
        return ""
    at = date_format(clock.local(one.prefilled.at), "H:i")
    return _("từ %(source)s, %(time)s") % {"source": one.prefilled.title, "time": at}


def _question(one: PageField, around: Surroundings) -> Question:
    kind, own = _DRAWERS.get(one.type, _text)(one, around)
    common = {
        "name": one.name,
        "label": one.label,
        "hint": one.hint,
        "error": " ".join(one.errors),
        "provenance": provenance(one),
        "is_required": one.required,
    }
    return Question(
        key=one.key,
        kind=kind,
        type=str(one.type),
        attributes={**common, **own},
        show_if="" if one.show_if is None else json.dumps(one.show_if, ensure_ascii=False),
        is_shown=one.is_shown,
    )


_Drawn = tuple[str, dict[str, Any]]


def _is_locked(one: PageField) -> bool:
    return one.prefilled is not None and one.prefilled.is_locked


def _text(one: PageField, _around: Surroundings) -> _Drawn:
    kind, width = _TEXT_KINDS.get(one.type, ("text", "full"))
    return "text", {
        "value": one.text,
        "kind": kind,
        "width": width,
        "autocomplete": one.autocomplete,
        "max_length": one.max_length,
        "is_readonly": _is_locked(one),
    }


def _textarea(one: PageField, _around: Surroundings) -> _Drawn:
    return "textarea", {"value": one.text, "max_length": one.max_length}


def _number(one: PageField, _around: Surroundings) -> _Drawn:
    unit = one.suffix or (_("đồng") if one.type == QuestionType.MONEY else "")
    return "number", {"value": one.text, "unit": unit}


def _date(one: PageField, _around: Surroundings) -> _Drawn:
    return "date", {
        "value": one.text,
        "hint": one.hint or _("Ví dụ: 21/11/2026"),
        "autocomplete": one.autocomplete,
        "is_readonly": _is_locked(one),
    }


def _choice(one: PageField, _around: Surroundings) -> _Drawn:
    options = [Option(value=c.code, label=c.label, hint=c.hint) for c in one.choices]
    chosen = [c.code for c in one.choices if c.is_chosen]
    if one.is_multiple:
        return "checks", {"options": options, "values": chosen}
    value = chosen[0] if chosen else ""
    if len(options) > MOST_SHOWN:
        return "select", {"options": options, "value": value}
    is_inline = len(options) == 2 and not any(option.hint for option in options)  # noqa: PLR2004 - yes and no
    return "choice", {"options": options, "value": value, "is_inline": is_inline}


def _place(one: PageField, around: Surroundings) -> _Drawn:
    is_address = one.type == QuestionType.ADDRESS
    return "place", {
        "text": one.texts.get("text", ""),
        "code": one.texts.get("code", ""),
        "line": one.texts.get("line", "") if is_address else None,
        "suggest": around.suggest,
    }


def _file(one: PageField, around: Surroundings) -> _Drawn:
    return "file", {
        "accept": ",".join(f".{ending}" for ending in one.accept),
        "is_multiple": one.is_multiple,
        "kept": [around.files[key] for key in one.values if key in around.files],
        "urls": around.upload,
    }


_DRAWERS: Mapping[str, Callable[[PageField, Surroundings], _Drawn]] = {
    QuestionType.TEXTAREA: _textarea,
    QuestionType.NUMBER: _number,
    QuestionType.MONEY: _number,
    QuestionType.DATE: _date,
    QuestionType.CHOICE: _choice,
    QuestionType.YES_NO: _choice,
    QuestionType.AREA: _place,
    QuestionType.ADDRESS: _place,
    QuestionType.FILE: _file,
}
