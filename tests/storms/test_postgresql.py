"""The embedded PostgreSQL under everything that happens to a process on a real machine."""

from __future__ import annotations

import os
import pickle
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sen.config import embedded
from sen.config.home import CannotStart, secret
from tests.storms.installation import is_alive

pytestmark = pytest.mark.storm

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="takes another user's place")


@contextmanager
def new_home() -> Iterator[Path]:
    """Give a home that every user can reach, and that leaves nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="sen storm "))
    folder.chmod(0o755)
    try:
        yield folder / "var"
    finally:
        embedded.remove(folder / "var")
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def lasting_home() -> Iterator[Path]:
    """Give one home to the tests that leave it as it was: its first start takes seconds."""
    with new_home() as home:
        yield home


@pytest.fixture
def home() -> Iterator[Path]:
    with new_home() as home:
        yield home


def as_user(name: str, function: Callable[..., Any], *arguments: object) -> Any:
    """Run a function as another user of this machine and return its result."""
    entry = pwd.getpwnam(name)
    read, write = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of others are not used there
        pid = os.fork()
    if pid == 0:
        try:
            os.setgroups([])
            os.setgid(entry.pw_gid)
            os.setuid(entry.pw_uid)
            result: tuple[bool, object] = (True, function(*arguments))
        except BaseException as error:  # noqa: BLE001 - told to the parent, whatever it was
            result = (False, f"{type(error).__name__}: {error}")
        os.write(write, pickle.dumps(result))
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        data = pipe.read()
    os.waitpid(pid, 0)
    is_well, value = pickle.loads(data)
    if not is_well:
        raise AssertionError(value)
    return value


def query(url: str, statement: str) -> Any:
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def kill_hard(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    while is_alive(pid):
        time.sleep(0.01)


# -- One server, as it should be


def test_server_is_what_the_design_says(lasting_home):
    cluster = embedded.ensure_running(lasting_home)

    settings = {
        name: query(cluster.app_url, f"SHOW {name}")
        for name in (
            "listen_addresses",
            "data_checksums",
            "fsync",
            "synchronous_commit",
            "server_encoding",
        )
    }
    assert settings == {
        "listen_addresses": "",
        "data_checksums": "on",
        "fsync": "on",
        "synchronous_commit": "on",
        "server_encoding": "UTF8",
    }
    assert cluster.server_version >= 180_000
    assert embedded.check_server(cluster.owner_url, cluster.app_url) == []
    order = "SELECT string_agg(n, ' ' ORDER BY n) FROM unnest(ARRAY['Ấn','An','Đặng','Bình']) n"
    assert query(cluster.app_url, order) == "An Bình Đặng Ấn"
    # A password is asked for even here: the socket alone opens nothing.
    with pytest.raises(psycopg.OperationalError, match="password"):
        query(cluster.app_url.replace(secret(lasting_home, "database-app"), "wrong"), "SELECT 1")


def test_application_uses_what_the_owner_makes_and_makes_nothing(lasting_home):
    cluster = embedded.ensure_running(lasting_home)
    query(
        cluster.owner_url,
        "DROP TABLE IF EXISTS thing; CREATE TABLE thing (id bigserial PRIMARY KEY, name text)",
    )

    query(cluster.app_url, "INSERT INTO thing (name) VALUES ('a')")
    assert query(cluster.app_url, "SELECT count(*) FROM thing") == 1
    for forbidden in ("CREATE TABLE mine (id int)", "DROP TABLE thing", "TRUNCATE thing"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            query(cluster.app_url, forbidden)
    # Safe to repeat, and gives nothing back that a migration took away.
    query(cluster.owner_url, "REVOKE UPDATE ON thing FROM sen_app")
    with psycopg.connect(cluster.owner_url, autocommit=True) as connection:
        embedded.prepare_database(connection)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        query(cluster.app_url, "UPDATE thing SET name = 'b'")


def test_check_names_each_fault(lasting_home):
    cluster = embedded.ensure_running(lasting_home)
    query(cluster.owner_url, "CREATE TABLE IF NOT EXISTS thing (id int)")

    faults = embedded.check_server(cluster.owner_url, cluster.owner_url)

    assert [fault.split(" · ")[1].split(":")[0] for fault in faults] == [
        "the application's role owns tables"
    ]


def test_socket_is_private_and_short(lasting_home):
    cluster = embedded.ensure_running(lasting_home)

    status = cluster.socket_dir.stat()
    assert stat.S_IMODE(status.st_mode) == 0o700
    assert len(os.fsencode(cluster.socket_dir)) <= 90
    assert status.st_uid == Path(f"/proc/{cluster.pid}").stat().st_uid != 0


# -- Found again


def test_second_start_adopts_the_running_server(lasting_home):
    first = embedded.ensure_running(lasting_home)
    second = embedded.ensure_running(lasting_home)

    assert second.started is False
    assert second.pid == first.pid


def test_starts_at_once_make_one_server(home):
    command = [sys.executable, "-m", "sen.config.embedded", "start"]
    told = {**os.environ, "SEN_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    with ThreadPoolExecutor(4) as pool:
        results = list(
            pool.map(
                lambda _: subprocess.run(command, check=False, env=told, capture_output=True),
                range(4),
            )
        )

    assert [result.returncode for result in results] == [0] * 4, results
    assert len({result.stdout for result in results}) == 1
    assert embedded.ensure_running(home).started is False


def test_killed_server_is_started_again_with_its_data(lasting_home):
    first = embedded.ensure_running(lasting_home)
    query(first.owner_url, "CREATE TABLE kept (id int)")
    query(first.app_url, "INSERT INTO kept VALUES (7)")
    kill_hard(first.pid)
    assert embedded.is_running(lasting_home) is False

    second = embedded.ensure_running(lasting_home)

    assert second.started
    assert query(second.app_url, "SELECT id FROM kept") == 7


def test_stranger_with_the_stale_number_is_left_alone(lasting_home):
    cluster = embedded.ensure_running(lasting_home)
    pid_file = cluster.data / "postmaster.pid"
    text = pid_file.read_text()
    kill_hard(cluster.pid)
    uid = cluster.data.stat().st_uid
    stranger = subprocess.Popen(["sleep", "60"], **({"user": uid} if os.geteuid() == 0 else {}))
    try:
        pid_file.write_text(text.replace(str(cluster.pid), str(stranger.pid), 1))

        assert embedded.is_running(lasting_home) is False
        assert embedded.stop(lasting_home) is False
        assert embedded.ensure_running(lasting_home).started
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_server_that_nobody_can_reach_is_restarted(lasting_home):
    first = embedded.ensure_running(lasting_home)
    for path in first.socket_dir.iterdir():
        path.unlink()

    second = embedded.ensure_running(lasting_home)

    assert second.started
    assert query(second.app_url, "SELECT 1") == 1
    assert not is_alive(first.pid)


def test_changed_settings_restart_the_server(lasting_home, monkeypatch):
    embedded.ensure_running(lasting_home)
    monkeypatch.setenv("SEN_POSTGRES_FSYNC", "off")

    cluster = embedded.ensure_running(lasting_home)

    assert cluster.started
    assert query(cluster.app_url, "SHOW fsync") == "off"


def test_interrupted_first_start_is_repaired(home):
    embedded.ensure_running(home)
    embedded.stop(home)
    data = Path(os.path.realpath(home / "postgresql-18")) / "data"
    data.rename(data.with_name("data.new"))

    assert embedded.ensure_running(home).started


def test_lost_secrets_are_made_again(lasting_home):
    embedded.ensure_running(lasting_home)
    shutil.rmtree(lasting_home / "secrets")

    cluster = embedded.ensure_running(lasting_home)

    assert query(cluster.app_url, "SELECT 1") == 1


def test_last_user_stops_the_server(home):
    with embedded.running(home):
        with embedded.running(home):
            pass
        assert embedded.is_running(home)

    assert not embedded.is_running(home)


def test_server_outlives_the_process_that_started_it(home):
    command = [sys.executable, "-m", "sen.config.embedded", "start"]
    told = {**os.environ, "SEN_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run(command, check=True, env=told, stdout=subprocess.DEVNULL)

    assert embedded.ensure_running(home).started is False
    assert embedded.stop(home) is True
    assert embedded.stop(home) is False


# -- Under load

POOL_LOOP = """
import threading, time
from django.conf import settings
from sen.config import settings as sens
settings.configure(DATABASES=sens.DATABASES, USE_TZ=True)
from django.db import close_old_connections, connection
def loop():
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            word = "+"
        except Exception:
            word = "-"
        close_old_connections()
        print(word, end="", flush=True)
        time.sleep(0.005)
