"""The server process of the embedded PostgreSQL: found, started, stopped.

A process is ours when its command line names our data folder and it runs as our system user. A
number in a left-over `postmaster.pid` proves nothing: after a kill or a restart of the machine it
may belong to anybody, so only a proven server is ever signalled, through a descriptor that cannot
change hands.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

from sen.config.home import CannotStart
from sen.config.postgresql_place import Place

START_SECONDS = 600
"""Recovery after a hard stop may take long; the wait ends earlier when the process does."""
ORPHAN_SECONDS = 30
STOP_SECONDS = 60

_started: list[subprocess.Popen[bytes]] = []
"""Servers begun by this process, kept to be reaped."""


class Identity(TypedDict, total=False):
    """As whom a process is started, as `subprocess` takes it; empty for "as this one"."""

    user: int
    group: int
    extra_groups: list[int]


def find(data: Path, uid: int) -> int | None:
    """Return the process id of the running server of this data folder, if there is one.

    Raises CannotStart where it lives and cannot be seen: to take it for dead would end it.
    """
    _reap()
    try:
        pid = int((data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None
    if _is_hidden(pid):
        raise CannotStart(
            f"PostgreSQL ({pid}) đang chạy nhưng tiến trình này không nhìn thấy được · it runs and "
            "cannot be seen from here: this unit needs ProtectProc=default"
        )
    return pid if _is_server(pid, data, uid) else None


def make(place: Place) -> None:
    """Make the data folder; an interrupted attempt leaves nothing that looks finished."""
    new = place.data.with_name("data.new")
    if new.exists():
        shutil.rmtree(new)
    new.mkdir(mode=0o700)
    os.chown(new, place.user.uid, place.user.gid)
    as_user(
        place,
        [
            str(place.binaries / "initdb"), "-D", str(new), "-U", "postgres",
            "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            "--locale=C", "--data-checksums", "--auth-local=peer", "--auth-host=reject",
        ],
    )  # fmt: skip
    new.rename(place.data)


def start(place: Place, ready: Callable[[], bool]) -> None:
    """Start the server and wait until `ready`.

    Raises CannotStart with the server's own last words.
    """
    log = place.home / "logs" / "postgresql-start.log"
    until = time.monotonic() + ORPHAN_SECONDS
    while True:
        _drop_stale_pid_file(place)
        process = _spawn(place, log)
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if ready():
                _started.append(process)
                return
            time.sleep(0.02)
        if process.poll() is None:
            process.terminate()
            process.wait()
        words = log.read_text(encoding="utf-8", errors="replace")[-1500:].strip()
        # Children of a killed server hold its memory until they notice; then it starts.
        if "shared memory block" not in words or time.monotonic() > until:
            raise CannotStart(f"PostgreSQL không khởi động được · did not start:\n{words}")
        time.sleep(0.2)


def stop(data: Path, uid: int) -> bool:
    """Stop the server of this data folder, rolling back what is open; return whether one ran."""
    pid = find(data, uid)
    if pid is None:
        return False
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return False
    try:
        if not _is_server(pid, data, uid):
            return False
        for number, seconds in (
            (signal.SIGINT, STOP_SECONDS),
            (signal.SIGQUIT, 10),
            (signal.SIGKILL, 10),
        ):
            signal.pidfd_send_signal(descriptor, number)
            if select.select([descriptor], [], [], seconds)[0]:
                break
    except ProcessLookupError:
        pass
    finally:
        os.close(descriptor)
    _reap()
    return True


def as_user(place: Place, command: list[str]) -> str:
    """Run a program as the server's system user and return what it printed.

    Raises CannotStart with its last words, or where that user cannot reach the program.
    """
    try:
        result = subprocess.run(
            command, check=False, cwd="/", env=_environment(), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, errors="replace", start_new_session=True,
            **_identity(place),
        )  # fmt: skip
    except PermissionError as error:
        raise CannotStart(
            f"Người dùng {place.user.name} không vào được thư mục của PostgreSQL · "
            f"cannot enter the folder of PostgreSQL (SEN_POSTGRES_FOLDER): {command[0]}"
        ) from error
    if result.returncode:
        raise CannotStart(f"{command[0]}: {(result.stderr or result.stdout)[-1500:].strip()}")
    return result.stdout


def _spawn(place: Place, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            [
                str(place.binaries / "postgres"), "-D", str(place.data),
                "-c", f"config_file={place.settings / 'postgresql.conf'}",
            ],
            cwd="/", env=_environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, umask=0o077, **_identity(place),
        )  # fmt: skip


def _drop_stale_pid_file(place: Place) -> None:
    """Remove the pid files of a dead server: the server would trust any living process of its user.

    One is in the data, one beside the socket; a killed server that nobody has reaped yet counts as
    living too. Safe, because the server also refuses to start while a child of the dead one lives.
    """
    if find(place.data, place.user.uid) is None:
        (place.data / "postmaster.pid").unlink(missing_ok=True)
        for beside in place.socket.glob(".s.PGSQL.*.lock"):
            beside.unlink(missing_ok=True)


def _is_hidden(pid: int) -> bool:
    """Tell whether a process of this user lives that /proc does not show.

    systemd's ProtectProc=invisible hides whoever has a right that this process has not.
    """
    if _proc(pid).exists():
        return False
    try:
        os.kill(pid, 0)
    except OSError:  # nobody, or somebody else's
        return False
    return True


def _proc(pid: int) -> Path:
    return Path(f"/proc/{pid}")


def _is_server(pid: int, data: Path, uid: int) -> bool:
    try:
        process = _proc(pid)
        words = process.joinpath("cmdline").read_bytes().split(b"\0")
        is_ours = process.stat().st_uid == uid
    except OSError:
        return False
    return is_ours and Path(os.fsdecode(words[0])).name == "postgres" and os.fsencode(data) in words


def _identity(place: Place) -> Identity:
    if os.geteuid() != 0:
        return {}
    return {"user": place.user.uid, "group": place.user.gid, "extra_groups": []}


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _reap() -> None:
    _started[:] = [process for process in _started if process.poll() is None]
