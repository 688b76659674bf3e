"""`./sen calendar seed YEAR …`: enter the national days of years."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from sen.base import clock
from sen.base.actor import COMMAND
from sen.kernel.calendar import public


class Command(BaseCommand):
    """Enter the ordinary week and the national days of years; days already entered stay."""

    help = "Enter the national days of years: calendar seed 2026 2027"
    requires_system_checks: list[str] = []  # they load every page; `check` runs them

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        seed = words.add_parser("seed", help="enter the national days of these years")
        seed.add_argument("year", type=int, nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        for year in options["year"]:
            edition = public.seed_year(COMMAND, year=year, at=clock.now())
            self.stdout.write(f"{year}: edition {edition}")
