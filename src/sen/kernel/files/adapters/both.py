"""Two storages while files move: written to the first, read from wherever they lie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from io import BufferedReader

from sen.kernel.files.adapters.storage import Held, Storage


class Both:
    """The first storage, and the other one for what is not in the first yet.

    An upload that was under way when the first became another one begins anew, as after a crash.
    """

    def __init__(self, first: Storage, also: Storage) -> None:
        """Take both; nothing is read yet."""
        self.first, self.also = first, also
        self.name, self.writes_ahead = first.name, first.writes_ahead

    def write_at(self, place: str, offset: int, data: bytes) -> None:
        """Write a piece to the first."""
        self.first.write_at(place, offset, data)

    def received(self, place: str) -> int:
        """Return how much of an incoming file is in the first."""
        return self.first.received(place)

    def hold(self, place: str, data: bytes | None = None) -> AbstractContextManager[Held]:
        """Give an incoming file of the first to be looked into."""
        return self.first.hold(place, data)

    def put(self, place: str, data: bytes, sha256: str) -> None:
        """Write a whole file to the first."""
        self.first.put(place, data, sha256)

    def put_quickly(self, place: str, data: bytes) -> None:
        """Write a whole file to the first."""
        self.first.put_quickly(place, data)

    def put_alike(self, place: str, alike: str) -> None:
        """Give a place of the first the bytes of a file that is in the first."""
        self.first.put_alike(place, alike)

    def size(self, place: str) -> int | None:
        """Return a file's size, wherever it lies."""
        found = self.first.size(place)
        return self.also.size(place) if found is None else found

    def open(self, place: str, start: int = 0) -> tuple[int, BufferedReader]:
        """Open a file wherever it lies. Raises FileNotFoundError."""
        try:
            return self.first.open(place, start)
        except FileNotFoundError:
            return self.also.open(place, start)

    def discard(self, place: str) -> None:
        """Delete a file wherever it lies."""
        self.first.discard(place)
        self.also.discard(place)

    def places(self, *, older_than: float) -> Iterator[str]:
        """Return the places of both."""
        yield from self.first.places(older_than=older_than)
        yield from self.also.places(older_than=older_than)

    def is_public(self) -> bool:
        """Tell whether either can be read without a key."""
        return self.first.is_public() or self.also.is_public()
