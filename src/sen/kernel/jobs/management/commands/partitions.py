"""`./sen partitions`: make the partitions of the year ahead, drop those kept long enough."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from sen.base import clock
from sen.kernel.jobs import public as jobs


class Command(BaseCommand):
    """Keep the partitions of the growing tables, as their owner."""

    help = "Make the monthly partitions of the year ahead and drop those kept long enough."
    requires_system_checks: list[str] = []  # they load every page; `check` runs them

    def handle(self, **_: Any) -> None:
        """Make, drop and say so."""
        made, dropped = jobs.keep_partitions(on=clock.day(clock.now()))
        for name in made:
            self.stdout.write(f"+ {name}")
        for name in dropped:
            self.stdout.write(f"- {name}")
