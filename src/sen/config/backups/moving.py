"""An embedded database of a former PostgreSQL comes over by dump and restore.

A new major version cannot read the folder of the one before. The package brings the programs of
both for a while: the former serves its folder once more, the new one takes every row, rows are
counted on both sides, and only then the new folder is marked as the home's. The former folder
stays until the operator says that it may go.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg

from sen.config import embedded, postgresql_place, postgresql_process
from sen.config.backups import database
from sen.config.console import Console
from sen.config.home import CannotStart, write
from sen.config.postgresql_database import APP, DATABASE
from sen.config.postgresql_place import Place

MARK = "moved"


def move(home: Path, console: Console) -> bool:
    """Move the database of a former version over, if there is one; return whether there was.

    May be interrupted and run again. Raises CannotStart where something differs.
    """
    former = postgresql_place.former(home)
    if former is None:
        return False
    major = int((former / "data" / "PG_VERSION").read_text(encoding="ascii"))
    console.say(f"PostgreSQL {major} → {postgresql_place.MAJOR}")
    with embedded.running(home, moves=True) as cluster, _serving(home, former, major) as source:
        with console.step("Cơ sở dữ liệu · database"):
            if not database.is_empty(cluster.owner_url):
                database.clear(cluster.owner_url)
            database.forget_default_rights(cluster.owner_url, APP)
            database.pass_on(source, cluster.owner_url)
        with console.step("So số dòng · comparing rows"):
            before, after = database.counts_of(source), database.counts_of(cluster.owner_url)
            wrong = sorted(
                table for table in {*before, *after} if before.get(table) != after.get(table)
            )
            if wrong or not before:
                raise CannotStart(
                    f"Dữ liệu chuyển sang không khớp · rows differ: {', '.join(wrong[:5])}"
                )
        with psycopg.connect(cluster.owner_url, autocommit=True) as connection:
            embedded.prepare_database(connection)
            connection.execute("ANALYZE")
    write(home.resolve() / postgresql_place.LINK / MARK, f"{major}\n")
    console.say(f"{former} còn nguyên · is left as it was; ./sen upgrade --remove-old deletes it")
    return True


def remove_former(home: Path, console: Console) -> None:
    """Delete the folders of former versions whose rows are in the present one.

    Raises CannotStart where nothing was moved.
    """
    for former in postgresql_place.former_folders(home):
        if not (home / postgresql_place.LINK / MARK).exists():
            raise CannotStart(f"{former} chưa được chuyển · was not moved yet: ./sen upgrade")
        link = home / former.name
        shutil.rmtree(former.resolve())
        if link.is_symlink():
            link.unlink()
        console.say(f"- {former}")


@contextmanager
def _serving(home: Path, former: Path, major: int) -> Iterator[str]:
    """Let the former programs serve their folder; give the address, as its superuser."""
    present = postgresql_place.prepare(home)
    socket = present.socket.with_name("former")
    settings = former.resolve() / "settings-to-move"
    settings.mkdir(mode=0o755, exist_ok=True)
    place = replace(
        present,
        data=former.resolve() / "data",
        settings=settings,
        socket=socket,
        binaries=postgresql_place.binaries_for(present, major),
    )
    with _socket(place):
        _write_settings(place)
        url = embedded.address(place.socket, "postgres", "postgres")
        postgresql_process.stop(place.data, place.user.uid)
        postgresql_process.start(place, lambda: embedded.answers(url))
        try:
            yield embedded.address(place.socket, "postgres", DATABASE)
        finally:
            postgresql_process.stop(place.data, place.user.uid)
            shutil.rmtree(settings)


@contextmanager
def _socket(place: Place) -> Iterator[None]:
    place.socket.mkdir(mode=0o700)
    try:
        shutil.chown(place.socket, place.user.uid, place.user.gid)
        yield
    finally:
        shutil.rmtree(place.socket)


def _write_settings(place: Place) -> None:
    write(
        place.settings / "postgresql.conf",
        f"listen_addresses = ''\nport = {embedded.PORT}\n"
        f"unix_socket_directories = '\"{place.socket}\"'\nunix_socket_permissions = 0700\n"
        f"hba_file = '{place.settings / 'pg_hba.conf'}'\n"
        f"ident_file = '{place.settings / 'pg_ident.conf'}'\n",
    )
    write(place.settings / "pg_hba.conf", "local all postgres peer map=sen\n")
    write(place.settings / "pg_ident.conf", embedded.identities(place.user.name))
