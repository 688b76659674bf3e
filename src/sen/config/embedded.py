"""PostgreSQL for those who have none: the programs of a Python wheel, run as our own server.

The doors: `ensure_running`, `running`, `stop`, `urls`, `secret`, `prepare_database`,
`check_server`. `python -m sen.config.embedded start|stop|status` is the operator's.
"""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from sen.config import postgresql_database, postgresql_place, postgresql_process
from sen.config.home import (
    CannotStart,
    check_ours,
    claim,
    home_from_environment,
    lock,
    reset,
    secret,
    write,
)
from sen.config.postgresql_database import APP, DATABASE, OWNER, check_server, prepare_database
from sen.config.postgresql_place import Place

__all__ = [
    "CannotStart", "Cluster", "Urls", "check_server", "ensure_running", "prepare_database",
    "remove", "running", "secret", "stop", "urls",
]  # fmt: skip

PORT = 5432
"""Part of the socket's name; nothing listens on the network."""


@dataclass(frozen=True)
class Urls:
    """The two addresses of a database, by role."""

    owner: str
    app: str


@dataclass(frozen=True)
class Cluster:
    """A running embedded server."""

    pid: int
    data: Path
    socket_dir: Path
    port: int
    server_version: int
    """As PostgreSQL counts: 180004 is 18.4."""
    started: bool
    """Whether this call started it; False when it ran already."""
    owner_url: str
    app_url: str


def urls(home: Path) -> Urls:
    """Return the addresses of a home's database, whether it runs or not."""
    home = home.resolve()
    folder = postgresql_place.socket_folder(home)
    return Urls(
        owner=address(folder, OWNER, DATABASE, secret(home, "database-owner")),
        app=address(folder, APP, DATABASE, secret(home, "database-app")),
    )


def ensure_running(home: Path, *, moves: bool = False) -> Cluster:
    """Return the server of this home, made, adopted, restarted or started as needed.

    moves: the rows of a former major version are about to be moved over; without it a home that
    has such rows is not given an empty database beside them.
    Safe to call from several processes at once. Raises CannotStart.
    """
    home = claim(home)
    with lock(home, "postgresql"):
        if not moves and (old := postgresql_place.former(home)) is not None:
            raise CannotStart(
                f"Dữ liệu còn ở PostgreSQL cũ · the data is in a former PostgreSQL ({old}): "
                "./sen upgrade"
            )
        place = postgresql_place.prepare(home)
        if not (place.data / "PG_VERSION").exists():
            postgresql_process.make(place)
        is_changed = _write_settings(place)
        superuser = address(place.socket, "postgres", "postgres")
        pid = postgresql_process.find(place.data, place.user.uid)
        if pid is not None and (is_changed or not answers(superuser)):
            postgresql_process.stop(place.data, place.user.uid)
            pid = None
        started = pid is None
        if started:
            postgresql_process.start(place, lambda: answers(superuser))
        addresses = urls(home)
        if started or not (answers(addresses.owner) and answers(addresses.app)):
            _make_usable(superuser, home, addresses)
        pid = postgresql_process.find(place.data, place.user.uid)
        if pid is None:
            raise CannotStart("PostgreSQL dừng ngay sau khi khởi động · stopped after its start")
    try:
        with psycopg.connect(addresses.app) as connection:
            server_version = connection.info.server_version
    except psycopg.OperationalError as error:
        raise CannotStart(f"PostgreSQL không trả lời · does not answer: {error}") from error
    return Cluster(
        pid, place.data, place.socket, PORT, server_version, started, addresses.owner, addresses.app
    )


