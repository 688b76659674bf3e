"""The base of every event: a frozen value that is written as plain JSON and read back typed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Self, get_args, get_origin, get_type_hints
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, as codes and facts; no personal data that a code can stand for.

    A subclass is a frozen dataclass with a `name` such as "public_services.dossier.received" and a
    `version`. Its fields are str, int, bool, UUID, date, datetime, an enumeration, None, or tuples
    of these. A field added later has a default, so that older payloads can still be read; what
    cannot be read so takes a new version and an `upgrade`.
    """

    name: ClassVar[str] = ""
    version: ClassVar[int] = 1

    def to_payload(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return {field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)}

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any], *, version: int = 1) -> Self:
        """Return the event that was written as this payload by this or an older version.

        Raises TypeError or ValueError where the payload does not fit; fields unknown here are left
        out, so that a newer publisher does not break an older reader.
        """
        if version != cls.version:
            payload = cls.upgrade(dict(payload), version)
        types = field_types(cls)  # type: ignore[arg-type]  # a class can be hashed
        return cls(
            **{name: _typed(types[name], payload[name]) for name in types if name in payload}
        )

    @classmethod
    def upgrade(cls, payload: dict[str, Any], version: int) -> dict[str, Any]:  # noqa: ARG003 - for subclasses
        """Return a payload of another version as this version's; by default just as it is."""
        return payload


@cache
def field_types(event: type[Event]) -> dict[str, Any]:
    """Return the types of an event's fields by name. Raises TypeError for one not allowed."""
    hints = get_type_hints(event)
    found = {field.name: hints[field.name] for field in dataclasses.fields(event)}
    for name, kind in found.items():
        if not _is_allowed(kind):
            raise TypeError(f"{event.__name__}.{name} has a type that an event cannot carry")
    return found


_PLAIN: tuple[type, ...] = (str, int, bool, float)
_WRITTEN: tuple[type, ...] = (UUID, dt.datetime, dt.date)


def _is_allowed(kind: Any) -> bool:
    if get_origin(kind) is tuple:
        parts = get_args(kind)
        return len(parts) == 2 and parts[1] is Ellipsis and _is_allowed(parts[0])  # noqa: PLR2004 - tuple[X, ...]
    if get_origin(kind) in {types.UnionType, typing.Union}:
        parts = tuple(part for part in get_args(kind) if part is not types.NoneType)
        return len(parts) == 1 and _is_allowed(parts[0])
    return kind in _PLAIN + _WRITTEN or (isinstance(kind, type) and issubclass(kind, enum.Enum))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _typed(kind: Any, value: Any) -> Any:
    if get_origin(kind) is tuple:
        return tuple(_typed(get_args(kind)[0], part) for part in value)
    if get_origin(kind) in {types.UnionType, typing.Union}:
        part = next(part for part in get_args(kind) if part is not types.NoneType)
        return None if value is None else _typed(part, value)
    if kind is dt.datetime or kind is dt.date:
        return kind.fromisoformat(value)
    if kind in _PLAIN:
        if type(value) is not kind and not (kind is float and type(value) is int):
            raise TypeError(f"{kind.__name__} expected, not {type(value).__name__}")
        return value
    return kind(value)
