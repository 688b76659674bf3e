"""What pages hand to components: small frozen values, made by views from what services return."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Tone = Literal["plain", "calm", "action", "done", "soon", "late"]
"""What a colour means: nothing, information, Sen itself, finished, due soon, late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Somewhere to go. count: how many wait there, as written; None where nothing is counted."""

    label: str
    href: str
    is_current: bool = False
    count: int | str | None = None
    icon: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterGroup:
    """One question a list can be narrowed by, with its answers as links."""

    label: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table. is_number: set flush right in tabular figures."""

    label: str
    is_number: bool = False
    is_hidden: bool = False
    """The heading is for screen readers only (a column of actions)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a form or of a dossier's way."""

    label: str
    state: Literal["done", "current", "todo"] = "todo"
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of a description: what it is, what it says, where one may change it."""

    label: str
    value: str
    href: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened, newest or oldest first as the page orders them."""

    title: str
    at: dt.datetime
    who: str = ""
    text: str = ""
    tone: Tone = "plain"
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper of a dossier.

    size: bytes, None where only the paper original exists. signature: what the check said.
    """

    title: str
    href: str = ""
    detail: str = ""
    size: int | None = None
    is_required: bool = False
    signature: Literal["", "valid", "invalid", "unknown"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFault:
    """One fault of a form: the id of the field to go to and what to say.

    page: the address of the page on which the field stands, where it is another one.
    """

    field: str
    message: str
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer that can be chosen. hint: a line below it."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of a form, ready to be drawn by the component for its kind.

    kind: the component's name without `_field`. attributes: that component's arguments.
    show_if: the JsonLogic rule by which a script shows it, as JSON. type: of its answer.
    """

    key: str
    kind: str
    type: str
    attributes: Mapping[str, Any]
    show_if: str = ""
    is_shown: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file already there for a file field: its id goes back with the form."""

    id: str
    name: str
    size: int
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadUrls:
    """Where a file is sent in pieces; `{id}` stands for the id that begin answered."""

    begin: str
    append: str
    finish: str
