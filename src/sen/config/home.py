"""The folder that holds all state of one installation (`SEN_HOME`), its secrets and its locks."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MARK = ".sen-home"
"""Present in a folder that Sen filled itself, so that `--reset` deletes nobody else's files."""

PARTS = (
    "postgresql-18", "files", "lake", "logs", "run", "secrets", "signing", "simulators", "static",
)  # fmt: skip
"""What Sen keeps in a home, and all that `--reset` deletes."""
TEST_HOME = "test"
"""The home of the test runs, inside; a reset leaves it alone."""
BENCH_HOMES = "bench"
"""Holds installations that are measured, each a home of its own; a reset leaves it alone."""


class CannotStart(Exception):
    """Something outside Sen stops it from starting; the text says what, for the person there."""


def home_from_environment() -> Path:
    """Return the home this process is to use: `SEN_HOME`, or `var` beside the sources."""
    return Path(os.environ.get("SEN_HOME") or Path(__file__).parents[3] / "var").resolve()


def claim(home: Path) -> Path:
    """Return the home, made if missing, and marked as Sen's if nobody else's files are in it.

    Raises CannotStart where the folder cannot be used by this system user.
    """
    home = home.resolve()
    try:
        if not home.exists():
            home.mkdir(parents=True, mode=0o755)
        owner = home.stat().st_uid
        if os.geteuid() == 0 and owner != 0 and (home / MARK).exists():
            raise CannotStart(
                f"{home} thuộc người dùng khác, hãy chạy Sen bằng người dùng đó · "
                f"belongs to another user (uid {owner}): run Sen as that user or set SEN_HOME"
            )
        if not (home / MARK).exists() and {entry.name for entry in home.iterdir()} <= {
            *PARTS,
            TEST_HOME,
            BENCH_HOMES,
        }:
            write(home / MARK, "Sen keeps its state here.\n")
        for part in ("run", "logs", "secrets"):
            (home / part).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise CannotStart(
            f"Không dùng được thư mục {home} · cannot use this folder: {error.strerror}"
        ) from error
    return home


def check_ours(home: Path) -> None:
    """Check that everything in this home is Sen's to delete.

    Raises CannotStart if the folder held other things when Sen first came to it.
    """
    if home.exists() and not (home / MARK).exists():
        raise CannotStart(
            f"{home} không do Sen lập nên, không xóa · was not made by Sen, nothing was deleted"
        )


def reset(home: Path) -> None:
    """Delete what Sen keeps in this home, and nothing else.

    Raises CannotStart as `check_ours` does.
    """
    check_ours(home)
    for part in PARTS:
        path = home / part
        if part == "run" and path.is_dir():
            _empty(path)
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _empty(run: Path) -> None:
    """Delete what is in the folder but the locks, which others may be holding."""
    for path in run.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.suffix not in {".lock", ".users"}:
            path.unlink()


def secret(home: Path, name: str) -> str:
    """Return a secret of this installation, made on first use (256 bits, readable by its owner).

    name: `database-owner`, `database-app`, `django`, `fields`, …; `SEN_SECRET_FIELDS` in the
    environment stands before the file `secrets/fields`.
    """
    from_environment = os.environ.get("SEN_SECRET_" + name.upper().replace("-", "_"))
    if from_environment:
        return from_environment
    path = home / "secrets" / name
    if not path.exists():
        claim(home)
        write(path, secrets.token_urlsafe(32), mode=0o600, replace=False)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise CannotStart(
            f"Người khác đọc được {path} · others can read this secret: chmod 600 it, or renew it"
        )
    return path.read_text(encoding="ascii").strip()


def write(path: Path, text: str, *, mode: int = 0o644, replace: bool = True) -> bool:
    """Write a small file so that a reader sees the old or the new text; return whether it changed.

    replace: False leaves a file that is already there.
    """
    if path.exists() and (not replace or path.read_text(encoding="utf-8") == text):
        return False
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            temporary.replace(path)
            return True
        try:
            path.hardlink_to(temporary)
        except FileExistsError:
            return False
        return True
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def lock(home: Path, name: str) -> Iterator[None]:
    """Hold a lock of this home; it ends with the process however that ends."""
    path = claim(home) / "run" / f"{name}.lock"
    with path.open("a", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