@contextmanager
def running(home: Path, *, moves: bool = False) -> Iterator[Cluster]:
    """Keep the server of this home running; the last user to leave stops it."""
    path = claim(home) / "run" / "postgresql.users"
    with path.open("a", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        try:
            yield ensure_running(home, moves=moves)
        finally:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                stop(home)


def is_running(home: Path) -> bool:
    """Return whether the server of this home runs; cheap, asks nothing of it."""
    data = postgresql_place.existing_data(home)
    return data is not None and postgresql_process.find(data, data.stat().st_uid) is not None


def stop(home: Path) -> bool:
    """Stop the server of this home; return whether one was running."""
    home = home.resolve()
    data = postgresql_place.existing_data(home)
    if data is None:
        return False
    with lock(home, "postgresql"):
        return postgresql_process.stop(data, data.stat().st_uid)


def remove(home: Path) -> None:
    """Stop the server and delete everything Sen keeps in this home, the database included.

    Raises CannotStart, with nothing touched, if the home is not wholly Sen's.
    """
    home = home.resolve()
    check_ours(home)
    stop(home)
    postgresql_place.discard(home)
    reset(home)


def _make_usable(superuser: str, home: Path, addresses: Urls) -> None:
    postgresql_database.ensure(
        superuser,
        owner_password=secret(home, "database-owner"),
        app_password=secret(home, "database-app"),
    )
    with psycopg.connect(addresses.owner, autocommit=True) as connection:
        prepare_database(connection)


def address(folder: Path, role: str, database: str, password: str = "") -> str:
    """Return an address that only a server of the expected system user can answer."""
    peer = postgresql_place.system_user().name
    place = f"host={quote(str(folder), safe='')}&port={PORT}&requirepeer={quote(peer)}"
    return f"postgresql://{role}:{quote(password)}@/{database}?{place}"


def answers(url: str) -> bool:
    """Tell whether a server takes connections at an address."""
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _write_settings(place: Place) -> bool:
    """Write the server's three files; return whether one changed."""
    texts = {
        "postgresql.conf": _settings(place),
        "pg_hba.conf": (
            "local all,replication postgres peer map=sen\nlocal all all scram-sha-256\n"
        ),
        "pg_ident.conf": identities(place.user.name),
    }
    changes = [write(place.settings / name, text) for name, text in texts.items()]
    return any(changes)


def identities(server: str) -> str:
    """Return pg_ident.conf: the server's user and this one may be its superuser."""
    me = pwd.getpwuid(os.geteuid()).pw_name
    return "".join(f'sen "{name}" postgres\n' for name in sorted({me, server}))


def _settings(place: Place) -> str:
    """Return postgresql.conf: durable, for two cores and up, an eighth of memory for its cache."""
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    cores = os.cpu_count() or 1
    values: dict[str, object] = {
        "listen_addresses": "",
        "port": PORT,
        "unix_socket_directories": '"' + str(place.socket).replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
        "hba_file": place.settings / "pg_hba.conf",
        "ident_file": place.settings / "pg_ident.conf",
        "external_pid_file": "",
        "max_connections": 100,
        "password_encryption": "scram-sha-256",
        "shared_buffers": f"{min(max(memory_mb // 8, 128), 2048)}MB",
        "effective_cache_size": f"{max(memory_mb // 2, 256)}MB",
        "work_mem": "8MB",
        "maintenance_work_mem": f"{min(max(memory_mb // 32, 64), 512)}MB",
        "max_parallel_workers_per_gather": min(cores // 4, 4),
        "jit": "off",
        "random_page_cost": 1.1,
        "fsync": os.environ.get("SEN_POSTGRES_FSYNC", "on"),
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "wal_compression": "pglz",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "idle_in_transaction_session_timeout": "5min",
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "postgresql-%a.log",
        "log_rotation_age": "1d",
        "log_truncate_on_rotation": "on",
        "log_line_prefix": "%m [%p] %u ",
        "log_min_duration_statement": "1s",
        "log_parameter_max_length": 0,
        "log_parameter_max_length_on_error": 0,
        "timezone": "UTC",
        "log_timezone": "Asia/Ho_Chi_Minh",
        "lc_messages": "C",
    }
    lines = [
        f"{name} = '{str(value).replace(chr(39), chr(39) * 2)}'" for name, value in values.items()
    ]
    return "\n".join([f"# Written by Sen at every start; programs: {place.binaries}", *lines, ""])


def main(words: list[str]) -> int:
    """Start, stop or show the server of this home; addresses are printed as one line of JSON."""
    home = home_from_environment()
    try:
        if words == ["start"]:
            cluster = ensure_running(home)
            sys.stdout.write(json.dumps({"owner": cluster.owner_url, "app": cluster.app_url}))
        elif words == ["stop"]:
            stop(home)
        else:
            sys.stderr.write("python -m sen.config.embedded start|stop\n")
            return 2
    except CannotStart as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
