"""PDF objects, made short: names, numbers, arrays, dictionaries, streams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)


def name(text: str) -> NameObject:
    """Return a name; the slash is added."""
    return generic.pdf_name("/" + text)


def number(value: int) -> NumberObject:
    """Return a whole number."""
    return NumberObject(value)  # type: ignore[no-untyped-call]  # pyHanko's is untyped


def array(items: Iterable[Any]) -> ArrayObject:
    """Return an array of objects."""
    return ArrayObject(items)


def numbers(*values: float) -> ArrayObject:
    """Return an array of numbers, to a thousandth."""
    made = (generic.FloatObject(f"{value:.3f}") for value in values)  # type: ignore[no-untyped-call]  # pyHanko's is untyped
    return ArrayObject(made)


def text(value: str) -> TextStringObject:
    """Return a text string."""
    return TextStringObject(value)


def dictionary(entries: Mapping[str, Any]) -> DictionaryObject:
    """Return a dictionary; keys are written without slashes."""
    return DictionaryObject({name(key): value for key, value in entries.items()})  # type: ignore[no-untyped-call]  # pyHanko's is untyped


def stream(entries: Mapping[str, Any], *, packed: bytes = b"", plain: bytes = b"") -> StreamObject:
    """Return a stream from bytes compressed already, or from plain ones."""
    described = {name(key): value for key, value in entries.items()}
    if packed:
        described[name("Filter")] = name("FlateDecode")
        return StreamObject(described, encoded_data=packed)
    return StreamObject(described, stream_data=plain)


def entry(container: Any, key: str, default: Any = None) -> Any:
    """Return an entry of a dictionary with references followed; keys carry their slash."""
    return container[key] if key in container else default  # noqa: SIM401 - `get` follows none
