"""What backups do with a whole installation; import it once Django is set up."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from pyrage import x25519

from sen.base import clock
from sen.base.actor import COMMAND
from sen.config import embedded
from sen.config.backups import making, restoring
from sen.config.backups.shelf import Backup
from sen.config.console import Console
from sen.config.embedded import Urls
from sen.config.home import CannotStart
from sen.kernel.keeping import public as keeping

OWNER = "owner"


def urls(home: Path) -> Urls:
    """Return the addresses of the database, embedded or external. Raises CannotStart."""
    app = os.environ.get("DATABASE_URL")
    if not app:
        return embedded.urls(home)
    owner = os.environ.get("SEN_OWNER_DATABASE_URL")
    if not owner:
        raise CannotStart("DATABASE_URL needs SEN_OWNER_DATABASE_URL beside it")
    return Urls(owner=owner, app=app)


def make(home: Path, folder: Path, console: Console) -> Backup:
    """Make a backup and write down that it was made. Raises CannotStart, OSError."""
    there = urls(home)
    made = making.make(home, folder, there.owner, there.app, console)
    if f"keeping.{keeping.FIRST_MIGRATION}" in made.contents.migrations:
        keeping.record_backup(
            COMMAND,
            keeping.BackupMade(
                name=made.name,
                place=str(folder),
                size=made.contents.size,
                rows=made.contents.rows,
                files=made.contents.files,
                took_s=made.contents.took_s,
            ),
            at=clock.now(),
        )
    return made


def restore(
    home: Path,
    backup: Backup,
    keys: Sequence[x25519.Identity],
    *,
    replace: bool,
    console: Console,
) -> None:
    """Restore a backup into this home, bring its tables up to these sources, and verify all of it.

    Raises CannotStart, Broken.
    """
    there = urls(home)
    known = {f"{app}.{name}" for app, name in MigrationExecutor(None).loader.disk_migrations}
    restoring.check_fits(backup, there.owner, there.app, known)
    restoring.make_room(home, Path(settings.FILES_ROOT), there.owner, replace=replace)
    restoring.restore(home, backup, there.owner, keys, console)
    if pending():
        with console.step("Bảng dữ liệu · tables"):
            migrate()
    verify(console)


def verify(console: Console) -> None:
    """Look at data, files and trail as the operator's commands do. Raises CannotStart."""
    for title, words in (
        ("Dữ liệu · ./sen data verify", ("data", "verify")),
        ("Tệp · ./sen files verify", ("files", "verify")),
        ("Nhật ký · ./sen audit verify", ("audit", "verify")),
    ):
        with console.step(title):
            _look(*words)


def _look(*words: str) -> None:
    said = _Said()
    try:
        call_command(*words, stdout=said, stderr=said)
    except (CommandError, SystemExit) as error:
        raise CannotStart(f"./sen {' '.join(words)}:\n{said.text[-2000:]}{error}") from error


class _Said:
    """Keeps what a command prints, to be shown where it fails."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        """Nothing waits here."""

    def isatty(self) -> bool:
        return False


def verify_backup(backup: Backup, keys: Sequence[x25519.Identity]) -> int:
    """Open every part and file of a backup; return how many files. Raises Broken."""
    return restoring.verify(backup, keys)


def pending() -> list[str]:
    """Return the migrations of these sources that the database lacks, as `app.name`."""
    executor = MigrationExecutor(connections[OWNER])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _back in plan]


def is_new() -> bool:
    """Tell whether the database was never migrated."""
    return not MigrationExecutor(connections[OWNER]).loader.applied_migrations


def migrate() -> None:
    """Change the tables as these sources need them, and make the partitions ahead."""
    call_command("migrate", database=OWNER, interactive=False, verbosity=0)
    call_command("partitions", verbosity=0, stdout=_Said())


def record_drill(backup: Backup) -> None:
    """Write down that a backup was restored elsewhere and works."""
    keeping.record_drill(COMMAND, name=backup.name, place=str(backup.folder.parent), at=clock.now())
