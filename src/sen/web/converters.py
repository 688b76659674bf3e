"""How ids stand in addresses: in base32, where a thing has no official code."""

from __future__ import annotations

from uuid import UUID

from django.urls import register_converter

from sen.base import identifiers


class Base32:
    """`<b32:name>`: an id as 26 letters."""

    regex = "[a-z2-7]{26}"

    def to_python(self, value: str) -> UUID:
        """Return the id. Raises ValueError for letters that are none, which is then a 404."""
        return identifiers.from_base32(value)

    def to_url(self, value: UUID) -> str:
        """Return the id as it stands in an address."""
        return identifiers.to_base32(value)


register_converter(Base32, "b32")
