"""Numbers and codes of papers, the check of their data, and of their letters: pure functions."""

from __future__ import annotations

import datetime as dt
import re
import struct
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sen.kernel.papers.choices import FieldKind
from sen.kernel.papers.data import DossierCode, SchemaField

# -- Numbers and notations


def written_number(number: int) -> str:
    """Return a number as a paper shows it: below ten with a zero before it.

    Raises ValueError below 1. Nguồn: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, mục II, khoản 3.
    """
    if number < 1:
        raise ValueError("a number of a paper is at least 1")
    return f"{number:02d}"


def written_day(on: dt.date) -> tuple[str, str, str]:
    """Return day, month and year as a paper shows them: days below 10, months 1 and 2 with a zero.

    Nguồn: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, mục II, khoản 4.
    """
    first_months = 2
    month = f"{on.month:02d}" if on.month <= first_months else str(on.month)
    return f"{on.day:02d}", month, str(on.year)


def notation(*, kind: str, agency: str, unit: str = "") -> str:
    """Return what follows the slash of a number: "QĐ-UBND", or "UBND-VX" for a letter.

    kind: abbreviation of the kind of paper, empty for an official letter ("công văn"), which
    carries the drafting unit instead. Raises ValueError for anything with spaces or slashes.
    Nguồn: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, mục II, khoản 3; Phụ lục III.
    """
    parts = [part for part in ((kind, agency) if kind else (agency, unit)) if part]
    if not agency or any(re.search(r"[\s/]", part) for part in parts):
        raise ValueError("a notation has no spaces and no slashes")
    return "-".join(parts)


# -- Dossier codes

_PLACEHOLDER = re.compile(r"\{(unit|field|yymmdd|yyyymmdd|number(?::[0-9]{1,2})?)\}")
_NEEDED = ({"unit"}, {"yymmdd", "yyyymmdd"}, {"number"})
_SHORT_YEARS = 2000


def pattern_problems(pattern: str) -> list[str]:
    """Return what is wrong with the pattern of a code, in English for whoever writes it."""
    found = {match[1].split(":")[0] for match in _PLACEHOLDER.finditer(pattern)}
    problems = [f"one of {sorted(needed)} is missing" for needed in _NEEDED if not found & needed]
    if re.search(r"[{}\s]", _PLACEHOLDER.sub("", pattern)):
        problems.append("an unknown placeholder or a space")
    return problems


def format_code(pattern: str, *, unit: str, field: str, on: dt.date, number: int) -> str:
    """Return a dossier code by a pattern such as "{unit}.{field}-{yymmdd}-{number:4}".

    number: zeros before it up to the width; a longer one keeps all its digits. An empty field goes
    with the dot before it. Raises ValueError for a wrong pattern or a number below 1.
    Nguồn: Thông tư 03/2025/TT-VPCP, Điều 13 (đang chờ Bộ Công an ban hành lại: mẫu là dữ liệu).
    """
    if pattern_problems(pattern) or number < 1:
        raise ValueError("the pattern or the number does not make a code")
    if not field:
        pattern = pattern.replace(".{field}", "").replace("{field}", "")

    def part(match: re.Match[str]) -> str:
        name, _, width = match[1].partition(":")
        match name:
            case "unit":
                return unit
            case "field":
                return field
            case "yymmdd":
                return f"{on:%y%m%d}"
            case "yyyymmdd":
                return f"{on:%Y%m%d}"
        return f"{number:0{width or 1}d}"

    return _PLACEHOLDER.sub(part, pattern)


_CODE = re.compile(r"(?P<agency>[A-Z0-9]+(?:\.[A-Z0-9]+)*)-(?P<date>[0-9]{8}|[0-9]{6})-"
                   r"(?P<owner>[A-Z]{0,2})(?P<ordinal>[0-9]{4,9})")  # fmt: skip


def parse_code(text: str) -> DossierCode | None:
    """Return a dossier code of any known form taken apart, None for what is none.

    Known are the forms of Thông tư 01/2018/TT-VPCP, Điều 19 (000.00.12.H41-250630-0007), of Thông
    tư 03/2025/TT-VPCP, Điều 13 (H41.9.12-261121-0007), of Thông tư 04/2025/TT-VPCP (two letters of
    the owning system before the number) and of ministries (G09.20-20260609-0092637). Spaces
    around, small letters and long dashes are forgiven.
    """
    plain = re.sub(r"[\u2010-\u2015]", "-", text.strip()).upper()
    matched = _CODE.fullmatch(plain)
    if matched is None or not matched["ordinal"].strip("0"):
        return None
    digits = matched["date"]
    year = int(digits[:-4]) + (_SHORT_YEARS if len(digits) == len("yymmdd") else 0)
    try:
        on = dt.date(year, int(digits[-4:-2]), int(digits[-2:]))
    except ValueError:
        return None
    return DossierCode(
        agency=matched["agency"], on=on, ordinal=int(matched["ordinal"]), owner=matched["owner"]
    )


# -- Data of papers

_TYPES: dict[FieldKind, tuple[type, ...]] = {
    FieldKind.TEXT: (str,),
    FieldKind.INTEGER: (int,),
    FieldKind.DATE: (dt.date,),
    FieldKind.MOMENT: (dt.datetime,),
    FieldKind.YES_NO: (bool,),
    FieldKind.ROWS: (list, tuple),
}


