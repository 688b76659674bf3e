"""Values for the places of a compiled pattern: one dossier's, or one family's."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models

from sen.base.identifiers import to_base32
from sen.base.sealing import Made, RecordKey, Sealer, framed, sealer
from sen.base.vietnamese import name_key
from sen.kernel.audit import public as audit
from sen.kernel.files import public as files
from sen.kernel.search import public as search
from sen.systems.public_services.rules import invented
from sen.systems.public_services.services.simulating.compiling import LINE, Compiler, Text
from sen.systems.public_services.services.simulating.standins import Drawn, Supply


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is decided about one dossier before it is written.

    drawn: names and numbers of those who are new in it. off: how far its moments are moved, within
    the day and by whole weeks; weeks: by weeks alone. numbers: of its numbered deeds. family: the
    values of its owner's family.
    """

    drawn: Drawn
    off: dt.timedelta = dt.timedelta()
    weeks: dt.timedelta = dt.timedelta()
    code: str = ""
    numbers: Sequence[int] = ()
    family: Sequence[str] = ()


class Pattern:
    """A compiled life, or a compiled family: `values` of one more, `lines` and `sealed` of them.

    names: the kind of each name that is new in it. like: its national numbers, which say sex and
    birth year. serials: how many serial numbers it has.
    """

    def __init__(
        self,
        compiler: Compiler,
        rows: Sequence[models.Model],
        made: Sequence[Made],
        *,
        names: Sequence[tuple[str, tuple[str, ...]]],
        like: Sequence[str],
        serials: int,
    ) -> None:
        """Compile the rows; what was sealed is compiled with what it was made of."""
        self.lines_of = compiler.rows(rows)
        self._ids, self._texts = compiler.trail(rows)
        self._names = [kind for kind, _words in names]
        self._like, self._serials = list(like), serials
        self._made = _Making(compiler, made)
        self.slots = compiler.slots
        self._by_kind: dict[str, list[tuple[int, tuple[Any, ...]]]] | None = None
        self._copies: dict[str, files.Copies] = {}

    def draw(self, supply: Supply) -> Drawn:
        """Return names and numbers for one more."""
        return Drawn(
            names=[supply.name(kind) for kind in self._names],
            numbers=[supply.number(like) for like in self._like],
            serials=[supply.serial() for _one in range(self._serials)],
        )

    def values(self, given: Given, random: Random) -> list[str]:
        """Return the values of one more: its own ids, names, numbers, sealed texts and digests."""
        if self._by_kind is None:
            self._by_kind = _sorted(self.slots)
        found: list[str] = [""] * len(self.slots)
        kinds = self._by_kind
        _fill_ids(found, kinds.get("id", ()), int(given.off.total_seconds() * 1000), random)
        for place, (of,) in kinds.get("base32", ()):
            found[place] = to_base32(UUID(found[self.slots[of]]))
        _fill_moments(found, kinds, given)
        names = given.drawn.names
        for place, (number, word) in kinds.get("word", ()):
            found[place] = names[number][word]
        for place, (number, word) in kinds.get("lower", ()):
            found[place] = names[number][word].lower()
        for place, (number,) in kinds.get("name_key", ()):
            found[place] = _key(" ".join(names[number]))
        _fill_numbers(found, kinds, given.drawn)
        _fill_texts(found, kinds, given, random)
        for place, (number,) in kinds.get("family", ()):
            found[place] = given.family[number]
        for place, (file,) in kinds.get("place", ()):
            found[place] = self._file(file)
        for place, (parts, at, is_folded) in kinds.get("lexemes", ()):
            word = "".join(found[one] if isinstance(one, int) else one for one in parts)
            found[place] = _lexemes(word, at, is_folded)
        self._made.fill(found, kinds.get("made", ()))
        return found

    def lines(self, values: Sequence[str]) -> dict[type[models.Model], str]:
        """Return the rows of one more, by table."""
        return {model: text.fill(values) for model, text in self.lines_of.items()}

    def sealed(self, values: Sequence[str]) -> tuple[list[str], list[bytes]]:
        """Return the ids of its lines of the trail, and their leaf hashes."""
        ids = self._ids.fill(values)
        if not ids:
            return [], []
        texts = self._texts.fill(values).split(LINE)
        return ids.split(LINE), [audit.leaf_hash(text.encode()) for text in texts]

    def _file(self, place: str) -> str:
        """Return a place for the bytes of a file: the pattern's own for the first, then alike."""
        if place not in self._copies:
            self._copies[place] = files.Copies(place)
            return place
        return self._copies[place].place()


def _sorted(slots: Mapping[tuple[Any, ...], int]) -> dict[str, list[tuple[int, tuple[Any, ...]]]]:
    found: dict[str, list[tuple[int, tuple[Any, ...]]]] = {}
    for (kind, *rest), place in slots.items():
        found.setdefault(kind, []).append((place, tuple(rest)))
    return found


def _fill_numbers(
    found: list[str], kinds: Mapping[str, list[tuple[int, tuple[Any, ...]]]], drawn: Drawn
) -> None:
    for place, (number,) in kinds.get("number", ()):
        found[place] = drawn.numbers[number]
    for place, (number,) in kinds.get("last_digits", ()):
        found[place] = drawn.numbers[number][-4:]
    for place, (number,) in kinds.get("serial", ()):
        found[place] = str(drawn.serials[number])
    for place, (number,) in kinds.get("tax_code", ()):
        found[place] = invented.tax_code(drawn.serials[number])


