"""An external server that archives its log comes back to a moment, as docs/operations.md says."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from sen.config import postgresql_place
from sen.config.backups import database
from tests.storms.installation import ROOT, until

pytestmark = pytest.mark.storm

ARCHIVE = "test ! -f {wal}/%f && cp %p {wal}/.%f && sync {wal}/.%f && mv {wal}/.%f {wal}/%f"
"""The words of docs/operations.md, with their folder."""


class Server:
    """A server of an operator's own, from the wheel's programs, as a user that is not root."""

    def __init__(self, folder: Path, **told: str) -> None:
        self.folder = folder
        self.told = {"PATH": os.environ["PATH"], **told}
        self.data = folder / "data"
        self.place = postgresql_place.prepare(folder / "programs")
        (folder / "wal").mkdir()
        for path in (folder, folder / "wal"):
            path.chmod(0o755)
            os.chown(path, self.place.user.uid, self.place.user.gid)

    def run(self, program: str, *words: str) -> None:
        identity = (
            {"user": self.place.user.uid, "group": self.place.user.gid, "extra_groups": []}
            if os.geteuid() == 0
            else {}
        )
        with (self.folder / "said").open("ab") as said:
            subprocess.run(
                [str(self.place.binaries / program), *words], check=True, cwd="/", stdout=said,
                stderr=said, stdin=subprocess.DEVNULL, env=self.told, **identity,
            )  # fmt: skip

    def make(self) -> None:
        self.run(
            "initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
        )  # fmt: skip
        self.settle(
            f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\nfsync = off\n"
            f"archive_mode = on\narchive_timeout = 60\n"
            f"archive_command = '{ARCHIVE.format(wal=self.folder / 'wal')}'\n"
        )

    def settle(self, text: str) -> None:
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(text)

    def start(self) -> None:
        self.run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"), "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.data), "-w", "-m", "fast", "stop")

    def url(self, name: str = "postgres", role: str = "postgres") -> str:
        return f"postgresql://{role}@/{name}?host={self.folder}"

    def rows(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url("sen"), autocommit=True) as connection:
            cursor = connection.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def server(**told: str) -> Iterator[Server]:
    """Give a server with its roles and an empty database. told: of its programs' environment."""
    folder = Path(tempfile.mkdtemp(prefix="sen-moment-"))
    made = Server(folder, **told)
    try:
        made.make()
        made.start()
        with psycopg.connect(made.url(), autocommit=True) as connection:
            for role in ("sen_owner", "sen_app"):
                connection.execute(f"CREATE ROLE {role} LOGIN")
            connection.execute("CREATE DATABASE sen OWNER sen_owner")
        yield made
    finally:
        if (made.data / "postmaster.pid").exists():
            made.stop()
        postgresql_place.discard(folder / "programs")
        shutil.rmtree(folder)


def test_server_comes_back_to_the_moment_between_two_writes():
    with server() as own:
        own.rows("CREATE TABLE written (what text)")
        own.run(
            "pg_basebackup", "--pgdata", str(own.folder / "base"), "--checkpoint", "fast",
            "--wal-method", "none", "--host", str(own.folder), "--username", "postgres",
        )  # fmt: skip
        own.rows("INSERT INTO written VALUES ('before')")
        [(moment,)] = own.rows("SELECT clock_timestamp()::text")
        time.sleep(0.1)
        own.rows("INSERT INTO written VALUES ('by mistake')")
        [(name,)] = own.rows("SELECT pg_walfile_name(pg_switch_wal())")
        until((own.folder / "wal" / str(name)).exists, 60)

        own.stop()
        own.data.rename(own.folder / "aside")
        (own.folder / "base").rename(own.data)
        own.settle(
            f"restore_command = 'cp {own.folder / 'wal'}/%f %p'\n"
            f"recovery_target_time = '{moment}'\nrecovery_target_action = promote\n"
        )
        (own.data / "recovery.signal").touch()
        own.start()

        until(lambda: own.rows("SELECT pg_is_in_recovery()") == [(False,)], 60)
        assert own.rows("SELECT what FROM written") == [("before",)]


def test_words_of_the_documentation_are_those_that_were_tried():
    written = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

    assert f"archive_command = '{ARCHIVE.format(wal='/mnt/wal')}'" in written
    assert "recovery_target_action = promote" in written


def test_dump_of_an_external_server_sees_its_owners_rows():
    """The owner is bound by row security too; as the system he sees every row."""
    with server() as own:
        owner = own.url("sen", "sen_owner")
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute("CREATE TABLE closed (id int)")
            connection.execute("CREATE TABLE files_file (place text, size int, sha256 text,"
                               " state text, id int)")  # fmt: skip
            connection.execute("INSERT INTO closed SELECT generate_series(1, 5)")
            connection.execute("ALTER TABLE closed ENABLE ROW LEVEL SECURITY")
            connection.execute("ALTER TABLE closed FORCE ROW LEVEL SECURITY")
            connection.execute(
                "CREATE POLICY p ON closed USING (current_setting('sen.system', true) = 'on')"
            )
        with database.snapshot(owner) as snapshot:
            assert snapshot.tables == {"closed": 5, "files_file": 0}
            assert list(snapshot.files()) == []
            assert snapshot.migrations == []
