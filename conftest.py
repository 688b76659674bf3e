"""The database of the tests: made and migrated by its owner, used as the application's role."""

from __future__ import annotations

import io
import os
import shutil
import socket
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection as current
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as properties

from sen.config import embedded

properties.register_profile("sen", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("sen")
"""A loaded machine is slow; that is no fault of what is tested."""

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
KEEP = ("django_migrations", "django_content_type", "auth_permission", "legal_editions")
"""Tables that tests with real commits leave as migrations made them."""


def owner_connection(name: str) -> psycopg.Connection[tuple[object, ...]]:
    """Open a connection of the owner to a database of that name."""
    owner = settings.DATABASES["owner"]
    return psycopg.connect(
        dbname=name,
        user=owner["USER"],
        password=owner["PASSWORD"],
        host=owner["HOST"],
        port=owner["PORT"] or None,
        autocommit=True,
    )


def drop(maintenance: str, name: str) -> None:
    """Drop a test database; a closed pool's last connection may still be ending."""
    for attempt in range(10):
        try:
            with owner_connection(maintenance) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                return
        except (psycopg.errors.ObjectInUse, psycopg.errors.InsufficientPrivilege):
            time.sleep(0.2 * (attempt + 1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a test that lacks an outside tool fail where CI=true: there every tool is installed."""
    report = yield
    missing = "is missing" in str(call.excinfo) or "is not installed" in str(call.excinfo)
    if report.skipped and missing and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = call.excinfo.exconly() if call.excinfo else ""
    return report


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what names no journey or storm where only they are asked for.

    Reading every file of tests takes longer than many a journey.
    """
    mark = config.option.markexpr.partition(" ")[0]
    if mark not in {"journey", "storm"} or not collection_path.match("test_*.py"):
        return None
    return f"mark.{mark}" not in collection_path.read_text(encoding="utf-8") or None


def turn_to(name: str) -> None:
    """Let every connection of this process lead to the database of that name."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker) -> Iterator[str]:
    """Make and migrate a database of this session's own; `--reuse-db` keeps it.

    Gives the name of the database from which others are made and dropped.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    name = f"{os.environ.get('SEN_TEST_DATABASE', 'test_sen')}{worker}"
    maintenance = settings.DATABASES["owner"]["NAME"]
    reuse = request.config.getoption("reuse_db")
    with django_db_blocker.unblock():
        with owner_connection(maintenance) as connection:
            exists = connection.execute(
                "SELECT FROM pg_database WHERE datname = %s", [name]
            ).fetchone()
            if exists is not None and not reuse:
                drop(maintenance, name)
            if exists is None or not reuse:
                connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        turn_to(name)
        with owner_connection(name) as connection:
            embedded.prepare_database(connection)
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        connections["owner"].close()
        yield maintenance
        turn_to(name)
        if not reuse:
            drop(maintenance, name)


@pytest.fixture(scope="session")
def demo_database(
    django_db_setup, django_db_blocker, tmp_path_factory
) -> Iterator[tuple[str, Path]]:
    """Lay the demo down once: the name of a database of its own, the folder of keys and files."""
    empty, home = settings.DATABASES["default"]["NAME"], tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), copied(empty, "demo", django_db_setup) as name:
        with in_home(home):
            call_command("seed_demo", verbosity=0, stdout=io.StringIO())
        turn_to(empty)
        yield name, home


@pytest.fixture(scope="session")
def province_database(
    demo_database, django_db_setup, django_db_blocker, tmp_path_factory
) -> Iterator[tuple[str, Path]]:
    """Lay every unit of the province with its people down once, beside the demo."""
    from sen.base import clock
    from sen.kernel.organisations import public as organisations

    demo, laid_down = demo_database
    empty, home = settings.DATABASES["default"]["NAME"], tmp_path_factory.mktemp("province")
    shutil.copytree(laid_down, home, dirs_exist_ok=True)
    with django_db_blocker.unblock(), copied(demo, "province", django_db_setup) as name:
        with in_home(home):
            organisations.seed_province(clock.now())
            call_command("seed_demo", verbosity=0, stdout=io.StringIO())
        turn_to(empty)
        yield name, home


@contextmanager
def copied(template: str, what: str, maintenance: str) -> Iterator[str]:
    """Turn to a copy of a database nobody is connected to; drop it afterwards."""
    name = f"{template}_{what}"
    turn_to(name)
    drop(maintenance, name)
    with owner_connection(maintenance) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    with owner_connection(name) as connection:
        embedded.prepare_database(connection)
    yield name
    drop(maintenance, name)


def in_home(home: Path) -> override_settings:
    """Let keys and files lie in a folder."""
    return override_settings(SIGNING_HOME=home / "keys", FILES_ROOT=home / "files")


@contextmanager
def turned(laid_down: tuple[str, Path], home: Path) -> Iterator[None]:
    """Let a block have what was laid down, with keys and files of its own."""
    name, kept = laid_down
    shutil.copytree(kept, home, dirs_exist_ok=True)
    empty = settings.DATABASES["default"]["NAME"]
    with in_home(home):
        turn_to(name)
        yield
        turn_to(empty)


@pytest.fixture(scope="module")
def in_demo(demo_database, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """Turn a module to the demo's database, with keys and files of its own."""
    home = tmp_path_factory.mktemp("home")
    with django_db_blocker.unblock(), turned(demo_database, home):
        yield


@pytest.fixture(scope="module")
def in_province(province_database, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """Turn a module to the whole province; a module that wants it says so by its `in_demo`."""
    home = tmp_path_factory.mktemp("home")
    with django_db_blocker.unblock(), turned(province_database, home):
        yield


@pytest.fixture(scope="module")
def seeded(in_demo) -> Iterator[None]:
    """Give a module the demo; what it writes is undone at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def committed_db(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Let the test commit for real, and empty every table afterwards."""
    with django_db_blocker.unblock():
        yield
        for connection in connections.all(initialized_only=True):
            connection.close()
        name = settings.DATABASES["default"]["NAME"]
        with owner_connection(name) as connection:
            rows = connection.execute(
                "SELECT quote_ident(relname) FROM pg_class WHERE relkind IN ('r', 'p') "
                "AND NOT relispartition AND relnamespace = 'public'::regnamespace "
                "AND relname <> ALL(%s)",
                [list(KEEP)],
            ).fetchall()
            connection.execute(f"TRUNCATE {', '.join(str(row[0]) for row in rows)} CASCADE")


@pytest.fixture
def owner_sql(django_db_setup) -> Iterator[Callable[..., None]]:
    """Return a function that runs SQL as the owner: the hand that alters a row by itself."""
    with owner_connection(settings.DATABASES["default"]["NAME"]) as connection:

        def run(sql: str, *parameters: object) -> None:
            connection.execute(sql, list(parameters))

        yield run


@pytest.fixture(autouse=True, scope="module")
def nothing_remembered_of_others() -> None:
    """Forget before a module lays down what its tests share, which comes before any one test."""
    from sen.kernel.legal import public as legal

    legal.forget()


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Forget what the process remembers under editions: tests roll back, editions then repeat."""
    from sen.kernel.legal import public as legal

    legal.forget()


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else None
        if host is not None and host not in LOOPBACK:
            raise RuntimeError(f"a test tried to reach {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def assert_statements(
    django_assert_num_queries: Callable[[int], AbstractContextManager[CaptureQueriesContext]],
) -> Callable[[int], AbstractContextManager[CaptureQueriesContext]]:
    """Return what asserts how many statements a block runs, that of its gathered writes included.

    A test is within a transaction, where they would wait for whatever the test asks next.
    """

    @contextmanager
    def asserted(number: int) -> Iterator[CaptureQueriesContext]:
        current.run_gathered()
        with django_assert_num_queries(number) as asked:
            yield asked
            current.run_gathered()

    return asserted
