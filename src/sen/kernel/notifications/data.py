"""Values of the notifications: a template, a recipient, a message in somebody's inbox."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from sen.kernel.notifications.choices import Medium

Localised = Mapping[str, str]
"""Public text: language code to text, "vi" always there."""

Row = TypeVar("Row")

_SLOT = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A message that a system sends: a slot of the manifest.

    code: "public_services.dossier_received". title, body: in each language, with `{slots}`; every
    language has the same slots. They hold codes and dates, nothing personal that the reader does
    not need in order to act. sms: a shorter body for SMS, the body if left out. media: the ways
    out, beside the in-app message. is_mandatory: cannot be switched off.
    """

    code: str
    title: Localised
    body: Localised
    sms: Localised | None = None
    media: Sequence[Medium | str] = ()
    is_mandatory: bool = False

    @property
    def slots(self) -> frozenset[str]:
        """The names of the slots, over title, body and sms."""
        return frozenset().union(*(slots_of(text) for text in self._texts))

    @property
    def _texts(self) -> list[Localised]:
        return [text for text in (self.title, self.body, self.sms) if text is not None]

    def problems(self) -> list[str]:
        """Return what is wrong with the template, for whoever wrote it."""
        found = []
        for text in self._texts:
            if not text.get("vi"):
                found.append("a text without Vietnamese")
            if len({frozenset(_SLOT.findall(words)) for words in text.values()}) > 1:
                found.append("languages with different slots")
        found += [f"unknown medium {one}" for one in self.media if one not in Medium.values]
        return found


def slots_of(text: Localised) -> frozenset[str]:
    """Return the names of the slots of a text in any language."""
    return frozenset(name for words in text.values() for name in _SLOT.findall(words))


def fill(text: Localised, slots: Mapping[str, str], language: str) -> str:
    """Return a text in a language, else in Vietnamese, with its slots filled."""
    words = text.get(language) or text["vi"]
    return _SLOT.sub(lambda found: slots.get(found[1], ""), words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whom a message is for: exactly one of account, person and unit is given.

    account: whoever signs in with it. person: with an account or without. unit, permission:
    everybody who holds that right in the unit.
    """

    account: UUID | None = None
    person: UUID | None = None
    unit: UUID | None = None
    permission: str = ""

    def __post_init__(self) -> None:
        ways = (self.account, self.person, self.unit)
        if sum(way is not None for way in ways) != 1 or bool(self.permission) != bool(self.unit):
            raise ValueError("a message is for an account, a person, or a right in a unit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message in somebody's inbox, in the language asked for."""

    id: UUID
    title: str
    body: str
    link: str
    record: UUID
    created_at: dt.datetime
    is_read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row]):
    """A page of a list. before: where the next page begins, None on the last."""

    rows: Sequence[Row]
    before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message on its way out. id: the delivery's, by which a receiver knows a second copy."""

    id: UUID
    to: str
    title: str
    body: str
    link: str
