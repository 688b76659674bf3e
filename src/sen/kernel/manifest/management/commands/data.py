"""`./sen data verify`: look at what must always hold of the data."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from sen.base.actor import SYSTEM
from sen.kernel.access import public as access
from sen.kernel.database import public as database
from sen.kernel.legal import public as legal

SHOWN = 10
"""So many records are named that break an invariant; whether there are more is said."""


class Command(BaseCommand):
    """Print one line an invariant, the codes that break it below; fail if any is broken."""

    help = "Look at the invariants of the data: data verify [--only CODE] [--shown N]"
    requires_system_checks: list[str] = []  # they load every page; `check` runs them

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the one word and the options."""
        parser.add_argument("word", choices=["verify"])
        parser.add_argument("--only", default="", help="the beginning of the names to look at")
        parser.add_argument("--shown", type=int, default=SHOWN, help="how many records are named")

    def handle(self, **options: Any) -> None:
        """Look, each invariant in a transaction of its own."""
        broken = 0
        for one in database.invariants():
            if not one.code.startswith(options["only"]):
                continue
            began = time.monotonic()
            legal.begin_request()  # else a million calendars are a million questions for editions
            try:
                with access.acting(SYSTEM):
                    found = list(one.find(options["shown"] + 1))
            finally:
                legal.end_request()
            took = time.monotonic() - began
            broken += bool(found)
            mark = "FAIL" if found else "ok  "
            self.stdout.write(f"{mark} {one.code}: {one.says} ({took:.1f} s)")
            for name in found[: options["shown"]]:
                self.stdout.write(f"       {name}")
            if len(found) > options["shown"]:
                self.stdout.write(f"       {_('còn nữa')}")
        if broken:
            raise CommandError(_("%(n)s điều kiện của dữ liệu không giữ.") % {"n": broken})
