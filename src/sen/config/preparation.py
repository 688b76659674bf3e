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
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from sen.config.home import write

OWNER = "owner"


def main(words: list[str]) -> None:
    """Migrate as the owner, collect the assets if one changed, seed in the demo.

    Outside the demo: bring in what this version has; without a province, say how to begin.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sen.config.settings")
    django.setup()

    if "migrate" in words and _has_migrations():
        _begin("Bảng dữ liệu · tables")
        call_command("migrate", database=OWNER, interactive=False, verbosity=0)
        _end()
    if "migrate" in words:
        call_command("partitions", verbosity=0)
    digest = _digest_of_assets()
    stamp = Path(settings.STATIC_ROOT) / ".digest"
    if not stamp.exists() or stamp.read_text(encoding="ascii") != digest:
        _begin("Giao diện · assets")
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.parent.mkdir(exist_ok=True)  # there may be no asset at all
        write(stamp, digest)
        _end()
    if "demo" in words:
        _begin("Dữ liệu trình diễn · demo data")
        call_command("seed_demo", whole=True)
        _end()
    if "first_run" in words:
        _say("renew")
        _say("first_run", "--if-new")


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
