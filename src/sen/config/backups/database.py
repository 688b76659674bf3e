"""The database's part of a backup: a dump of one snapshot, read back and restored by pg_dump's kin.

The dump is pg_dump's own format: it is read by every later version, on any machine, needs no more
rights than the tables' owner has, and reading it back proves each row.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import IsolationLevel, sql
from pyrage import x25519

from sen.base.row_security import SYSTEM
from sen.config import postgresql_place
from sen.config.backups.sealing import Broken, Sealed, unseal
from sen.config.home import CannotStart

OPTIONS = f"-c {SYSTEM}=on -c idle_in_transaction_session_timeout=0"
"""Acts as the system, which sees every row; the snapshot may wait as long as the dump takes."""
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of a database, as a transaction holds it."""

    connection: psycopg.Connection
    name: str
    made_at: str
    server_version: int
    migrations: list[str]
    tables: dict[str, int]

    def files(self) -> Iterator[tuple[str, int, str]]:
        """Yield place, size and digest of every whole file."""
        with self.connection.cursor(name="files") as cursor:
            cursor.itersize = BATCH
            cursor.execute(
                "SELECT place, size, sha256 FROM files_file WHERE state = 'finished' ORDER BY id"
            )
            yield from cursor


@contextmanager
def snapshot(url: str) -> Iterator[Snapshot]:
    """Hold one moment of the database. url: of the tables' owner."""
    with psycopg.connect(url, options=OPTIONS) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        name, made_at = connection.execute(
            "SELECT pg_export_snapshot(), to_char(now() AT TIME ZONE 'UTC',"
            ' \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\')'
        ).fetchone() or ("", "")
        yield Snapshot(
            connection, name, made_at, connection.info.server_version,
            migrations(connection), row_counts(connection),
        )  # fmt: skip


def migrations(connection: psycopg.Connection) -> list[str]:
    """Return the migrations that were applied; none where there is no table of them."""
    if not _is_there(connection, "django_migrations"):
        return []
    found = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    return [row[0] for row in found]


def row_counts(connection: psycopg.Connection) -> dict[str, int]:
    """Return how many rows each table has; partitions each by itself."""
    names = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = 'public'::regnamespace ORDER BY relname"
    ).fetchall()
    counted = {}
    for (name,) in names:
        row = connection.execute(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", name))
        ).fetchone()
        counted[name] = row[0] if row else 0
    return counted


def dump(url: str, snapshot: Snapshot, take: Callable[[IO[bytes]], Sealed]) -> Sealed:
    """Let `take` read the dump of a snapshot. Raises CannotStart with pg_dump's last words."""
    command = [
        str(program("pg_dump")), "--format=custom", "--compress=gzip:4", "--no-password",
        "--enable-row-security", "--lock-wait-timeout=60s", f"--snapshot={snapshot.name}",
    ]  # fmt: skip
    with _running(command, url, stdout=subprocess.PIPE) as process:
        if process.stdout is None:
            raise AssertionError("the pipe was asked for")
        sealed = take(process.stdout)
        _end(process)
    return sealed


@contextmanager
def reading_back() -> Iterator[Callable[[bytes], object]]:
    """Give what a dump is to be written to: it is unpacked to its last row, and thrown away.

    Raises CannotStart where it is no whole dump.
    """
    command = [str(program("pg_restore")), "--format=custom", f"--file={os.devnull}"]
    with _running(command, None, stdin=subprocess.PIPE) as process:
        if process.stdin is None:
            raise AssertionError("the pipe was asked for")
        yield process.stdin.write
        process.stdin.close()
        _end(process)


def restore(url: str, sealed: Path, keys: Sequence[x25519.Identity], app_role: str) -> None:
    """Restore a sealed dump into an empty database, wholly or not at all.

    Raises CannotStart with pg_restore's last words, Broken.
    """
    forget_default_rights(url, app_role)
    command = [
        str(program("pg_restore")), "--format=custom", "--single-transaction", "--exit-on-error",
        "--no-owner", "--no-password", f"--dbname={_without_password(url)}",
    ]  # fmt: skip
    with _running(command, url, stdin=subprocess.PIPE) as process:
        if process.stdin is None:
            raise AssertionError("the pipe was asked for")
        try:
            unseal(sealed, keys, process.stdin.write)
            process.stdin.close()
        except (Broken, BrokenPipeError):
            if process.poll() is None:
                process.kill()  # before it sees an end: its transaction is rolled back
            else:
                _end(process)
            raise
        _end(process)


