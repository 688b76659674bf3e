"""The port of the storage, and the storage that the settings name.

`SEN_FILES` says where files are written: the folder of this installation, or `s3://bucket/prefix`.
`SEN_FILES_ALSO` names the other of the two while files move from one to the other.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import lru_cache
from io import BufferedReader
from pathlib import Path
from typing import ClassVar, Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from sen.base.errors import Unavailable

FOLDER, S3 = "folder", "s3"


class NoSpace(Unavailable):
    """The disk is full; what was there before is whole, what was being written is gone."""

    code: ClassVar[str] = "no_space"
    default: ClassVar[str] = (
        "Máy chủ tạm thời hết chỗ lưu tệp nên chưa nhận được tệp này. Những gì bạn đã gửi trước đó "
        "vẫn còn nguyên. Vui lòng thử lại sau ít phút."
    )


class StorageAway(Unavailable):
    """The storage does not answer, refuses us, or answers with what cannot be; nothing changed."""

    code: ClassVar[str] = "storage_away"
    default: ClassVar[str] = (
        "Kho lưu tệp tạm thời không phản hồi nên chưa nhận hoặc chưa mở được tệp. Những gì bạn đã "
        "gửi trước đó vẫn còn nguyên. Vui lòng thử lại sau ít phút."
    )


class Held(Protocol):
    """A whole incoming file as a file of this machine, to be looked into.

    path: where it lies. keep: give it its final place for good; sha256 is that of its bytes.
    """

    path: Path

    def keep(self, sha256: str) -> None:
        """Raise NoSpace, StorageAway, FileNotFoundError if somebody else has kept it."""


class Storage(Protocol):
    """Bytes under random names: what is coming in lies aside until it is whole and looked into.

    Each verb raises StorageAway where the storage is elsewhere and does not answer, and NoSpace
    where it has no room. `name`: folder or s3. `writes_ahead`: pieces are written before the
    transaction that acknowledges them, for the storage is at the other end of a network.
    """

    @property
    def name(self) -> str:
        """Return folder or s3."""

    @property
    def writes_ahead(self) -> bool:
        """Tell whether pieces are written before they are acknowledged."""

    def write_at(self, place: str, offset: int, data: bytes) -> None:
        """Write a piece of an incoming file; ValueError if it is known to end before the offset."""

    def received(self, place: str) -> int:
        """Return how many bytes of an incoming file are here without a gap."""

    def hold(self, place: str, data: bytes | None = None) -> AbstractContextManager[Held]:
        """Give a whole incoming file to be looked into; data: it has come at once, as these bytes.

        With data nothing is left behind when the body fails. Raises FileNotFoundError.
        """

    def put(self, place: str, data: bytes, sha256: str) -> None:
        """Write a whole file at its final place, for good or not at all."""

    def put_quickly(self, place: str, data: bytes) -> None:
        """Write a whole file that can be laid down again: nothing waits for it to be safe."""

    def put_alike(self, place: str, alike: str) -> None:
        """Give a place the bytes of a whole file, to be laid down again likewise."""

    def size(self, place: str) -> int | None:
        """Return how many bytes a whole file has, None where it is not there."""

    def open(self, place: str, start: int = 0) -> tuple[int, BufferedReader]:
        """Return a whole file's size and a stream of its bytes from there. FileNotFoundError."""

    def discard(self, place: str) -> None:
        """Delete a file, incoming or whole; one that is not there is no failure."""

    def places(self, *, older_than: float) -> Iterator[str]:
        """Return the places of all bytes last written before a moment (seconds since 1970)."""

    def is_public(self) -> bool:
        """Tell whether somebody without a key can read what is here."""


def new_place() -> str:
    """Return a random name of 128 bits."""
    return secrets.token_hex(16)


def spread(place: str) -> str:
    """Return the path of a whole file below the root: 256 folders, soon all there."""
    return f"{place[0]}/{place[1]}/{place}"


def current() -> Storage:
    """Return the storage that files are written to, which also reads where they still lie."""
    return _made(settings.FILES, settings.FILES_ALSO, Path(settings.FILES_ROOT))


def named(name: str) -> Storage:
    """Return one of the two storages by its name. Raises ImproperlyConfigured if none is set."""
    told = [settings.FILES, settings.FILES_ALSO]
    if name == FOLDER:
        return _made(FOLDER, "", Path(settings.FILES_ROOT))
    for one in told:
        if one.startswith("s3://"):
            return _made(one, "", Path(settings.FILES_ROOT))
    raise ImproperlyConfigured("neither SEN_FILES nor SEN_FILES_ALSO names s3://bucket/prefix")


@lru_cache(maxsize=8)
def _made(first: str, also: str, root: Path) -> Storage:
    from sen.kernel.files.adapters.both import Both  # each builds on this module

    storage = _one(first, root)
    if not also or also == first:
        return storage
    return Both(storage, _one(also, root))


def _one(told: str, root: Path) -> Storage:
    from sen.kernel.files.adapters.bucket import Bucket, Door
    from sen.kernel.files.adapters.folder import Folder

    if told in {"", FOLDER}:
        return Folder(root)
    bucket, _slash, prefix = told.removeprefix("s3://").partition("/")
    if not told.startswith("s3://") or not bucket:
        raise ImproperlyConfigured(f"files lie in a folder or at s3://bucket/prefix, not {told!r}")
    return Bucket(Door(bucket=bucket, **settings.S3), prefix.strip("/"))