def read_schema(document: Mapping[str, Any]) -> tuple[SchemaField, ...]:
    """Return the fields of a schema document.

    Form: `{"fields": {key: {"title", "kind", "required"?, "columns"?}}}`.
    Raises ValueError for an unknown kind, a title missing, or anything unknown.
    """
    return tuple(_schema_field(key, entry) for key, entry in document["fields"].items())


def _schema_field(key: str, entry: Mapping[str, Any]) -> SchemaField:
    unknown = set(entry) - {"title", "kind", "required", "columns"}
    if unknown or not entry.get("title"):
        raise ValueError(f"the schema of {key} is incomplete or knows {sorted(unknown)}")
    columns = entry.get("columns", {})
    kind = FieldKind(entry.get("kind", "text"))
    if bool(columns) != (kind is FieldKind.ROWS):
        raise ValueError(f"{key}: columns belong to rows")
    return SchemaField(
        key=key,
        title=entry["title"],
        kind=kind,
        is_required=bool(entry.get("required", False)),
        columns=tuple(_schema_field(name, column) for name, column in columns.items()),
    )


def data_problems(
    fields: Sequence[SchemaField], data: Mapping[str, Any], *, path: str = ""
) -> dict[str, str]:
    """Return what is wrong with a paper's data, by path: "missing", "unknown" or "type"."""
    known = {field.key: field for field in fields}
    problems = {f"{path}{key}": "unknown" for key in data if key not in known}
    for field in fields:
        value, where = data.get(field.key), f"{path}{field.key}"
        if value is None or value in ("", ()):
            if field.is_required:
                problems[where] = "missing"
        elif not _fits(field.kind, value):
            problems[where] = "type"
        elif field.kind is FieldKind.ROWS:
            for index, row in enumerate(value):
                problems |= data_problems(field.columns, row, path=f"{where}.{index}.")
    return problems


def _fits(kind: FieldKind, value: object) -> bool:
    if kind is FieldKind.MOMENT:
        return isinstance(value, dt.datetime) and value.tzinfo is not None
    if isinstance(value, (bool, dt.datetime)):
        return kind is FieldKind.YES_NO and isinstance(value, bool)
    return isinstance(value, _TYPES[kind])


def plain_value(value: Any, zone: dt.tzinfo) -> Any:
    """Return a value as JSON can carry it: days and moments in ISO 8601, text in normal form."""
    if isinstance(value, dt.datetime):
        return value.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {str(key): plain_value(one, zone) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_value(one, zone) for one in value]
    return value


_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def typst_string(text: str) -> str:
    """Return text as a literal of Typst; control characters other than line ends and tabs go."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    escaped = escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\t", "\\t")
    return f'"{_CONTROL.sub("", escaped)}"'


# -- Letters

_TONES = "\u0300\u0309\u0303\u0301\u0323"
_VOWELS = "aăâeêioôơuưy"
_PUNCTUATION = " .,;:!?()[]/-–—…“”‘’'\"%&+*=<>§•°²³"
VIETNAMESE = "".join(
    sorted(
        {
            letter
            for lower in (
                *"abcdefghijklmnopqrstuvwxyzđ0123456789",
                *(unicodedata.normalize("NFC", v + t) for v in _VOWELS for t in ("", *_TONES)),
            )
            for letter in (lower, lower.upper())
        }
        | set(_PUNCTUATION)
    )
)
"""Every letter, digit and sign that a Vietnamese paper needs."""


def letters_of(font: bytes) -> frozenset[str]:
    """Return the characters that a TrueType font has a glyph for.

    Raises ValueError if it is none, or has no table of Unicode characters.
    """
    try:
        (tables,) = struct.unpack_from(">H", font, 4)
        offsets = {
            font[12 + 16 * i : 16 + 16 * i]: struct.unpack_from(">I", font, 20 + 16 * i)[0]
            for i in range(tables)
        }
        start = offsets[b"cmap"]
        (subtables,) = struct.unpack_from(">H", font, start + 2)
        for index in range(subtables):
            _, _, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * index)
            if struct.unpack_from(">H", font, start + offset)[0] == _SEGMENTS:
                return frozenset(map(chr, _segment_characters(font, start + offset)))
    except (struct.error, KeyError) as problem:
        raise ValueError("not a TrueType font") from problem
    raise ValueError("a font without Unicode characters")


_SEGMENTS = 4
"""The cmap format that maps the basic plane by segments (OpenType, `cmap`, format 4)."""
_NO_CHARACTER = 0xFFFF


def _segment_characters(font: bytes, at: int) -> Iterator[int]:
    (twice,) = struct.unpack_from(">H", font, at + 6)
    count = twice // 2
    words = f">{count}H"
    ends = struct.unpack_from(words, font, at + 14)
    starts = struct.unpack_from(words, font, at + 16 + twice)
    deltas = struct.unpack_from(words, font, at + 16 + 2 * twice)
    offsets_at = at + 16 + 3 * twice
    offsets = struct.unpack_from(words, font, offsets_at)
    for i in range(count):
        for code in range(starts[i], ends[i] + 1):
            glyph = code
            if offsets[i]:
                where = offsets_at + 2 * i + offsets[i] + 2 * (code - starts[i])
                (glyph,) = struct.unpack_from(">H", font, where)
                if glyph == 0:
                    continue
            if (glyph + deltas[i]) & 0xFFFF and code != _NO_CHARACTER:
                yield code


def missing_letters(letters: frozenset[str], needed: str = VIETNAMESE) -> str:
    """Return the needed characters that are not among the letters of a font."""
    return "".join(letter for letter in needed if letter not in letters)
