"""Vietnamese text as words to be found: numbers of documents whole, marks kept and folded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from sen.base import vietnamese

_JOINERS = "./_:@-"
_WORD = re.compile(rf"[^\W_]+(?:[{_JOINERS}]+[^\W_]+)*")
_PARTS = re.compile(rf"[{_JOINERS}]+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
LONGEST = 200
"""Characters of a word that are kept; the database refuses words far longer."""
MOST_WORDS = 16
"""Words of a query that are looked at."""
_FEW_WORDS = 2
_GOES_ON = ":*"


def tokens(text: str) -> list[str]:
    """Return the words of a text in order, in lower case and normal form.

    What is written in one piece stays one word: 123/2025/NĐ-CP, H41.9.12-261121-0007, 1.001193.
    """
    plain = vietnamese.nfc(text).translate(_DASHES).lower()
    return [word[:LONGEST] for word in _WORD.findall(plain)]


def pieces(word: str) -> list[str]:
    """Return a word and, if it is written of several, its parts: 123/qđ gives 123/qđ, 123, qđ."""
    parts = [part for part in _PARTS.split(word) if part]
    return [word, *parts] if len(parts) > 1 else [word]


def exact(word: str) -> str:
    """Return a word with its tone after it, so that “hoà” and “hòa” are the same word."""
    decomposed = unicodedata.normalize("NFD", word)
    tones = "".join(_TONES[mark] for mark in decomposed if mark in _TONES)
    bare = "".join(mark for mark in decomposed if mark not in _TONES)
    return unicodedata.normalize("NFC", bare) + tones


def fold(word: str) -> str:
    """Return a word without any mark."""
    return vietnamese.fold(word)


def vector(weighted: Iterable[tuple[str, str]], *, is_folded: bool) -> str:
    """Return the text of a tsvector: every word and part at its place, with its weight.

    weighted: (text, weight A to D) in order.
    """
    shape = fold if is_folded else exact
    places: dict[str, list[str]] = {}
    for word, place in placed(weighted):
        for piece in pieces(word):
            places.setdefault(shape(piece), []).append(place)
    return " ".join(f"'{word}':{','.join(found[:200])}" for word, found in places.items())


def placed(weighted: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield each word of weighted texts with its place and weight, such as 2B."""
    place = 0
    for text, weight in weighted:
        for word in tokens(text):
            place = min(place + 1, 16_383)
            yield word, f"{place}{weight}"


def lexemes(word: str, place: str, *, is_folded: bool) -> str:
    """Return what one placed word adds to the text of a tsvector; PostgreSQL joins equal ones."""
    if word.isascii():  # most are numbers; neither shape changes them
        return f"'{word}':{place}" if word.isalnum() else _lexemes(pieces(word), place)
    shape = fold if is_folded else exact
    return _lexemes([shape(piece) for piece in pieces(word)], place)


def _lexemes(pieces_: Iterable[str], place: str) -> str:
    return " ".join(f"'{piece}':{place}" for piece in pieces_)


def may_be_common(text: str) -> bool:
    """Whether so little is asked that it may stand in a good part of all records: a family name."""
    asked = tokens(text)
    return len(asked) <= _FEW_WORDS and all(map(str.isalpha, asked))


def query(text: str, *, is_folded: bool) -> str:
    """Return the text of a tsquery in which every word is needed; "" where nothing is asked.

    The last word, and every number of a document, may be the beginning of one.
    """
    return " & ".join(_asked(text, fold if is_folded else exact))


def whole_words(text: str) -> str:
    """Return a folded query of the words that are whole, or of all where each may go on.

    An index finds these at once; for a beginning it gathers all that begin so: many in a name.
    """
    asked = _asked(text, fold)
    return " & ".join([word for word in asked if not word.endswith(_GOES_ON)] or asked)


def _asked(text: str, shape: Callable[[str], str]) -> list[str]:
    words = tokens(text)[:MOST_WORDS]
    asked = []
    for place, word in enumerate(words):
        may_go_on = place == len(words) - 1 or len(pieces(word)) > 1
        asked.append(f"'{shape(word)}'" + (_GOES_ON if may_go_on else ""))
    return asked
