"""What a pattern wrote, as text with places for whatever differs from dossier to dossier.

Every row of a played life becomes the line that COPY takes. In it, ids, moments, names, numbers,
sealed values and digests are found again by themselves, because each of them stands nowhere else;
so no column is named here, and a row that a new act writes comes along without a word.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import models

from sen.base import clock
from sen.base.identifiers import to_base32
from sen.base.sealing import Made
from sen.base.vietnamese import name_key
from sen.kernel.audit import public as audit
from sen.kernel.database import public as database
from sen.kernel.files import public as files
from sen.kernel.search import public as search
from sen.systems.public_services.rules import invented

Slot = tuple[Any, ...]
"""What stands at a place: a kind and what is to be known of it, as `rendering` reads it."""

_FOUND = (
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d"
    r"|\d{4}-\d\d-\d\d"
    r"|[Zz]q\w+"
    r"|[A-Za-z0-9+/]{26,}={0,2}"
    r"|\d{7,16}"
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ESCAPES = str.maketrans(
    {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f", "\v": "\\v"}
)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
LINE = "\x1e"
"""Stands between the texts of lines of the trail."""


class Text:
    """A text with places: `fill` puts the values in."""

    __slots__ = ("_format", "_one", "_pick")

    def __init__(self, parts: Sequence[str | int]) -> None:
        """Take literal texts and the numbers of values, in order."""
        self._format = "".join(
            "%s" if isinstance(part, int) else part.replace("%", "%%") for part in parts
        )
        places = [part for part in parts if isinstance(part, int)]
        self._one = self._format.replace("%%", "%") if not places else None
        self._pick = itemgetter(*places) if places else None

    def fill(self, values: Sequence[str]) -> str:
        """Return the text with these values in its places."""
        if self._pick is None:
            return str(self._one)
        filled: str = self._format % self._pick(values)
        return filled

    @property
    def is_fixed(self) -> bool:
        """Whether it has no place."""
        return self._pick is None


class Compiler:
    """Turns the rows of one pattern into texts.

    known: slots by the text that stands for them. exact: by the whole text of a column, for texts
    too short to be looked for. moments: tells of which kind a moment is.
    """

    def __init__(self, code: str, began: dt.datetime | None, fixed: frozenset[dt.datetime]) -> None:
        """Begin; code: of the dossier. began: when its life began, None for people.

        fixed: moments that do not move with the moment of filing within a day.
        """
        codes = f"{re.escape(code)}|{re.escape(code.lower())}|" if code else ""
        self._find = re.compile(codes + _FOUND)
        self.known: dict[str, Slot] = {}
        self.exact: dict[str, Slot] = {}
        self.slots: dict[Slot, int] = {}
        self._began, self._fixed = began, fixed
        if code:
            self.known |= {code: ("code",), code.lower(): ("code_lower",)}

    # -- What is known

    def know_ids(self, ids: Sequence[UUID]) -> None:
        """Know ids as texts; each as what it is in base32 too."""
        for one in ids:
            slot = ("id", one.int >> 80, f"{one.int >> 64 & 0xFFF:03x}", one.int)
            self.known[str(one)] = slot
            self.known[to_base32(one)] = ("base32", slot)

    def know_name(self, number: int, words: Sequence[str]) -> None:
        """Know the words of a name in each of their forms; the whole as it is sorted."""
        self.exact[name_key(" ".join(words))] = ("name_key", number)
        for place, word in enumerate(words):
            self.known[word] = ("word", number, place)
            self.known[word.lower()] = ("lower", number, place)

    def know_number(self, number: int, text: str) -> None:
        """Know a national number and its last digits."""
        self.known[text] = ("number", number)
        self.exact[text[-4:]] = ("last_digits", number)

    def know_serial(self, number: int, serial: int) -> None:
        """Know a serial number and the tax code made of it."""
        self.known[str(serial)] = ("serial", number)
        self.known[invented.tax_code(serial)] = ("tax_code", number)

    def know_made(self, made: Sequence[Made]) -> None:
        """Know what was sealed and digested, by what it was made of."""
        for number, one in enumerate(made):
            self.known[one.out.hex()] = ("made", number, "hex")
            if one.kind == "record":
                self.known[base64.b64encode(one.out).decode()] = ("made", number, "base64")

    # -- Texts

    def place(self, slot: Slot) -> int:
        """Return the number of a slot's value."""
        if slot[0] == "base32":
            self.place(slot[1])
        return self.slots.setdefault(slot, len(self.slots))

    def parts(self, text: str) -> list[str | int]:
        """Return a text cut at its places."""
        found: list[str | int] = []
        end = 0
        for match in self._find.finditer(text):
            slot = self._slot(match[0])
            if slot is None:
                continue
            found += [text[end : match.start()], self.place(slot)]
            end = match.end()
        found.append(text[end:])
        return [part for part in found if part != ""]

    def text(self, text: str) -> Text:
        """Return a text with its places."""
        return Text(self.parts(text))

    def _slot(self, text: str) -> Slot | None:
        if text in self.known:
            return self.known[text]
        if self._began is None:
            return None
        if _MOMENT.match(text):
            at = dt.datetime.fromisoformat(text)
            return ("moment", at, text[10], at in self._fixed) if at >= self._began else None
        if _DAY.fullmatch(text):
            day = dt.date.fromisoformat(text)
            is_old = day < clock.day(self._began) - dt.timedelta(days=60)
            return None if is_old else ("day", day)
        return None

    # -- Rows

    def rows(self, rows: Sequence[models.Model]) -> dict[type[models.Model], Text]:
        """Return the lines of each table, lines of the trail without those that wait."""
        lines: dict[type[models.Model], list[str | int]] = {}
        for row in rows:
            if not isinstance(row, audit.PendingEntry):
                lines.setdefault(type(row), []).extend(self._line(row))
        return {model: Text(parts) for model, parts in lines.items()}

    def trail(self, rows: Sequence[models.Model]) -> tuple[Text, Text]:
        """Return ids and texts of the lines of the trail, each with LINE between them."""
        ids: list[str | int] = []
        texts: list[str | int] = []
        for row in rows:
            if isinstance(row, audit.AuditEntry):
                micros = (row.at - _EPOCH) // dt.timedelta(microseconds=1)
                if self._began is not None and row.at >= self._began:
                    self.known[str(micros)] = ("micros", row.at, row.at in self._fixed)
                ids += [*([LINE] if ids else []), *self.parts(str(row.id))]
                texts += [*([LINE] if texts else []), *self.parts(audit.line_of(row))]
        return Text(ids), Text(texts)

    def _line(self, row: models.Model) -> list[str | int]:
        found: list[str | int] = []
        _table, columns = database.copied(type(row))
        for _name, attribute, adapted in columns:
            if found:
                found.append("\t")
            value = getattr(row, attribute)
            if adapted is not None and value is not None:
                value = adapted(value)
            if isinstance(row, search.SearchEntry) and attribute in {"folded", "exact"}:
                found += self._vector(row, is_folded=attribute == "folded")
            elif isinstance(row, files.File) and attribute == "place":
                found.append(self.place(("place", value)))
            else:
                found += self._cell(value)
        return [*found, "\n"]

    def _cell(self, value: Any) -> list[str | int]:
        if value is None:
            return ["\\N"]
        if isinstance(value, bool):
            return ["t" if value else "f"]
        if isinstance(value, (bytes, memoryview)):
            return ["\\\\x", *self.parts(bytes(value).hex())]
        text = as_text(value)
        slot = self.exact.get(text)
        if slot is not None and isinstance(value, int) == (slot[0] == "register_plain"):
            return [self.place(slot)]
        return self.parts(text.translate(_ESCAPES))

    def _vector(self, row: search.SearchEntry, *, is_folded: bool) -> list[str | int]:
        """Return the words by which a record is found."""
        found: list[str | int] = []
        for word, at in search.placed(row.said):
            parts = self.parts(word)
            if all(isinstance(part, str) for part in parts):
                found.append(search.lexemes(word, at, is_folded=is_folded))
            else:
                found.append(self.place(("lexemes", tuple(parts), at, is_folded)))
            found.append(" ")
        return found


def as_text(value: Any) -> str:
    """Return a value as COPY takes it, not yet escaped."""
    match value:
        case str():
            return value
        case dt.datetime():
            return value.isoformat(" ")
        case list() | tuple():
            return "{" + ",".join(str(one) for one in value) + "}"
        case Mapping():
            return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
