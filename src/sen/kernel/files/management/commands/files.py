"""`./sen files verify`: compares the storage with what was taken in."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from sen.base import clock
from sen.kernel.files import public as files


class Command(BaseCommand):
    """Check every kept file to the last byte; name what is missing, damaged or left over."""

    help = "Kiểm tra kho tệp: so từng tệp với mã băm lúc nhận."
    requires_system_checks: list[str] = []  # they load every page; `check` runs them

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the words after the command."""
        parser.add_argument("what", choices=["verify"])
        parser.add_argument("--remove-orphans", action="store_true")

    def handle(self, **options: Any) -> None:
        """Print the report; end with 1 when a file is missing or damaged."""
        now = clock.now()
        report = files.verify(at=now)
        for words, ids in (("thiếu · missing", report.missing), ("hỏng · damaged", report.damaged)):
            for one in ids:
                self.stdout.write(f"{words}: {one}")
        removed = files.remove_orphans(at=now) if options["remove_orphans"] else 0
        self.stdout.write(
            f"{report.checked} tệp · files, {len(report.missing)} thiếu · missing, "
            f"{len(report.damaged)} hỏng · damaged, {len(report.orphans)} thừa · orphans"
            f" ({removed} đã xóa · removed)"
        )
        if not report.ok:
            sys.exit(1)
