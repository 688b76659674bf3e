"""The storage on disk: bytes under random names, written aside, flushed, and only then named.

`FILES_ROOT/tmp/<place>` while a file is coming in, `FILES_ROOT/a/b/<place>` once it is whole: 256
folders, soon all there, so that a new file seldom needs a new folder flushed to the disk.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import ClassVar

from sen.kernel.files.adapters.storage import FOLDER, Held, NoSpace, spread

TEMPORARY = "tmp"
_MODE = 0o640
_FOLDER_MODE = 0o750


class Folder:
    """The folder of this installation, or one that several machines share."""

    name: ClassVar[str] = FOLDER
    writes_ahead: ClassVar[bool] = False

    def __init__(self, root: Path) -> None:
        """Take the folder; it is made with the first file."""
        self.root = root

    def temporary(self, place: str) -> Path:
        """Return where a file lies while it is coming in."""
        return self.root / TEMPORARY / place

    def final(self, place: str) -> Path:
        """Return where a whole file lies."""
        return self.root / spread(place)

    def write_at(self, place: str, offset: int, data: bytes) -> None:
        """Write a piece at its offset; what stood behind the offset is cut off.

        Raises NoSpace, after which the file ends at the offset again; ValueError if the file is
        shorter than the offset.
        """
        path = self.temporary(place)
        with full_disk_in_words():
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

    def received(self, place: str) -> int:
        """Return how many bytes of an incoming file are here."""
        try:
            return self.temporary(place).stat().st_size
        except FileNotFoundError:
            return 0

    @contextmanager
    def hold(self, place: str, data: bytes | None = None) -> Iterator[Held]:
        """Give a whole incoming file to be looked into, written aside first if it came at once."""
        if data is None:
            yield _Aside(self, place, self.temporary(place))
            return
        try:
            self.write_at(place, 0, data)
            yield _Aside(self, place, self.temporary(place))
        except BaseException:
            self.discard(place)
            raise

    def put(self, place: str, data: bytes, sha256: str) -> None:
        """Write a whole file aside, flushed, then named. Raises NoSpace, after which it is gone."""
        with self.hold(place, data) as held:
            held.keep(sha256)

    def settle(self, place: str) -> None:
        """Flush an incoming file to the disk and give it its final name, for good.

        Raises FileNotFoundError if there is no such incoming file, NoSpace.
        """
        source, target = self.temporary(place), self.final(place)
        with full_disk_in_words():
            _flush(source)
            above = (target.parent.parent, target.parent)
            fresh = [folder for folder in above if not folder.exists()]
            target.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
            source.rename(target)
            _flush(target.parent)
            for folder in fresh:
                _flush(folder.parent)

    def put_quickly(self, place: str, data: bytes) -> None:
        """Write a whole file without flushing it, for what can be laid down again."""
        self.write_at(place, 0, data)
        target = self.final(place)
        with full_disk_in_words():
            target.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
            self.temporary(place).rename(target)

    def put_alike(self, place: str, alike: str) -> None:
        """Give a place the bytes of a whole file: a second name where the disk can do that.

        Not flushed: for what can be laid down again. Raises FileNotFoundError, NoSpace.
        """
        root = f"{self.root}/"  # as text: paths cost more than the second name itself
        with full_disk_in_words():
            try:
                os.link(root + spread(alike), root + spread(place))
            except OSError:  # no folder yet, or the disk has no second names or no more of them
                source, target = self.final(alike), self.final(place)
                target.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
                shutil.copyfile(source, target)

    def size(self, place: str) -> int | None:
        """Return how many bytes a whole file has, None where it is not there."""
        try:
            return self.final(place).stat().st_size
        except FileNotFoundError:
            return None

    def open(self, place: str, start: int = 0) -> tuple[int, BufferedReader]:
        """Return a whole file's size and a stream of its bytes. Raises FileNotFoundError."""
        stream = self.final(place).open("rb")
        stream.seek(start)
        return os.fstat(stream.fileno()).st_size, stream

    def discard(self, place: str) -> None:
        """Delete a file, incoming or whole; one that is not there is no failure."""
        self.temporary(place).unlink(missing_ok=True)
        self.final(place).unlink(missing_ok=True)

    def places(self, *, older_than: float) -> Iterator[str]:
        """Return the places of all bytes last written before a moment (seconds since 1970)."""
        for path in sorted(self.root.glob("?/?/*")) + sorted((self.root / TEMPORARY).glob("*")):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < older_than:
                    yield path.name

    def is_public(self) -> bool:
        """Tell whether every user of the machine may look into the folder."""
        return False


@dataclass(slots=True)
class _Aside:
    """An incoming file in the folder."""

    folder: Folder
    place: str
    path: Path

    def keep(self, sha256: str) -> None:
        """Flush it and give it its final name."""
        del sha256  # a disk is asked for no digest; `files verify` counts it again
        self.folder.settle(self.place)


@contextmanager
def full_disk_in_words() -> Iterator[None]:
    """Turn a full disk into NoSpace."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise NoSpace from error
        raise


def _write(descriptor: int, data: bytes, offset: int) -> None:
    rest = memoryview(data)
    while rest:
        written = os.pwrite(descriptor, rest, offset)
        rest, offset = rest[written:], offset + written


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
