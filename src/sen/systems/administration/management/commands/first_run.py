"""`sen first_run`: print the one-time link by which the first administrator sets a province up."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from sen.base import clock
from sen.base.errors import Conflict
from sen.systems.administration.services import first_run


class Command(BaseCommand):
    """The one-time link of a first run; an earlier one ends."""

    help = "Print the one-time link by which the first administrator sets a province up."
    requires_system_checks: list[str] = []  # they load every page; `check` runs them

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare that nothing is said where there is a province already."""
        parser.add_argument("--if-new", action="store_true", help="say nothing if there is one")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Print the link. Raises CommandError where there is a province already."""
        try:
            secret = first_run.open_door(at=clock.now())
        except Conflict as error:
            if not options["if_new"]:
                raise CommandError(error.message) from error
            return
        address = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('administration:door')}?ma={secret}"
        self.stderr.write("Liên kết cài đặt, dùng một lần, trong 24 giờ · one-time setup link:")
        self.stdout.write(address)
