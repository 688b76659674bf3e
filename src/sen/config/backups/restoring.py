"""Restoring a backup into a home: checked first, whole or not at all, verified afterwards."""

from __future__ import annotations

import io
import os
import tarfile
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg
from pyrage import x25519

from sen.config.backups import database, making, sealing, shelf
from sen.config.backups.sealing import Broken
from sen.config.backups.shelf import Backup, Contents
from sen.config.console import Console
from sen.config.home import CannotStart
from sen.kernel.files import public as files

PROGRESS_SECONDS = 10.0


def check_fits(backup: Backup, url: str, app_url: str, known: set[str]) -> None:
    """Check that this server and these sources can take the backup. Raises CannotStart.

    known: the migrations of these sources as `app.name`.
    """
    contents = backup.contents
    newer = sorted(set(contents.migrations) - known)
    if newer:
        raise CannotStart(
            f"Bản sao lưu của phiên bản mới hơn ({contents.sen}) · the backup is of a newer "
            f"version of Sen, which has {', '.join(newer[:3])}"
        )
    role = psycopg.conninfo.conninfo_to_dict(app_url).get("user")
    if role != contents.app_role:
        raise CannotStart(
            f"Vai trò của ứng dụng phải là {contents.app_role} · the application's role must be "
            f"called {contents.app_role}, as in the backup; here it is {role}"
        )
    with psycopg.connect(url) as connection:
        if connection.info.server_version // 10_000 < contents.server_version // 10_000:
            raise CannotStart(
                "PostgreSQL cũ hơn bản sao lưu · the server is older than the backup's"
            )


def make_room(home: Path, files_root: Path, url: str, *, replace: bool) -> None:
    """Check that nothing is here, or put what is here away. Raises CannotStart.

    replace: drop what the database holds; files and keys are moved aside, not deleted.
    """
    filled = [
        folder
        for folder in (files_root, *(home / part for part in making.PARTS))
        if folder.is_dir() and any(path.is_file() for path in folder.rglob("*"))
    ]
    is_empty = database.is_empty(url)
    if not replace and not (is_empty and not filled):
        what = ", ".join(["PostgreSQL"] * (not is_empty) + [str(folder) for folder in filled])
        raise CannotStart(
            f"Nơi này đã có dữ liệu, không ghi đè · there is data here already ({what}); "
            "--replace puts it away"
        )
    if not is_empty:
        database.clear(url)
    for folder in filled:
        aside = folder.with_name(f"{folder.name}.replaced-{time.strftime('%Y%m%dT%H%M%S')}")
        folder.rename(aside)


def restore(
    home: Path, backup: Backup, url: str, keys: Sequence[x25519.Identity], console: Console
) -> None:
    """Restore database, files and keys. Raises CannotStart, Broken.

    The database comes whole or not at all; interrupted later, the same call with --replace begins
    again.
    """
    with console.step("Kiểm tra bản sao lưu · checking"):
        shelf.check_outside(backup)
        packed = sealing.open_small(backup.folder / shelf.HOME, keys)
    with console.step("Cơ sở dữ liệu · database"):
        database.restore(url, backup.folder / shelf.DATABASE, keys, backup.contents.app_role)
        _check_rows(backup.contents, database.counts_of(url))
    with console.step("Tệp · files"):
        _restore_files(backup, keys, console)
        database.forget_files(url, backup.contents.gone)
    _unpack(packed, home)


def _unpack(packed: bytes, home: Path) -> None:
    """Write the home's part of a backup: its owner's folders and files, nothing else.

    By hand, since the filters of `tarfile` are younger than the Python of Debian 12 (3.11.2).
    Raises Broken where something would lie outside of the home, before anything is written.
    """
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        members = archive.getmembers()
        for one in members:
            is_plain = one.isfile() or one.isdir()
            if not is_plain or not (home / one.name).resolve().is_relative_to(home.resolve()):
                raise Broken(f"{one.name}: không phải tệp của Sen · no file of Sen's home")
        for one in members:
            path = home / one.name
            folder = path if one.isdir() else path.parent
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            content = archive.extractfile(one)
            if content is not None:
                _write(path, content.read(), mode=one.mode & 0o700)


def _write(path: Path, content: bytes, *, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        file.write(content)


def _check_rows(contents: Contents, found: dict[str, int]) -> None:
    wrong = sorted(
        table
        for table in {*contents.tables, *found}
        if contents.tables.get(table) != found.get(table)
    )
    if wrong:
        raise Broken(
            f"Số dòng khác với bản sao lưu · rows differ from the backup: {', '.join(wrong[:5])}"
        )


def _restore_files(backup: Backup, keys: Sequence[x25519.Identity], console: Console) -> None:
    told_at = time.monotonic()
    for count, (place, size) in enumerate(backup.listed(), 1):
        if not files.is_kept(place, size):
            data = sealing.open_small(shelf.sealed_file(backup.folder.parent, place), keys)
            if len(data) != size:
                raise Broken(f"{place}: sai độ dài · of another length")
            files.bring_back(place, data)
        if time.monotonic() - told_at > PROGRESS_SECONDS:
            told_at = time.monotonic()
            console.say(f"\n    {count} / {backup.contents.files} tệp · files")


def verify(backup: Backup, keys: Sequence[x25519.Identity]) -> int:
    """Open every part and every file of a backup; return how many files. Raises Broken."""
    shelf.check_outside(backup)
    with database.reading_back() as take:
        found = sealing.unseal(backup.folder / shelf.DATABASE, keys, take)
    if found.digest.hexdigest() != backup.contents.database.sha256:
        raise Broken(f"{backup.folder / shelf.DATABASE}: đã hỏng · damaged")
    sealing.open_small(backup.folder / shelf.HOME, keys)
    count = 0
    for place, size in backup.listed():
        path = shelf.sealed_file(backup.folder.parent, place)
        if sealing.unseal(path, keys).size != size:
            raise Broken(f"{path}: sai độ dài · of another length")
        count += 1
    return count