def pass_on(source: str, target: str) -> None:
    """Let every row of a database go over into an empty one, wholly or not at all.

    source: as its superuser. Raises CannotStart with the last words of whoever failed.
    """
    reads = [str(program("pg_dump")), "--format=custom", "--compress=none", "--no-password"]
    writes = [
        str(program("pg_restore")), "--format=custom", "--single-transaction", "--exit-on-error",
        "--no-owner", "--no-password", f"--dbname={_without_password(target)}",
    ]  # fmt: skip
    with (
        _running(reads, source, stdout=subprocess.PIPE) as reading,
        _running(writes, target, stdin=subprocess.PIPE) as writing,
    ):
        if reading.stdout is None or writing.stdin is None:
            raise AssertionError("the pipes were asked for")
        with suppress(BrokenPipeError):
            shutil.copyfileobj(reading.stdout, writing.stdin, 2**20)
            if reading.wait() == 0:
                writing.stdin.close()
        if reading.poll():
            writing.kill()  # before it sees an end: its transaction is rolled back
            _end(reading)
        _end(writing)


def forget_default_rights(url: str, app_role: str) -> None:
    """Let new tables give no right by themselves: the dump says which the application has."""
    with psycopg.connect(url, autocommit=True) as connection:
        for kind in ("TABLES", "SEQUENCES"):
            connection.execute(
                sql.SQL("ALTER DEFAULT PRIVILEGES REVOKE ALL ON {} FROM {}").format(
                    sql.SQL(kind), sql.Identifier(app_role)
                )
            )


def is_empty(url: str) -> bool:
    """Tell whether the database has no table."""
    with psycopg.connect(url) as connection:
        return not connection.execute(
            "SELECT FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = 'public'::regnamespace LIMIT 1"
        ).fetchall()


def clear(url: str) -> None:
    """Drop everything in the database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP OWNED BY CURRENT_USER CASCADE")


def counts_of(url: str) -> dict[str, int]:
    """Return how many rows each table of a database has now."""
    with psycopg.connect(url, options=OPTIONS) as connection:
        return row_counts(connection)


def forget_files(url: str, places: Sequence[str]) -> None:
    """Delete the rows of free files that were deleted while the copy was made."""
    with psycopg.connect(url, options=OPTIONS, autocommit=True) as connection:
        connection.execute(
            "DELETE FROM files_file WHERE place = ANY(%s) AND owner_id IS NULL", [list(places)]
        )


def program(name: str) -> Path:
    """Return a program of PostgreSQL: of `SEN_POSTGRES_PROGRAMS`, else of the wheel.

    Raises CannotStart where there is none.
    """
    told = os.environ.get("SEN_POSTGRES_PROGRAMS")
    folder = Path(told) if told else postgresql_place.wheel_binaries()
    if not os.access(folder / name, os.X_OK):
        raise CannotStart(f"{folder}: không có {name} · no such program")
    return folder / name


def _is_there(connection: psycopg.Connection, table: str) -> bool:
    found = connection.execute("SELECT to_regclass(%s)", [f"public.{table}"]).fetchone()
    return found is not None and found[0] is not None


def _without_password(url: str) -> str:
    told = psycopg.conninfo.conninfo_to_dict(url)
    told.pop("password", None)
    return psycopg.conninfo.make_conninfo("", **told)


@contextmanager
def _running(
    command: list[str], url: str | None, *, stdin: int | None = None, stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program of PostgreSQL; the password is in its environment, not among its words."""
    told = {**os.environ, "PGOPTIONS": OPTIONS, "LC_ALL": "C"}
    if url is not None:
        told["PGPASSWORD"] = str(psycopg.conninfo.conninfo_to_dict(url).get("password") or "")
        if not any(word.startswith("--dbname=") for word in command):
            command = [*command, f"--dbname={_without_password(url)}"]
    process = subprocess.Popen(
        command, env=told, stdin=stdin or subprocess.DEVNULL, stdout=stdout,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None and not stream.closed:
                with suppress(BrokenPipeError):
                    stream.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait for a program. Raises CannotStart with its last words where it failed."""
    words = process.stderr.read() if process.stderr else b""
    if process.wait():
        name = Path(str(process.args[0] if isinstance(process.args, list) else process.args)).name
        said = words.decode("utf-8", "replace").strip()[-1500:]
        raise CannotStart(f"{name}: {said}")
