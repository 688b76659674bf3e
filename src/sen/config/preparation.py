"""What stands between a started database and a first page: tables, assets, in the demo its people.

A program of its own so that the supervisor stays small: `python -m sen.config.preparation [demo]`.
Each step prints one line `BEGIN text` before and `END` after, which the supervisor shows; a line
`SAY text` is shown when everything runs.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import psycopg
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from sen.base import locks
from sen.config.backups import homes, upgrading
from sen.config.console import Console
from sen.config.home import write

OWNER = "owner"


def main(words: list[str]) -> None:
    """Migrate as the owner, collect the assets if one changed, seed in the demo.

    Outside the demo: bring in what this version has; without a province, say how to begin.
    `rolling`, beside old processes: their assets stay. One machine at a time prepares a database.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sen.config.settings")
    django.setup()
    _collect_assets(keeps_old="rolling" in words)
    with _alone():
        _prepare_tables(words)


def _prepare_tables(words: list[str]) -> None:
    if "migrate" in words and _has_migrations():
        if "demo" not in words and not settings.DEMO:
            _back_up()
        _begin("Bảng dữ liệu · tables")
        call_command("migrate", database=OWNER, interactive=False, verbosity=0)
        _end()
    if "migrate" in words:
        call_command("partitions", verbosity=0)
    if "demo" in words:
        _begin("Dữ liệu trình diễn · demo data")
        call_command("seed_demo", whole=True)
        _end()
    if "demo" not in words and not settings.DEMO:
        _say("renew")
    if "first_run" in words:
        _say("first_run", "--if-new")


@contextmanager
def _alone() -> Iterator[None]:
    """Hold off the preparations of other machines; the hold ends with the connection."""
    with psycopg.connect(**_owner(), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [locks.PREPARATION])
        yield


def _owner() -> dict[str, Any]:
    parameters = connections[OWNER].get_connection_params()
    wanted = ("host", "port", "dbname", "user", "password", "requirepeer", "sslmode")
    return {name: parameters[name] for name in wanted if parameters.get(name)}


def _collect_assets(*, keeps_old: bool) -> None:
    digest = _digest_of_assets()
    stamp = Path(settings.STATIC_ROOT) / ".digest"
    if not stamp.exists() or stamp.read_text(encoding="ascii") != digest:
        _begin("Giao diện · assets")
        call_command("collectstatic", interactive=False, verbosity=0, clear=not keeps_old)
        stamp.parent.mkdir(exist_ok=True)  # there may be no asset at all
        write(stamp, digest)
        _end()


def _back_up() -> None:
    """Make a backup before tables change that hold something, where it is said whereto."""
    from sen.config.backups import installation  # needs models, which load after the set-up

    home = Path(settings.HOME)
    if installation.is_new():
        return
    if not os.environ.get("SEN_BACKUPS"):
        sys.stdout.write("SAY Chưa đặt SEN_BACKUPS, bảng dữ liệu đổi mà không có bản sao lưu · ")
        sys.stdout.write("tables were changed without a backup: SEN_BACKUPS is not set\n")
        return
    _begin("Sao lưu · backup")
    with homes.sole(home, "backup"):
        upgrading.back_up_before(home, None, is_wanted=True, console=Console(io.StringIO()))
    _end()


def _say(*words: str) -> None:
    """Run a command and let the supervisor show what it says."""
    said = io.StringIO()
    call_command(*words, stdout=said, stderr=said)
    for line in said.getvalue().splitlines():
        sys.stdout.write(f"SAY {line}\n")
    sys.stdout.flush()


def _has_migrations() -> bool:
    executor = MigrationExecutor(connections[OWNER])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _digest_of_assets() -> str:
    """Return a digest that changes when an asset does."""
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            found.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return found.hexdigest()


def _begin(text: str) -> None:
    sys.stdout.write(f"BEGIN {text}\n")
    sys.stdout.flush()


def _end() -> None:
    sys.stdout.write("END\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
