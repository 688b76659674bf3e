"""The storage on disk: bytes under random names, written aside, flushed, and only then named.

`FILES_ROOT/tmp/<place>` while a file is coming in, `FILES_ROOT/a/b/<place>` once it is whole: 256
folders, soon all there, so that a new file seldom needs a new folder flushed to the disk.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from django.conf import settings

from sen.base.errors import Unavailable

TEMPORARY = "tmp"
_MODE = 0o640
_FOLDER_MODE = 0o750


class NoSpace(Unavailable):
    """The disk is full; what was there before is whole, what was being written is gone."""

    code: ClassVar[str] = "no_space"
    default: ClassVar[str] = (
        "Máy chủ tạm thời hết chỗ lưu tệp nên chưa nhận được tệp này. Những gì bạn đã gửi trước đó "
        "vẫn còn nguyên. Vui lòng thử lại sau ít phút."
    )


def new_place() -> str:
    """Return a random name of 128 bits."""
    return secrets.token_hex(16)


def temporary(place: str) -> Path:
    """Return where a file lies while it is coming in."""
    return Path(settings.FILES_ROOT) / TEMPORARY / place


def final(place: str) -> Path:
    """Return where a whole file lies."""
    return Path(settings.FILES_ROOT) / place[0] / place[1] / place


@contextlib.contextmanager
def _room() -> Iterator[None]:
    """Turn a full disk into words."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise NoSpace from error
        raise


def write_at(place: str, offset: int, data: bytes) -> None:
    """Write a piece of an incoming file at its offset; what stood behind the offset is cut off.

    Raises NoSpace, after which the file ends at the offset again; ValueError if the file is
    shorter than the offset.
    """
    path = temporary(place)
    with _room():
        path.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)
        try:
            if os.fstat(descriptor).st_size < offset:
                raise ValueError("the file is shorter than the offset")
            os.ftruncate(descriptor, offset)
            try:
                _write(descriptor, data, offset)
            except OSError:
                os.ftruncate(descriptor, offset)
                raise
        finally:
            os.close(descriptor)


def _write(descriptor: int, data: bytes, offset: int) -> None:
    rest = memoryview(data)
    while rest:
        written = os.pwrite(descriptor, rest, offset)
        rest, offset = rest[written:], offset + written


def write_aside(place: str, data: bytes) -> Path:
    """Write a whole incoming file and return its path. Raises NoSpace, after which it is gone."""
    try:
        write_at(place, 0, data)
    except NoSpace:
        discard(place)
        raise
    return temporary(place)


def size_aside(place: str) -> int:
    """Return how many bytes of an incoming file are here."""
    try:
        return temporary(place).stat().st_size
    except FileNotFoundError:
        return 0


def settle(place: str) -> None:
    """Flush an incoming file to the disk and give it its final name, for good.

    Raises FileNotFoundError if there is no such incoming file, NoSpace.
    """
    source, target = temporary(place), final(place)
    with _room():
        _flush(source)
        fresh = [folder for folder in (target.parent.parent, target.parent) if not folder.exists()]
        target.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
        source.rename(target)
        _flush(target.parent)
        for folder in fresh:
            _flush(folder.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def settle_unflushed(place: str) -> None:
    """Give an incoming file its final name; not flushed, for what can be laid down again."""
    target = final(place)
    with _room():
        target.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
        temporary(place).rename(target)


def settle_alike(place: str, alike: str) -> None:
    """Give a place the bytes of a whole file: a second name of them where the disk can do that.

    Not flushed: for what can be laid down again. Raises FileNotFoundError, NoSpace.
    """
    source, target = final(alike), final(place)
    with _room():
        try:
            os.link(source, target)
        except OSError:  # the folder is missing, or the disk has no second names or no more of them
            target.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
            shutil.copyfile(source, target)


def size(place: str) -> int | None:
    """Return how many bytes a whole file has, None where it is not there."""
    try:
        return final(place).stat().st_size
    except FileNotFoundError:
        return None


def discard(place: str) -> None:
    """Delete a file, incoming or whole; one that is not there is no failure."""
    temporary(place).unlink(missing_ok=True)
    final(place).unlink(missing_ok=True)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hex, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def places(*, older_than: float) -> Iterator[str]:
    """Return the places of all bytes last written before a moment (seconds since 1970)."""
    root = Path(settings.FILES_ROOT)
    for path in sorted(root.glob("?/?/*")) + sorted((root / TEMPORARY).glob("*")):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < older_than:
                yield path.name
