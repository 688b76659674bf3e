"""Syllables as people type them: with and without marks, by Telex or VNI keys, by ear.

A form is a syllable in lower case with the Telex letter of its tone after it as a capital, "giấy"
being "giâyS"; its fold is the same without any mark, "giay". Final i and y are one letter, as
people write both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set as AbstractSet
from functools import lru_cache

from sen.base import vietnamese

_SYLLABLE = re.compile(r"[^\W_]+")
_TONES = {"\u0300": "F", "\u0309": "R", "\u0303": "X", "\u0301": "S", "\u0323": "J"}
TONES = "FRXSJ"
"""The letters of the tones at the end of a form."""
_HEARD_ALIKE = frozenset("RXJ")
_FINAL_Y = re.compile(r"(?<=[bcdđghklmnprstvx])y(?=[FRXSJ]?$)|(?<=^qu)y(?=[FRXSJ]?$)")

_VOWELS = "aeiouy"
_TELEX_TONES = {letter.lower(): letter for letter in TONES}
_VNI_TONES = {"2": "F", "3": "R", "4": "X", "1": "S", "5": "J"}
_HATS = {"a": "â", "e": "ê", "o": "ô"}
_HORNS = {"a": "ă", "o": "ơ", "u": "ư"}
_VNI_SHAPES = {"6": _HATS, "7": {"o": "ơ", "u": "ư"}, "8": {"a": "ă"}, "9": {"d": "đ"}}

_ONSET = "ngh|gh|ng|nh|ch|tr|th|ph|kh|gi|qu|b|c|d|g|h|k|l|m|n|p|r|s|t|v|x|"
_SPOKEN = re.compile(
    rf"^(?:{_ONSET})"
    r"(?:uye|uya|uay|uoi|uou|ieu|yeu|oai|oay|oao|oeo|uyu|[iuo]a|[iuy]e|ai|ao|au|ay|eo|eu|ia|iu"
    r"|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye|[aeiouy])?"
    r"(?:ch|ng|nh|c|m|n|p|t)?$"
)
_BY_EAR = (
    ("ngh", "ng"), ("gh", "g"), ("tr", "ch"), ("gi", "d"), ("qu", "w"),
    ("r", "d"), ("s", "x"), ("k", "c"), ("q", "c"), ("l", "n"),
)  # fmt: skip
_ENDINGS = (("nh", "n"), ("ng", "n"), ("ch", "t"), ("c", "t"))


def split(text: str) -> list[str]:
    """Return the syllables and numbers of a text, in lower case and normal form."""
    return _SYLLABLE.findall(vietnamese.nfc(text).lower())


def pieces(title: str, meant: AbstractSet[int]) -> list[tuple[str, bool]]:
    """Return a title in pieces, those told apart that are words at the places which were meant.

    A blank between two such words goes with them.
    """
    text = vietnamese.nfc(title)
    begin = end = 0  # of the piece that is not returned yet, as far as it is known
    was_meant = False
    found: list[tuple[str, bool]] = []
    for place, word in enumerate(_SYLLABLE.finditer(text) if meant else ()):
        is_meant = place in meant
        if was_meant and not (is_meant and text[end : word.start()].isspace()):
            found.append((text[begin:end], True))
            begin, was_meant = end, False
        if is_meant and not was_meant:
            if begin < word.start():
                found.append((text[begin : word.start()], False))
            begin, was_meant = word.start(), True
        end = word.end()
    if was_meant:
        found.append((text[begin:end], True))
        begin = end
    return [*found, (text[begin:], False)] if begin < len(text) else found


@lru_cache(maxsize=20_000)
def form(word: str) -> str:
    """Return the form of a syllable."""
    decomposed = unicodedata.normalize("NFD", word)
    tones = "".join(_TONES[mark] for mark in decomposed if mark in _TONES)[:1]
    bare = "".join(mark for mark in decomposed if mark not in _TONES)
    return _FINAL_Y.sub("i", unicodedata.normalize("NFC", bare) + tones)


@lru_cache(maxsize=20_000)
def fold(found: str) -> str:
    """Return the fold of a form."""
    return vietnamese.fold(found.rstrip(TONES))


def tone(found: str) -> str:
    """Return the letter of a form's tone, empty where it is level."""
    return found[-1] if found[-1] in TONES else ""


def has_marks(found: str) -> bool:
    """Whether a form carries any mark."""
    return found != fold(found)


