"""`./sen status`: what runs, what rings and what to do; the exit code says whether all is well."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from sen.base import clock
from sen.systems.administration.data import AlarmNow
from sen.systems.administration.queries import vitals, watching
from sen.systems.administration.services import alarms

WIDTH = 34


class Command(BaseCommand):
    """The state of this installation in a table: 0 where all is well, 1 where an alarm rings."""

    help = "Print what runs, what rings and what to do. Exit code 1 where an alarm rings."
    requires_system_checks: list[str] = []  # they load every page; `check` runs them

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the form for programs."""
        parser.add_argument("--json", action="store_true", help="one object, for programs")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Look at every alarm and print what is found. Raises SystemExit."""
        alarms.watch(at=clock.now(), is_asked=True)
        found = watching.alarms()
        ringing = [one for one in found if one.is_ringing]
        if options["json"]:
            told = [{"code": one.code, "said": one.said} for one in ringing]
            self.stdout.write(json.dumps({"rings": told}, ensure_ascii=False))
        else:
            self._table(found)
        if ringing:
            raise SystemExit(1)

    def _table(self, found: list[AlarmNow]) -> None:
        for name, text in self._processes():
            self.stdout.write(f"{name:<{WIDTH}} {text}")
        for vital in vitals.vitals():
            mark = "   " if vital.is_well else " ! "
            self.stdout.write(f"{mark}{vital.title:<{WIDTH - 3}} {vital.message}")
        self.stdout.write("")
        for one in found:
            mark = "(!)" if one.is_ringing else "   "
            said = one.said or "–"
            self.stdout.write(f"{mark} {one.title:<{WIDTH + 8}} {said}")
            if one.is_ringing:
                self.stdout.write(f"    → {one.advice}")

    def _processes(self) -> list[tuple[str, str]]:
        """Return what the supervisor of this home says of itself, nothing where none runs."""
        try:
            path = settings.HOME / "run" / "supervisor.json"
            state = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        children = [
            (f"   {name}", f"pid {child['pid']}, {child['restarts']} lần chạy lại · restarts")
            for name, child in state["children"].items()
        ]
        return [("Sen", str(state["address"])), *children]
