"""`./sen import WORD FILE`: bring a file in, such as a list of procedures."""  # noqa: N999 - the word

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sen.base import clock
from sen.base.errors import DomainError
from sen.kernel.manifest import public as manifest


class Command(BaseCommand):
    """Bring a file in by the system that knows its kind; one that does not hold leaves nothing."""

    help = "Bring a file in: import procedures FILE [--from YYYY-MM-DD] [--dry-run]"
    requires_system_checks: list[str] = []  # they load every page; `check` runs them

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the kinds of files and the options."""
        parser.add_argument("word", choices=sorted(manifest.file_imports()))
        parser.add_argument("file", type=Path)
        parser.add_argument("--from", dest="first", type=dt.date.fromisoformat, default=None)
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, **options: Any) -> None:
        """Read the file and say what became of it."""
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"no file {file}")
        first = options["first"] or clock.day(clock.now())
        try:
            manifest.file_imports()[options["word"]].run(
                file, first, options["dry_run"], self.stdout.write
            )
        except DomainError as error:
            rows = [f"{place}: {said}" for place, says in error.fields.items() for said in says]
            raise CommandError("\n".join([error.message, *rows])) from error
