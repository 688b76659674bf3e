"""Lay down invented dossiers by the hundred thousand, to try Sen at the size of a province."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.errors import DomainError
from sen.kernel.database import public as database
from sen.systems.public_services.services.living import province
from sen.systems.public_services.services.simulating import simulation

_SAID_EVERY = 2.0


class Command(BaseCommand):
    """Play patterns, then write dossiers by them; all of them or none."""

    help = "Lay down invented dossiers: simulate --dossiers N [--days D] [--seed S]"
    requires_system_checks: list[str] = []  # they load every page; `check` runs them

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare how many, of how many days, by which seed."""
        parser.add_argument("--dossiers", type=int, required=True, help="how many are laid down")
        parser.add_argument("--days", type=int, default=365, help="filed in so many days until now")
        parser.add_argument("--seed", type=int, default=41, help="another seed, other dossiers")
        parser.add_argument(
            "--among-real-people",
            action="store_true",
            help="do it even where this is no demonstration",
        )

    def handle(self, **options: Any) -> None:
        """Refuse, or lay down and say how far it is, how fast, how long it takes yet."""
        plan = province.Plan(
            count=options["dossiers"], until=clock.now(), days=options["days"], seed=options["seed"]
        )
        try:
            simulation.check(plan, is_sure=settings.DEMO or options["among_real_people"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        began = time.monotonic()
        simulation.prepare(plan)
        many = simulation.Simulation(plan)
        many.play(_Progress(self, _("mẫu đã dựng")))
        played = time.monotonic()
        many.lay_down(
            _Progress(self, _("hồ sơ"), plan.count), _Progress(self, _("khóa và chỉ mục")).of
        )
        laid = time.monotonic()
        is_tidied = plan.count >= simulation.ANEW_FROM
        database.analyze(vacuum=is_tidied, tell=_Progress(self, _("bảng đã dọn và đếm")).of)
        ended = time.monotonic()
        self.stdout.write(
            _(
                "%(count)s hồ sơ, %(rows)s dòng: %(rate).0f hồ sơ/giây. Dựng mẫu %(play).1f s, ghi"
                " %(write).1f s, dọn và đếm bảng %(tidy).1f s."
            )
            % {
                "count": plan.count,
                "rows": many.rows,
                "rate": plan.count / (laid - played),
                "play": played - began,
                "write": laid - played,
                "tidy": ended - laid,
            }
        )


class _Progress:
    """Says now and then how many of them there are. whole: of how many, 0 where nobody knows."""

    def __init__(self, command: BaseCommand, what: str, whole: int = 0) -> None:
        self._command, self._what, self._whole = command, what, whole
        self._began = self._said = time.monotonic()

    def __call__(self, done: int) -> None:
        """Say how fast it goes, and how long yet where all are alike."""
        if not self._is_time():
            return
        rate = done / (self._said - self._began)
        text = f"{done} {self._what} · {rate:.0f}/s"
        if self._whole:
            text += " · " + _("còn %(seconds).0f s") % {"seconds": (self._whole - done) / rate}
        self._say(text)

    def of(self, done: int, whole: int) -> None:
        """Say how many of how many: one may take as long as a hundred others."""
        if self._is_time():
            self._say(f"{done}/{whole} {self._what}")

    def _is_time(self) -> bool:
        now = time.monotonic()
        if now - self._said < _SAID_EVERY:
            return False
        self._said = now
        return True

    def _say(self, text: str) -> None:
        self._command.stdout.write(f"  {text}")
        self._command.stdout.flush()
