"""`./sen worker`: run jobs and loops until asked to stop."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from sen.base import metrics, tracing, warming
from sen.kernel.jobs.adapters.worker import Worker

GRACE_SECONDS = 30.0


class Command(BaseCommand):
    """Run jobs, the event relay, the audit sealer and what else is registered."""

    help = "Run jobs and loops until SIGTERM or SIGINT; then end within 30 seconds."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--threads", type=int, default=int(os.environ.get("SEN_WORKER_THREADS", "3"))
        )
        parser.add_argument("--no-loops", action="store_true")

    def handle(self, **options: Any) -> None:
        """Run until a signal comes."""
        asked = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: asked.set())
        worker = Worker(threads=options["threads"], loops=not options["no_loops"])
        tracing.begin("worker")
        worker.start()
        metrics.begin(settings.HOME / "run" / "metrics", "worker")
        warming.begin()
        asked.wait()
        worker.stop(seconds=GRACE_SECONDS)
        tracing.end()
