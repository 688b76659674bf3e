"""What is asked of a home before it is copied or filled; nothing here needs Django."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sen.config.backups.shelf import Backup
from sen.config.home import CannotStart, claim, secret


@contextmanager
def sole(home: Path, name: str) -> Iterator[None]:
    """Hold a lock of this home. Raises CannotStart where another process holds it."""
    path = claim(home) / "run" / f"{name}.lock"
    with path.open("a", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"{name}: một lần khác đang chạy · another one is running ({path})"
            ) from None
        yield


@contextmanager
def idle(home: Path) -> Iterator[None]:
    """Let no supervisor run in this home meanwhile. Raises CannotStart where one does."""
    descriptor = os.open(claim(home), os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise CannotStart(f"Sen đang chạy ở {home}, hãy dừng · Sen runs there, stop it") from None
    finally:
        os.close(descriptor)


def check_secrets(home: Path, backup: Backup, *, without_secrets: bool) -> None:
    """Check that the home has the secret that opens the backup's sealed answers.

    Comes before anything makes new secrets. Raises CannotStart.
    """
    path = home / "secrets" / "fields"
    told = os.environ.get("SEN_SECRET_FIELDS")
    if told is None and path.exists():
        told = path.read_text(encoding="ascii").strip()
    if without_secrets:
        return
    if told is None:
        raise CannotStart(
            f"Thiếu {path}: hãy đặt thư mục secrets/ của bản cài đặt cũ vào đây · put secrets/ of "
            "the former installation here; without it sealed answers stay sealed "
            "(--without-secrets restores the rest)"
        )
    if fingerprint(told) != backup.contents.fields_key:
        raise CannotStart(
            f"{path} không phải khóa của bản sao lưu này · is another installation's key"
        )


def fields_key(home: Path) -> str:
    """Return by what one knows the secret that opens sealed answers, without telling it."""
    return fingerprint(secret(home, "fields"))


def fingerprint(key: str) -> str:
    """Return by what one knows a secret."""
    return hmac.new(key.encode(), b"the key of a backup", hashlib.sha256).hexdigest()[:16]
