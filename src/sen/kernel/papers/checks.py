"""Checks at start: a letter that papers cannot show stops it."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error

from sen.kernel.papers import rules
from sen.kernel.papers.adapters.typesetting import FONTS

FACES = ("Regular", "Bold", "Italic", "BoldItalic")


def fonts_have_all_letters(**_: Any) -> list[CheckMessage]:
    """Return an error for each face of Tinos that is not there or lacks a Vietnamese letter."""
    problems: list[CheckMessage] = []
    for face in FACES:
        path = FONTS / f"Tinos-{face}.ttf"
        try:
            missing = rules.missing_letters(rules.letters_of(path.read_bytes()))
        except (OSError, ValueError) as problem:
            problems.append(Error(f"{path.name}: {problem}", id="papers.E001"))
            continue
        if missing:
            problems.append(Error(f"{path.name} lacks {missing!r}", id="papers.E002"))
    return problems
