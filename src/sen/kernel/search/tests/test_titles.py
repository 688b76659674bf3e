"""Titles by the words that somebody is typing."""

from __future__ import annotations

import pytest

from sen.kernel.search.public import Document, Titles

TITLES = Titles(
    [
        Document(key="birth", title="Birth registration"),
        Document(key="again", title="Registering a birth again", standing=0.02),
        Document(key="copy", title="Certified copy of a paper"),
        Document(key="mark", title="Marriage status certificate"),
    ]
)


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("bir", ["birth", "again"]),
        ("BIRTH", ["birth", "again"]),
        ("register a birth", ["again", "birth"]),
        ("birth again ", ["again"]),
        ("how to get copies of a pap", ["copy"]),
        ("copy of pap", ["copy"]),
        ("certificate", ["copy", "mark"]),
        ("cert mar", []),
        ("status mar", ["mark"]),
        ("", []),
        ("of the", []),
        ("khai sinh", []),
    ],
)
def test_titles_have_every_telling_word(typed, keys):
    assert [one.key for one in TITLES.suggest(typed, limit=5)] == keys


def test_the_words_meant_are_told_and_no_more_than_asked_for_come():
    [only] = TITLES.suggest("a birth re", limit=1)
    assert (only.key, only.places) == ("again", frozenset({0, 2}))
