"""Making a backup: the database first, then the files, so that each file a row names is in it."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import tarfile
import time
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psycopg

from sen.config.backups import database, homes, sealing, shelf
from sen.config.backups.database import Snapshot
from sen.config.backups.sealing import Broken, Seal, Sealed
from sen.config.backups.shelf import Backup, Contents
from sen.config.console import Console
from sen.kernel.files import public as files

PARTS = ("signing",)
"""What of a home goes with database and files; secrets never do."""
PROGRESS_SECONDS = 10.0


@dataclass(slots=True)
class Files:
    """What the copying of files came to."""

    count: int = 0
    size: int = 0
    new: int = 0
    new_size: int = 0
    gone: list[str] = field(default_factory=list)


def make(home: Path, place: Path, url: str, app_url: str, console: Console) -> Backup:
    """Write a backup, read it back, and only then give it its name.

    url: of the tables' owner. Raises CannotStart, OSError where it fails: then nothing is left that
    looks like a backup, and those made before are as they were.
    """
    began = time.monotonic()
    seal = Seal(sealing.recipients(home))
    folder = place / f".new-{time.time_ns()}"
    folder.mkdir(mode=0o700)
    try:
        contents = _write(home, place, folder, url, app_url, seal=seal, console=console)
        contents["took_s"] = round(time.monotonic() - began, 1)
        return shelf.finish(folder, Contents(**contents), _name(str(contents["made_at"])))  # type: ignore[arg-type]  # by name
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _name(made_at: str) -> str:
    digits = made_at.replace("-", "").replace(":", "")
    return digits.split(".")[0] + "Z"


def _write(
    home: Path, place: Path, folder: Path, url: str, app_url: str, *, seal: Seal, console: Console
) -> dict[str, object]:
    with database.snapshot(url) as snapshot:
        with console.step("Cơ sở dữ liệu · database"):
            dump = _dump(url, snapshot, folder / shelf.DATABASE, seal)
        with console.step("Tệp · files"):
            copied = _copy_files(snapshot, place, folder, seal, console)
        made: dict[str, object] = {
            "made_at": snapshot.made_at,
            "server_version": snapshot.server_version,
            "migrations": snapshot.migrations,
            "tables": snapshot.tables,
        }
    with console.step("Khóa ký · signing keys"):
        rest = _pack(home, folder / shelf.HOME, seal)
    console.say(
        f"  {copied.count} tệp · files, {copied.new} mới · new ({copied.new_size / 1e6:.1f} MB)"
    )
    return made | {
        "sen": sen_version(),
        "app_role": psycopg.conninfo.conninfo_to_dict(app_url).get("user"),
        "fields_key": homes.fields_key(home),
        "database": dump,
        "home": rest,
        "files": copied.count,
        "files_size": copied.size,
        "list_sha256": sealing.digest_of(folder / shelf.LIST),
        "gone": copied.gone,
    }


def _dump(url: str, snapshot: Snapshot, path: Path, seal: Seal) -> Sealed:
    dump = database.dump(url, snapshot, lambda stream: seal.put(stream, path))
    with database.reading_back() as take:
        seal.check(path, dump, target=take)
    return dump


def _copy_files(
    snapshot: Snapshot, place: Path, folder: Path, seal: Seal, console: Console
) -> Files:
    """Seal the files that no earlier backup sealed, and list all of them."""
    copied = Files()
    told_at = time.monotonic()
    with gzip.open(folder / shelf.LIST, "wt", encoding="ascii", compresslevel=4) as listed:
        for name, size, sha256 in snapshot.files():
            sealed = shelf.sealed_file(place, name)
            if not (sealed.exists() and sealed.stat().st_size > size):
                if not _copy(name, sha256, folder / "file", sealed, seal):
                    copied.gone.append(name)
                    continue
                copied.new += 1
                copied.new_size += size
            listed.write(f"{name} {size}\n")
            copied.count += 1
            copied.size += size
            if time.monotonic() - told_at > PROGRESS_SECONDS:
                told_at = time.monotonic()
                console.say(f"\n    {copied.count} tệp · files, {copied.size / 1e6:.0f} MB")
    (folder / shelf.LIST).chmod(0o600)
    with (folder / shelf.LIST).open("rb") as written:
        os.fsync(written.fileno())
    _check_gone(copied.gone, snapshot)
    return copied


def _copy(name: str, sha256: str, aside: Path, sealed: Path, seal: Seal) -> bool:
    """Seal one file, read it back, and give it its place; return whether it was there.

    Raises Broken where its bytes are not those that were taken in.
    """
    try:
        stream = files.copy_out(name)
    except FileNotFoundError:
        return False
    with stream:
        written = seal.put(stream, aside)
    if written.sha256 != sha256:
        raise Broken(
            f"{name}: nội dung khác với lúc nhận · is not what was taken in; ./sen files verify"
        )
    seal.check(aside, written)
    sealed.parent.mkdir(exist_ok=True, mode=0o700)
    aside.rename(sealed)
    return True


def _check_gone(gone: list[str], snapshot: Snapshot) -> None:
    """Check that files without bytes were free ones. Raises Broken.

    Free ones may be deleted while the copy is made; a file of a record may not.
    """
    owned = snapshot.connection.execute(
        "SELECT place FROM files_file WHERE place = ANY(%s) AND owner_id IS NOT NULL", [gone]
    ).fetchall()
    if owned:
        raise Broken(
            f"{len(owned)} tệp của hồ sơ không còn trong kho · files of records are missing from "
            f"the storage: {', '.join(row[0] for row in owned[:5])}; ./sen files verify"
        )


def _pack(home: Path, path: Path, seal: Seal) -> Sealed:
    """Seal what else of the home belongs to it; a few small files, never written in the clear."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for part in PARTS:
            if (home / part).is_dir():
                archive.add(home / part, arcname=part)
    packed.seek(0)
    written = seal.put(packed, path)
    seal.check(path, written)
    return written


def sen_version() -> str:
    """Return the version of Sen: installed, or of the sources."""
    try:
        return version("sen")
    except PackageNotFoundError:
        project = Path(__file__).parents[4] / "pyproject.toml"
        lines = project.read_text(encoding="utf-8").splitlines() if project.exists() else []
        found = [line.split('"')[1] for line in lines if line.startswith("version = ")]
        return found[0] if found else ""
