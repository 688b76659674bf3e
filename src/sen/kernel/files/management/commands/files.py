"""`./sen files`: compares the storage with what was taken in, or moves it elsewhere."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from sen.base import clock
from sen.base.errors import DomainError
from sen.kernel.files import public as files


class Command(BaseCommand):
    """Check every kept file to the last byte, or bring all files from the folder to S3 or back."""

    help = "Kho tệp: verify so từng tệp với mã băm lúc nhận; move chuyển kho sang nơi khác."
    requires_system_checks: list[str] = []  # they load every page; `check` runs them

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the words after the command."""
        parser.add_argument("what", choices=["verify", "move"])
        parser.add_argument("--remove-orphans", action="store_true", help="verify: xóa tệp thừa")
        parser.add_argument("--to", choices=["folder", "s3"], help="move: nơi đến")
        parser.add_argument("--remove", action="store_true", help="move: xóa ở nơi cũ")

    def handle(self, **options: Any) -> None:
        """Print the report; end with 1 when something is missing, damaged or open to all."""
        try:
            if options["what"] == "move":
                self._move(to=options["to"], remove=options["remove"])
            else:
                self._verify(remove_orphans=options["remove_orphans"])
        except (DomainError, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error

    def _verify(self, *, remove_orphans: bool) -> None:
        now = clock.now()
        report = files.verify(at=now)
        for words, ids in (("thiếu · missing", report.missing), ("hỏng · damaged", report.damaged)):
            for one in ids:
                self.stdout.write(f"{words}: {one}")
        if report.is_public:
            self.stdout.write("ai cũng đọc được kho · the storage can be read without a key")
        removed = files.remove_orphans(at=now) if remove_orphans else 0
        self.stdout.write(
            f"{report.checked} tệp · files, {len(report.missing)} thiếu · missing, "
            f"{len(report.damaged)} hỏng · damaged, {len(report.orphans)} thừa · orphans"
            f" ({removed} đã xóa · removed)"
        )
        if not report.ok:
            sys.exit(1)

    def _move(self, *, to: str | None, remove: bool) -> None:
        if to is None:
            raise CommandError("move --to folder | s3")
        done = files.Moved()
        for done in files.move(to=to, remove=remove):
            self.stdout.write(
                f"{done.seen} tệp · files: {done.moved} đã chuyển · moved,"
                f" {done.there} đã ở đó · there, {done.removed} đã xóa ở nơi cũ · removed"
            )
        for one in done.damaged:
            self.stdout.write(f"thiếu hoặc hỏng · missing or damaged: {one}")
        if done.damaged:
            sys.exit(1)
