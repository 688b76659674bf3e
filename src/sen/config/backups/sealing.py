"""Sealing of backups, in the age format (age-encryption.org): any age program opens them.

What is written is sealed for the recipients, whose keys need not be on this machine, and for a key
that lives as long as this process: with it everything is read back right after it was written.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pyrage
from pyrage import x25519

from sen.config.home import CannotStart, write

KEY = "backup"
"""The name of the key among the secrets of a home."""


class Reader(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most so many bytes, none at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A sealed file. size, sha256: of what is in it; sealed_size, sealed_sha256: of itself."""

    size: int
    sha256: str
    sealed_size: int
    sealed_sha256: str


class Broken(CannotStart):
    """A part of a backup cannot be opened or is not what was written."""


@dataclass(slots=True)
class Count:
    """Counts and digests what flows by, and hands it on."""

    source: Reader | None = None
    target: Callable[[bytes], object] | None = None
    size: int = 0
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes of the source."""
        data = self.source.read(size) if self.source else b""
        self._take(data)
        return data

    def write(self, data: bytes, /) -> int:
        """Hand bytes on to the target."""
        if self.target is not None:
            self.target(data)
        self._take(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def _take(self, data: bytes) -> None:
        self.size += len(data)
        self.digest.update(data)


class Seal:
    """Seals files for the recipients and reads them back."""

    def __init__(self, recipients: Sequence[x25519.Recipient]) -> None:
        self._own = x25519.Identity.generate()
        self._recipients = [*recipients, self._own.to_public()]

    def put(self, source: Reader, path: Path) -> Sealed:
        """Write what the source gives to a new file, flushed to the disk. Raises OSError."""
        plain = Count(source=source)
        with path.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            sealed = Count(target=file.write)
            try:
                pyrage.encrypt_io(plain, sealed, self._recipients)
            except pyrage.EncryptError as error:
                raise OSError(f"{path}: {error}") from error
            file.flush()
            os.fsync(file.fileno())
        return Sealed(
            size=plain.size,
            sha256=plain.digest.hexdigest(),
            sealed_size=sealed.size,
            sealed_sha256=sealed.digest.hexdigest(),
        )

    def check(
        self, path: Path, written: Sealed, *, target: Callable[[bytes], object] | None = None
    ) -> None:
        """Read a file back from the disk and open it. Raises Broken if it is not what was written.

        target: is given what was in it, to look into.
        """
        forget_pages(path)
        found = unseal(path, [self._own], target)
        if (found.size, found.digest.hexdigest()) != (written.size, written.sha256):
            raise Broken(f"{path}: đọc lại khác với lúc ghi · reads back other than written")


def unseal(
    path: Path,
    keys: Sequence[x25519.Identity],
    target: Callable[[bytes], object] | None = None,
) -> Count:
    """Open a sealed file, hand its bytes on, and return their count and digest. Raises Broken.

    What was handed on before it raised may be wrong: the caller throws it away.
    """
    found = Count(target=target)
    try:
        with path.open("rb") as file:
            pyrage.decrypt_io(file, found, list(keys))
    except (pyrage.DecryptError, OSError, ValueError) as error:
        raise Broken(f"{path}: không mở được · cannot be opened: {error}") from error
    return found


def forget_pages(path: Path) -> None:
    """Let the next read of a file come from the disk instead of memory."""
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex. Raises Broken if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Broken(f"{path}: {error.strerror}") from error


def recipients(home: Path) -> list[x25519.Recipient]:
    """Return for whom backups are sealed: `SEN_BACKUP_RECIPIENTS`, or the key among the secrets.

    The key is made at the first use. Raises CannotStart for a recipient that is none.
    """
    told = os.environ.get("SEN_BACKUP_RECIPIENTS", "")
    if not told:
        return [_own_key(home).to_public()]
    try:
        return [x25519.Recipient.from_str(one.strip()) for one in told.split(",")]
    except pyrage.RecipientError as error:
        raise CannotStart(
            f"SEN_BACKUP_RECIPIENTS: cần các khóa age1… · age recipients are needed: {error}"
        ) from error


def _own_key(home: Path) -> x25519.Identity:
    path = home / "secrets" / KEY
    if not path.exists():
        write(path, f"{x25519.Identity.generate()}\n", mode=0o600, replace=False)
    return keys_in(path)[0]


def keys(home: Path, given: Path | None) -> list[x25519.Identity]:
    """Return the keys that open backups: of the file given, else of the home's secrets.

    Raises CannotStart where there is none.
    """
    path = given or home / "secrets" / KEY
    if not path.exists():
        raise CannotStart(
            f"Thiếu khóa mở bản sao lưu: {path} · the key that opens backups is missing "
            "(--key FILE, or put the secrets of the installation into the home)"
        )
    return keys_in(path)


def keys_in(path: Path) -> list[x25519.Identity]:
    """Return the age keys of a file. Raises CannotStart where it holds none."""
    lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    try:
        found = [
            x25519.Identity.from_str(line.strip()) for line in lines if line.startswith("AGE-")
        ]
    except pyrage.IdentityError as error:
        raise CannotStart(f"{path}: {error}") from error
    if not found:
        raise CannotStart(f"{path}: không có khóa AGE-SECRET-KEY · holds no age key")
    return found


def open_small(path: Path, keys: Sequence[x25519.Identity]) -> bytes:
    """Return what is in a small sealed file. Raises Broken."""
    pieces: list[bytes] = []
    unseal(path, keys, pieces.append)
    return b"".join(pieces)
