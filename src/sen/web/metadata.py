"""What programs read of a public page: its one address, its languages, its title and summary."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

LANGUAGE_PARAMETER = "ngon-ngu"
"""The parameter by which an address names its language; see `middleware.LanguageMiddleware`."""
_UNSAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """A public page as programs read it.

    path: its address without host and choices. data: what it is about, in the words of schema.org.
    """

    title: str
    description: str
    path: str
    data: Mapping[str, Any] | None = None

    @property
    def canonical(self) -> str:
        """The one address of the page, in Vietnamese."""
        return public_address(self.path)

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Each language with the address that speaks it."""
        first, *others = [code for code, _name in settings.LANGUAGES]
        named = [(code, f"{self.canonical}?{LANGUAGE_PARAMETER}={code}") for code in others]
        return [(first, self.canonical), *named]

    @property
    def json(self) -> SafeString:
        """`data` as JSON that cannot end the element it stands in; a data block runs nothing."""
        text = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        return mark_safe(text.translate(_UNSAFE))  # noqa: S308 - escaped in the line before


def public_address(path: str) -> str:
    """Return a path as people outside reach it."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"
