"""`./sen retention`: erase what is kept no longer, by every rule; `--dry-run` only counts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sen.base import clock
from sen.base.actor import COMMAND
from sen.base.errors import NotFound
from sen.kernel.keeping import public as keeping


class Command(BaseCommand):
    """Show each rule with what it is about to erase, or erase it (the worker does so daily)."""

    help = "Erase what is kept no longer: retention [--dry-run] [--only KIND]"
    requires_system_checks: list[str] = []  # they load every page; `check` runs them

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--dry-run", action="store_true", help="count only")
        parser.add_argument("--only", default="", help="the kind of one rule")

    def handle(self, **options: Any) -> None:
        """Print one line a rule; fail if one did not come to its end."""
        at = clock.now()
        try:
            if options["dry_run"]:
                outcomes = keeping.due(at, only=options["only"])
            else:
                outcomes = keeping.retain(COMMAND, at=at, only=options["only"])
        except NotFound as error:
            raise CommandError(f"no rule erases {options['only']}") from error
        word = "đến hạn · due" if options["dry_run"] else "đã xóa · erased"
        for one in outcomes:
            self.stdout.write(f"{one.kind:36} {one.erased:>9} {word} {one.failure}".rstrip())
        if failed := [one.kind for one in outcomes if one.failure]:
            raise CommandError(f"failed: {', '.join(failed)}")
