"""The icons of the vendored sprite, drawn inside the page so that none comes late."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NewType

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

IconName = NewType("IconName", str)
"""A name of the sprite; components check it when the template is compiled."""
NO_ICON = IconName("")

_SPRITE = Path(__file__).parent / "static/web/vendor/tabler-icons.svg"
_SYMBOL = re.compile(r'<symbol id="([\w-]+)"[^>]*>(.*?)</symbol>')


@cache
def drawings() -> dict[str, SafeString]:
    """Return the paths of every icon by name."""
    found = _SYMBOL.findall(_SPRITE.read_text(encoding="utf-8"))
    return {name: mark_safe(body) for name, body in found}  # noqa: S308 - our vendored file


@lru_cache(maxsize=1024)
def draw(name: str, *, label: str = "") -> SafeString:
    """Return an icon as SVG; without a label it is decoration and hidden from screen readers.

    Raises KeyError for a name that is not in the sprite.
    """
    spoken = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" {}>{}</svg>',
        mark_safe(spoken),  # noqa: S308 - formatted above
        drawings()[name],
    )
