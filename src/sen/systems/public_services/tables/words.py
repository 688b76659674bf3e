"""Texts of the law on pages in another language: marked where they are in Vietnamese only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.translation import get_language


def official(said: Mapping[Any, str] | str | None) -> str:
    """Return a text in the language of the page; one that is Vietnamese only is marked as such.

    A reader's voice and a hyphenating browser go by the mark (`lang="vi"`).
    """
    if not said:
        return ""
    language = get_language() or "vi"
    told = {"vi": said} if isinstance(said, str) else said
    if told.get(language) or language == "vi":
        return told.get(language) or told.get("vi", "")
    return format_html('<span lang="vi">{}</span>', told.get("vi", ""))
