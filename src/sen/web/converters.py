"""How ids and days stand in addresses: in base32 where a thing has no official code; ISO 8601."""

from __future__ import annotations

import datetime as dt
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


class Day:
    """`<day:name>`: a day as 2026-11-22."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        """Return the day. Raises ValueError for one that does not exist, which is then a 404."""
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        """Return the day as it stands in an address."""
        return value.isoformat()


register_converter(Base32, "b32")
register_converter(Day, "day")
