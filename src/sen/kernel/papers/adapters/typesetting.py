"""Typst: one compiler with its fonts kept in the process, used by one thread at a time.

What a template imports stays compiled; only its data is new with each paper.
"""

from __future__ import annotations

import datetime as dt
import threading
from functools import cache
from pathlib import Path
from typing import cast

import typst

from sen.base import clock
from sen.kernel.papers.data import TEMPLATE_ROOT

FONTS = Path(__file__).parents[1] / "fonts"
_ONE_AT_A_TIME = threading.Lock()


class CannotTypeset(Exception):
    """The template or its data does not make a paper.

    letter: the character that no font shows, if that is the reason.
    """

    def __init__(self, message: str, *, letter: str = "") -> None:
        super().__init__(message)
        self.letter = letter


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
    return typst.Compiler(root=str(TEMPLATE_ROOT), font_paths=fonts)


def warm_up() -> None:
    """Load the compiler with its fonts by a page that says nothing."""
    pdf("", made_at=clock.now())


def pdf(source: str, *, made_at: dt.datetime) -> bytes:
    """Return the PDF/A-2b of a Typst source; imports start at `src/sen`.

    made_at: the moment written into the file. Raises CannotTypeset.
    """
    with _ONE_AT_A_TIME:
        try:
            made = _compiler().compile(
                source.encode(),
                format="pdf",
                pdf_standards=["a-2b"],
                timestamp=int(made_at.timestamp()),
            )
        except typst.TypstError as problem:
            text = str(problem)
            _, found, rest = text.partition('the text `"')
            letter = rest.split('"', 1)[0] if found and "could not be displayed" in rest else ""
            raise CannotTypeset(text, letter=letter) from problem
    return cast("bytes", made)
