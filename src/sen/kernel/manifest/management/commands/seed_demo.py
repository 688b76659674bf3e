"""Fill an installation with the invented data of the demo."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sen.kernel.manifest import public as manifest


class Command(BaseCommand):
    """Run the seeds of all systems in their order; a second run changes nothing.

    Without `--whole` only what tests need is laid down: a province of two communes.
    """

    help = "Fill the demo with its invented data (only where SEN_DEMO is set)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether the whole province is laid down."""
        parser.add_argument("--whole", action="store_true", help="every unit of the province")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("the demo's data belongs in a demo only: SEN_DEMO is not set")
        for seed in manifest.seeds():
            if seed.whole_only and not options["whole"]:
                continue
            started = time.monotonic()
            self.stdout.write(seed.title)
            seed.run(lambda line: self.stdout.write(f"  {line}"))
            self.stdout.write(f"  ({time.monotonic() - started:.1f} s)")