def _fill_ids(
    found: list[str], ids: Sequence[tuple[int, tuple[Any, ...]]], off: int, random: Random
) -> None:
    """Make ids of the moved moments, in the pattern's order, with one chance for all of them."""
    bits = random.getrandbits(50)
    tail = f"{0x8000 | bits >> 36:04x}-{bits & 0xFFFFFFFFF:09x}"
    for number, (place, (millisecond, tick, _whole)) in enumerate(ids):
        time = f"{millisecond + off:012x}"
        found[place] = f"{time[:8]}-{time[8:]}-7{tick}-{tail}{number:03x}"


def _fill_moments(
    found: list[str], kinds: Mapping[str, list[tuple[int, tuple[Any, ...]]]], given: Given
) -> None:
    off, weeks = given.off, given.weeks
    for place, (at, between, is_fixed) in kinds.get("moment", ()):
        found[place] = (at + (weeks if is_fixed else off)).isoformat(between)
    for place, (at, is_fixed) in kinds.get("micros", ()):
        moved = at + (weeks if is_fixed else off)
        found[place] = str(int(moved.timestamp()) * 1_000_000 + moved.microsecond)
    for place, (day,) in kinds.get("day", ()):
        found[place] = (day + weeks).isoformat()


def _fill_texts(
    found: list[str],
    kinds: Mapping[str, list[tuple[int, tuple[Any, ...]]]],
    given: Given,
    random: Random,
) -> None:
    for place, _nothing in kinds.get("code", ()):
        found[place] = given.code
    for place, _nothing in kinds.get("code_lower", ()):
        found[place] = given.code.lower()
    for place, (number,) in kinds.get("register", ()):
        found[place] = f"{given.numbers[number]:02d}"
    for place, (number,) in kinds.get("register_plain", ()):
        found[place] = str(given.numbers[number])
    for place, _which in kinds.get("secret", ()):
        found[place] = base64.b32encode(random.randbytes(16)).decode().rstrip("=").lower()


@cache
def _key(name: str) -> str:
    return name_key(name)


@cache
def _lexemes_of_word(word: str, at: str, is_folded: bool) -> str:  # noqa: FBT001 - a cache's key
    return search.lexemes(word, at, is_folded=is_folded)


def _lexemes(word: str, at: str, is_folded: bool) -> str:  # noqa: FBT001 - as it stands in a slot
    """Return the lexemes of a word, remembered where it is no number."""
    if word.isalpha():
        return _lexemes_of_word(word, at, is_folded)
    return search.lexemes(word, at, is_folded=is_folded)


_Part = bytes | int | Text
"""A part of a context: as it always is, a value, or a text with values."""


class _Making:
    """What is sealed and digested anew for each dossier."""

    def __init__(self, compiler: Compiler, made: Sequence[Made]) -> None:
        keys = {one.out: number for number, one in enumerate(made) if one.kind == "key"}
        self._plans: list[tuple[str, Text, list[_Part], int]] = [
            (
                one.kind,
                compiler.text(one.plain.decode()),
                _joined([_part(compiler, part) for part in one.context]),
                keys.get(one.key, -1),
            )
            for one in made
        ]
        self._texts = {
            number: [compiler.text(part) for part in made[number].context]
            for number in keys.values()
        }

    def fill(self, found: list[str], wanted: Sequence[tuple[int, tuple[Any, ...]]]) -> None:
        """Seal and digest what stands in the places that are wanted."""
        seals = sealer(settings.FIELD_KEY)
        keys: dict[int, tuple[RecordKey, bytes]] = {}
        framed_values: dict[int, bytes] = {}
        for place, (number, form) in wanted:
            kind, plain, parts, key = self._plans[number]
            context = b"".join(_framed(part, found, framed_values) for part in parts)
            text = plain.fill(found)
            if kind == "digest":
                out = seals.digest_framed(context + framed(text))
            elif kind == "seal":
                out = seals.seal_framed(text.encode(), context)
            elif kind == "record":
                out = self._key(key, found, seals, keys)[0].seal_framed(text.encode(), context)
            else:
                out = self._key(number, found, seals, keys)[1]
            found[place] = out.hex() if form == "hex" else base64.b64encode(out).decode()

    def _key(
        self,
        number: int,
        found: list[str],
        seals: Sealer,
        keys: dict[int, tuple[RecordKey, bytes]],
    ) -> tuple[RecordKey, bytes]:
        """Return the new key of a record, one for all that is sealed with it."""
        if number not in keys:
            context = [text.fill(found) for text in self._texts[number]]
            keys[number] = seals.new_record_key(*context)
        return keys[number]


def _part(compiler: Compiler, text: str) -> _Part:
    parts = compiler.parts(text)
    if len(parts) == 1 and isinstance(parts[0], int):
        return parts[0]
    return framed(text) if all(isinstance(one, str) for one in parts) else Text(parts)


def _joined(parts: Sequence[_Part]) -> list[_Part]:
    """Return the parts with neighbours that are always the same in one."""
    found: list[_Part] = []
    for part in parts:
        if isinstance(part, bytes) and found and isinstance(found[-1], bytes):
            found[-1] += part
        else:
            found.append(part)
    return found


def _framed(part: _Part, found: Sequence[str], known: dict[int, bytes]) -> bytes:
    if isinstance(part, bytes):
        return part
    if isinstance(part, int):
        if part not in known:
            known[part] = framed(found[part])
        return known[part]
    return framed(part.fill(found))