for _ in range(4):
    threading.Thread(target=loop).start()
"""


def test_pool_of_connections_recovers_when_the_server_was_killed(lasting_home):
    """Once the server is back, not one query fails on a connection of the dead one."""
    first = embedded.ensure_running(lasting_home)
    told = {**os.environ, "SEN_HOME": str(lasting_home), "PYTHONPATH": os.pathsep.join(sys.path)}
    client = subprocess.Popen(
        [sys.executable, "-c", POOL_LOOP], env=told, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert client.stdout is not None
    try:
        assert set(client.stdout.read(200)) == set(b"+")
        kill_hard(first.pid)
        embedded.ensure_running(lasting_home)
        # What failed while it was away may still be in the pipe; then only good news follows.
        deadline = time.monotonic() + 20
        good = 0
        while good < 500:
            good = good + 1 if client.stdout.read(1) == b"+" else 0
            assert time.monotonic() < deadline
    finally:
        client.kill()
        client.communicate()


# -- Root and others


@needs_root
def test_root_changes_no_mode_of_a_foreign_folder(home):
    def modes() -> dict[Path, int]:
        return {
            path: path.stat().st_mode for path in [*home.parents, Path("/var/lib"), Path("/var")]
        }

    before = modes()

    cluster = embedded.ensure_running(home)

    assert modes() == before
    assert cluster.data.stat().st_uid == pwd.getpwnam("nobody").pw_uid
    programs = Path(f"/proc/{cluster.pid}/exe").readlink()
    assert programs.stat().st_uid == 0


@needs_root
def test_removed_home_leaves_nothing(home):
    data = embedded.ensure_running(home).data

    embedded.remove(home)

    assert not data.parent.exists()
    assert {path.name for path in home.iterdir()} == {".sen-home", "run"}


def test_home_with_other_things_loses_nothing_by_a_reset(home):
    home.mkdir()
    (home / "thesis.odt").touch()
    cluster = embedded.ensure_running(home)

    with pytest.raises(CannotStart, match="nothing was deleted"):
        embedded.remove(home)

    assert query(cluster.app_url, "SELECT 1") == 1
    (home / "thesis.odt").unlink()
    embedded.stop(home)
    (home / ".sen-home").touch()


@needs_root
def test_home_that_was_deleted_by_hand_begins_empty(home):
    first = embedded.ensure_running(home)
    query(first.owner_url, "CREATE TABLE kept (id int)")
    embedded.stop(home)
    shutil.rmtree(home)

    second = embedded.ensure_running(home)

    assert second.data != first.data
    assert query(second.owner_url, "SELECT to_regclass('kept') IS NULL") is True
    shutil.rmtree(first.data.parent)


@needs_root
def test_moved_home_keeps_its_data_and_a_copy_is_refused(home):
    first = embedded.ensure_running(home)
    embedded.stop(home)
    moved = home.with_name("moved")
    home.rename(moved)
    assert embedded.ensure_running(moved).data == first.data
    embedded.stop(moved)

    shutil.copytree(moved, home, symlinks=True)
    with pytest.raises(CannotStart, match="is a copy"):
        embedded.ensure_running(home)
    (home / "postgresql-18").unlink()
    embedded.remove(moved)


@needs_root
def test_two_users_and_root_run_side_by_side(home):
    embedded.ensure_running(home)  # and everything is imported that a forked child needs
    others = {}
    for name in ("nobody", "daemon"):
        place = home.parent / f"of {name}"
        place.mkdir()
        os.chown(place, pwd.getpwnam(name).pw_uid, -1)
        others[name] = place / "var"
    try:
        for name, place in others.items():
            assert as_user(name, start_and_ask, place) == pwd.getpwnam(name).pw_uid
        # Nobody enters another's server, not even by its address with the password.
        with pytest.raises(AssertionError, match=r"OperationalError|Permission"):
            as_user("daemon", query, embedded.urls(home).app, "SELECT 1")
        assert query(embedded.urls(home).app, "SELECT 1") == 1
    finally:
        for name, place in others.items():
            as_user(name, embedded.remove, place)


def start_and_ask(place: Path) -> int:
    cluster = embedded.ensure_running(place)
    assert query(cluster.app_url, "SELECT 1") == 1
    return Path(f"/proc/{cluster.pid}").stat().st_uid


@needs_root
def test_long_path_gets_a_short_private_socket(home):
    embedded.ensure_running(home)
    place = home.parent / "of nobody"
    place.mkdir()
    os.chown(place, pwd.getpwnam("nobody").pw_uid, -1)
    long = place / ("rất dài " * 12) / "var"
    try:
        assert as_user("nobody", start_and_ask, long) == pwd.getpwnam("nobody").pw_uid
        socket_dir = as_user("nobody", os.path.realpath, long / "run" / "postgresql")
        assert socket_dir.startswith("/tmp/sen-")
        assert stat.S_IMODE(Path(socket_dir).stat().st_mode) == 0o700
    finally:
        as_user("nobody", embedded.remove, long)
    assert not Path(socket_dir).exists()


@needs_root
def test_home_of_another_user_is_refused_to_root(home):
    place = home.parent / "of nobody"
    place.mkdir()
    os.chown(place, pwd.getpwnam("nobody").pw_uid, -1)
    embedded.ensure_running(home)
    as_user("nobody", start_and_ask, place / "var")
    try:
        with pytest.raises(CannotStart, match="belongs to another user"):
            embedded.ensure_running(place / "var")
    finally:
        as_user("nobody", embedded.remove, place / "var")


@needs_root
def test_a_folder_that_the_servers_user_cannot_reach_is_said(home, monkeypatch):
    hidden = home.parent / "hidden"
    hidden.mkdir(mode=0o700)
    monkeypatch.setenv("SEN_POSTGRES_FOLDER", str(hidden / "postgresql"))

    with pytest.raises(CannotStart, match="cannot enter the folder of PostgreSQL"):
        embedded.ensure_running(home)


@needs_root
def test_root_itself_is_no_user_for_the_server(lasting_home, monkeypatch):
    monkeypatch.setenv("SEN_POSTGRES_USER", "root")

    with pytest.raises(CannotStart, match="root"):
        embedded.ensure_running(lasting_home)
