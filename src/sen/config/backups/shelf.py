"""The folder that backups are kept in: whole ones, their files, one writer at a time.

20261122T021000Z/   one backup: manifest.json, database.age, home.age, files.gz
files/ab/<place>.age  contents of files, each once for all backups: their bytes never change
.new-…              a backup being written; .old-… one being deleted
"""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sen.config.backups.sealing import Broken, Sealed, digest_of
from sen.config.home import CannotStart, write

MARK = ".sen-backups"
MANIFEST = "manifest.json"
DATABASE = "database.age"
HOME = "home.age"
LIST = "files.gz"
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a backup holds, as its manifest says; no personal data.

    made_at: ISO 8601; the moment of the database's snapshot. migrations: `app.name` of each that
    was applied. tables: rows by table. app_role: the application's role, named in the dump.
    fields_key: by which one knows the secret that opens sealed answers. list_sha256: of the list of
    files. gone: places whose free files were deleted while the copy was made.
    """

    sen: str
    made_at: str
    server_version: int
    app_role: str
    fields_key: str
    migrations: list[str]
    tables: Mapping[str, int]
    database: Sealed
    home: Sealed
    files: int
    files_size: int
    list_sha256: str
    gone: list[str] = field(default_factory=list)
    took_s: float = 0.0
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """How many rows the database had."""
        return sum(self.tables.values())

    @property
    def size(self) -> int:
        """Bytes in all, those of files written by earlier backups included."""
        return self.database.sealed_size + self.home.sealed_size + self.files_size


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole backup on a shelf."""

    folder: Path
    contents: Contents

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.folder.name

    def listed(self) -> Iterator[tuple[str, int]]:
        """Yield place and size of each file."""
        with gzip.open(self.folder / LIST, "rt", encoding="ascii") as lines:
            for line in lines:
                place, size = line.split()
                yield place, int(size)


def sealed_file(shelf: Path, place: str) -> Path:
    """Return where the sealed bytes of a file lie."""
    return shelf / "files" / place[:2] / f"{place}.age"


@contextmanager
def opened(shelf: Path) -> Iterator[None]:
    """Hold a shelf as its only writer, made if missing; what a dead writer left is swept away.

    Raises CannotStart where it cannot be written, is somebody else's, or is held.
    """
    try:
        shelf.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (shelf / MARK).exists():
            if any(shelf.iterdir()):
                raise CannotStart(
                    f"{shelf} không trống và không phải kho sao lưu của Sen · is not empty and no "
                    "folder of Sen's backups"
                )
            write(shelf / MARK, json.dumps({"format": FORMAT}) + "\n", mode=0o600)
        (shelf / "files").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise CannotStart(f"{shelf}: không ghi được · cannot be written: {error}") from error
    with (shelf / MARK).open("a", encoding="ascii") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"{shelf}: một lần sao lưu khác đang chạy · another backup is being made"
            ) from None
        _sweep(shelf)
        yield


def _sweep(shelf: Path) -> None:
    for half in (*shelf.glob(".new-*"), *shelf.glob(".old-*")):
        shutil.rmtree(half)


def finish(folder: Path, contents: Contents, name: str) -> Backup:
    """Write the manifest last and give a new backup its name, for good."""
    manifest = folder / MANIFEST
    write(manifest, json.dumps(asdict(contents), indent=1) + "\n", mode=0o600)
    flush(folder)
    target = folder.with_name(name)
    folder.rename(target)
    flush(target.parent)
    return Backup(target, contents)


def flush(folder: Path) -> None:
    """Let the names in a folder reach the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(folder: Path) -> Backup:
    """Return the backup in a folder. Raises Broken if it is none, or of another format."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Broken(f"{folder}: không phải bản sao lưu · no backup: {error}") from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise Broken(f"{folder}: khuôn dạng lạ · of another format than {FORMAT}")
    for part in ("database", "home"):
        told[part] = Sealed(**told[part])
    return Backup(folder, Contents(**told))


def backups(shelf: Path) -> list[Backup]:
    """Return the whole backups of a shelf, the newest first."""
    folders = [one.parent for one in shelf.glob(f"[0-9]*/{MANIFEST}")]
    return [read(folder) for folder in sorted(folders, reverse=True)]


def find(path: Path) -> Backup:
    """Return a backup by its folder, or the newest of a shelf. Raises Broken."""
    if (path / MARK).exists():
        found = backups(path)
        if not found:
            raise Broken(f"{path}: chưa có bản sao lưu nào · holds no backup yet")
        return found[0]
    return read(path)


def check_outside(backup: Backup) -> None:
    """Check what can be checked without a key: digests of the parts. Raises Broken."""
    for name, expected in (
        (DATABASE, backup.contents.database.sealed_sha256),
        (HOME, backup.contents.home.sealed_sha256),
        (LIST, backup.contents.list_sha256),
    ):
        if digest_of(backup.folder / name) != expected:
            raise Broken(f"{backup.folder / name}: đã hỏng · damaged")


def prune(shelf: Path, *, keep: int) -> list[str]:
    """Delete all backups but the newest so many, then the files that none of those names.

    Returns the names of those deleted.
    """
    found = backups(shelf)
    old = found[keep:]
    for backup in old:
        aside = backup.folder.with_name(f".old-{backup.name}")
        backup.folder.rename(aside)
        shutil.rmtree(aside)
    if old:
        _drop_unnamed(shelf, found[:keep])
    return [backup.name for backup in old]


def _drop_unnamed(shelf: Path, kept: Iterable[Backup]) -> None:
    named = {place for backup in kept for place, _size in backup.listed()}
    for path in (shelf / "files").glob("*/*.age"):
        if path.stem not in named:
            path.unlink()
