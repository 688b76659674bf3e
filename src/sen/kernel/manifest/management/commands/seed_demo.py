"""Fill an installation with the invented data of the demo."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sen.kernel.manifest import public as manifest


class Command(BaseCommand):
    """Run the seeds of all systems in their order; a second run changes nothing."""

    help = "Fill the demo with its invented data (only where SEN_DEMO is set)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("the demo's data belongs in a demo only: SEN_DEMO is not set")
        for seed in manifest.seeds():
            started = time.monotonic()
            self.stdout.write(seed.title)
            seed.run(lambda line: self.stdout.write(f"  {line}"))
            self.stdout.write(f"  ({time.monotonic() - started:.1f} s)")
