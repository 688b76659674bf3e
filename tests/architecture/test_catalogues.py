"""Django reads all catalogues as one, so that a Vietnamese text has one English text."""

from __future__ import annotations

from collections import defaultdict

from tools import catalogues


def test_one_vietnamese_text_has_one_english_text():
    said = defaultdict(lambda: defaultdict(list))
    for package in catalogues.applications():
        for message in catalogues.read(package):
            if message.id and message.string:
                said[message.context, message.id][message.string].append(package.name)

    assert {one: dict(texts) for one, texts in said.items() if len(texts) > 1} == {}
