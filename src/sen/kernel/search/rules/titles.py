"""Titles in a language without a dictionary here: those that have the words somebody is typing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sen.base import vietnamese
from sen.kernel.search.data import Document, Ranked

_WORD = re.compile(r"[^\W_]+")
_LITTLE = frozenset(
    {
        "a", "an", "and", "at", "by", "do", "for", "from", "get", "how", "i", "in", "is", "my",
        "of", "on", "or", "the", "to", "want", "with",
    }
)  # fmt: skip
"""English words that tell nothing of what is looked for."""
_STEM = 6
"""Letters by which words that were typed whole may be of one family: register, registration."""


class Titles:
    """Titles ready to be asked for; made once an edition, never changed."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._rows = [(one, [_folded(word) for word in _words(one.title)]) for one in documents]

    def suggest(self, typed: str, *, limit: int) -> list[Ranked]:
        """Return the titles that have every telling word typed so far, the best first.

        The last word may be begun only; places: the words of the title that were meant.
        """
        words = [_folded(word) for word in _words(typed)]
        if not words:
            return []
        begun = typed[-1:].isalnum()
        asked = [
            (word, begun and at == len(words) - 1)
            for at, word in enumerate(words)
            if word not in _LITTLE
        ]
        found = []
        for document, title in self._rows:
            places = [_place(word, title, is_begun=is_begun) for word, is_begun in asked]
            if places and None not in places:
                meant = frozenset(place for place in places if place is not None)
                score = 1.0 / (1 + min(meant)) + document.standing
                found.append(Ranked(key=document.key, score=score, places=meant))
        found.sort(key=lambda one: (-one.score, one.key))
        return found[:limit]


def _words(text: str) -> list[str]:
    return _WORD.findall(vietnamese.nfc(text).lower())


def _folded(word: str) -> str:
    """Return a word without marks, one thing for several: copies is copy."""
    folded = vietnamese.fold(word)
    if folded.endswith("ies"):
        return folded[:-3] + "y"
    return folded[:-1] if folded.endswith("s") and len(folded) > len("was") else folded


def _place(word: str, title: Sequence[str], *, is_begun: bool) -> int | None:
    """Return where a title has a word, itself first; None where it has none like it."""
    if word in title:
        return title.index(word)
    for place, there in enumerate(title):
        is_family = len(word) >= _STEM and there[:_STEM] == word[:_STEM]
        if is_family or (is_begun and there.startswith(word)):
            return place
    return None
