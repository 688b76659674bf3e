"""Bytes on their way into a backup and back: of whole files, by their place."""

from __future__ import annotations

from typing import BinaryIO

from sen.kernel.files import rules
from sen.kernel.files.adapters import storage


def copy_out(place: str) -> BinaryIO:
    """Return the stream of a whole file's bytes. Raises FileNotFoundError, StorageAway."""
    return storage.current().open(place)[1]


def bring_back(place: str, data: bytes) -> None:
    """Write a whole file at its place, for good. Raises NoSpace, StorageAway."""
    storage.current().put(place, data, rules.digest(data))


def is_kept(place: str, size: int) -> bool:
    """Tell whether a whole file of this size is there. Raises StorageAway."""
    return storage.current().size(place) == size