@lru_cache(maxsize=50_000)
def likeness(asked: str, there: str, *, is_marked: bool) -> float:
    """Return how far a form asked for may be one that is there with the same fold, 0 to 1.

    is_marked: whether whoever asks types marks at all; if not, every spelling is as good.
    """
    if asked == there or not is_marked:
        return 1.0
    if not has_marks(asked):
        return 0.7
    bare, there_bare = asked.rstrip(TONES), there.rstrip(TONES)
    if bare == there_bare:
        tones = {asked[len(bare) :], there[len(there_bare) :]}
        return 0.9 if tones <= _HEARD_ALIKE else 0.55
    return 0.4


def is_spoken(folded: str) -> bool:
    """Whether a fold can be a Vietnamese syllable at all."""
    return _SPOKEN.match(folded) is not None


@lru_cache(maxsize=20_000)
def by_ear(folded: str) -> str:
    """Return what sounds alike somewhere in the country: sờ and xờ, chờ and trờ, n and ng."""
    for written, heard in _BY_EAR:
        if folded.startswith(written):
            folded = heard + folded[len(written) :]
            break
    for written, heard in _ENDINGS:
        if folded.endswith(written):
            return folded[: -len(written)] + heard
    return folded


def from_keys(word: str) -> list[str]:
    """Return what a word may be that kept its Telex or VNI keys: giaays and gia6y1 are giấy."""
    tries = (_from_telex(word), _from_vni(word))
    return [found for found in tries if found is not None and is_spoken(fold(form(found)))]


def _from_telex(word: str) -> str | None:
    letters: list[str] = []
    tone = ""
    for letter in word:
        before = next((at for at in range(len(letters) - 1, -1, -1) if letters[at] == letter), -1)
        if letter in _TELEX_TONES and any(vietnamese.fold(one) in _VOWELS for one in letters):
            tone = _TELEX_TONES[letter]
        elif letter in _HATS and before >= 0:
            letters[before] = _HATS[letter]
        elif letter == "d" and letters[:1] == ["d"]:
            letters[0] = "đ"
        elif letter == "w":
            _put_horn(letters)
        else:
            letters.append(letter)
    return _with_tone(letters, tone, word)


def _put_horn(letters: list[str]) -> None:
    """Turn the vowels before a w: uo gives ươ, else the last a, o or u its horn or bowl."""
    text = "".join(letters)
    if "uo" in text:
        at = text.index("uo")
        letters[at : at + 2] = ["ư", "ơ"]
        return
    for at in range(len(letters) - 1, -1, -1):
        if letters[at] in _HORNS:
            letters[at] = _HORNS[letters[at]]
            return
    letters.append("ư")


def _from_vni(word: str) -> str | None:
    letters: list[str] = []
    tone = ""
    for letter in word:
        if not letter.isdigit():
            letters.append(letter)
        elif letter in _VNI_TONES:
            tone = _VNI_TONES[letter]
        else:
            shapes = _VNI_SHAPES.get(letter, {})
            for at in range(len(letters) - 1, -1, -1):
                if letters[at] in shapes:
                    letters[at] = shapes[letters[at]]
                    break
    return _with_tone(letters, tone, word)


def _with_tone(letters: list[str], tone: str, word: str) -> str | None:
    """Return the syllable with its tone on a vowel, None where no key was found in it."""
    text = "".join(letters)
    if text == word and not tone:
        return None
    vowels = [at for at, one in enumerate(letters) if vietnamese.fold(one) in _VOWELS]
    if not vowels:
        return None
    if tone:
        mark = next(mark for mark, letter in _TONES.items() if letter == tone)
        shaped = [at for at in vowels if letters[at] not in _VOWELS]
        at = shaped[-1] if shaped else vowels[len(vowels) // 2]
        letters[at] += mark
    return unicodedata.normalize("NFC", "".join(letters))


def slips(folded: str) -> set[str]:
    """Return what a fold becomes by leaving out one letter; two folds that share one are alike."""
    return {folded[:at] + folded[at + 1 :] for at in range(len(folded))} | {folded}


def is_one_slip(folded: str, other: str) -> bool:
    """Whether two folds differ by one letter, or by two neighbours in turned order."""
    if abs(len(folded) - len(other)) == 1:
        short, long = sorted((folded, other), key=len)
        return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
    if len(folded) != len(other):
        return False
    apart = [at for at, (one, two) in enumerate(zip(folded, other, strict=True)) if one != two]
    if len(apart) == 2:  # noqa: PLR2004 - two letters in turned order
        first, second = apart
        is_next = second == first + 1
        return is_next and folded[first] == other[second] and folded[second] == other[first]
    return len(apart) == 1
