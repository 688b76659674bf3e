"""Vietnamese text: normal form, folding for search, the order of names, numbers in words."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import lru_cache

_FOLD = str.maketrans({"đ": "d", "Đ": "D"})
_ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_LETTERS = {letter: index for index, letter in enumerate(_ALPHABET, start=1)}


def nfc(text: str) -> str:
    """Return the text in the one normal form that Sen stores (NFC), outer spaces gone."""
    return unicodedata.normalize("NFC", text).strip()


def fold(text: str) -> str:
    """Return the text without marks and in lower case, for finding it however it is typed."""
    decomposed = unicodedata.normalize("NFD", text.translate(_FOLD))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


@lru_cache(maxsize=1024)  # lists are sorted on pages, letter by letter
def _letter_key(letter: str) -> tuple[int, int]:
    decomposed = unicodedata.normalize("NFD", letter)
    tone = next((_TONES[mark] for mark in decomposed if mark in _TONES), 0)
    bare = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    return _LETTERS.get(bare, 100 + ord(bare[0])), tone


def sort_key(text: str) -> str:
    """Return a key that sorts text in the order of the Vietnamese alphabet, tones last.

    The key is plain text: compare it byte by byte, in Python or in a column.
    """
    keys = [_letter_key(letter) for letter in unicodedata.normalize("NFC", text).lower()]
    return (
        "".join(chr(0x100 + base) for base, _ in keys) + "\x01" + "".join(str(t) for _, t in keys)
    )


def name_key(full_name: str) -> str:
    """Return the sort key of a person: given name first, then the names before it."""
    parts = full_name.split()
    return sort_key(" ".join(parts[-1:] + parts[:-1]))


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_APRIL = 4
_SCALES = ("", " nghìn", " triệu", " tỷ")


def _three(number: int, *, is_first: bool) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words: list[str] = []
    if hundreds or not is_first:
        words.append(f"{_DIGITS[hundreds]} trăm")
    if tens > 1:
        words.append(f"{_DIGITS[tens]} mươi")
    elif tens == 1:
        words.append("mười")
    elif ones and words:
        words.append("linh")
    if ones == 1 and tens > 1:
        words.append("mốt")
    elif ones == 5 and tens:  # noqa: PLR2004 - the digit five
        words.append("lăm")
    elif ones:
        words.append(_DIGITS[ones])
    return " ".join(words)


def number_to_words(number: int) -> str:
    """Return a whole number from 0 to below 10^18 in Vietnamese words.

    Raises ValueError outside that range.
    """
    if not 0 <= number < 10**18:
        raise ValueError("only 0 to below 10^18 can be put into words")
    if number == 0:
        return _DIGITS[0]
    billions, rest = divmod(number, 10**9)
    words = f"{number_to_words(billions)} tỷ" if billions else ""
    for scale in (2, 1, 0):
        group, rest = divmod(rest, 1000**scale)
        if group:
            spoken = _three(group, is_first=not words)
            words = f"{words} {spoken}{_SCALES[scale]}".strip()
    return re.sub(r"\s+", " ", words)


def date_in_words(day: dt.date) -> str:
    """Return a day as legal papers write it out, such as "Ngày một tháng hai năm hai nghìn"."""
    month = "tư" if day.month == _APRIL else number_to_words(day.month)
    return f"Ngày {number_to_words(day.day)} tháng {month} năm {number_to_words(day.year)}"
