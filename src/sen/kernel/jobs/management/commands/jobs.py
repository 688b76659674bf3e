"""`./sen jobs`: what waits and what failed; `./sen jobs replay ID` tries one of them now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sen.base.actor import COMMAND
from sen.base.errors import NotFound
from sen.kernel.jobs import public as jobs

STATES = ("todo", "doing", "failed", "succeeded")


class Command(BaseCommand):
    """Show the queue and what failed in it, replay one."""

    help = "Show the queue and the jobs that failed; `replay ID…` lets those run now."
    requires_system_checks: list[str] = []  # they load every page; `check` runs them

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the words."""
        parser.add_argument("word", nargs="?", choices=["show", "replay"], default="show")
        parser.add_argument("ids", nargs="*", type=int)

    def handle(self, **options: Any) -> None:
        """Show or replay."""
        if options["word"] == "replay":
            for job_id in options["ids"]:
                try:
                    jobs.replay(actor=COMMAND, job_id=job_id)
                except NotFound as error:
                    raise CommandError(f"no failed job {job_id}") from error
                self.stdout.write(f"{job_id}: back in the queue")
            return
        self.stdout.write(f"{'':40}" + "".join(f"{state:>11}" for state in STATES))
        for line in jobs.states():
            counts = "".join(f"{line.counts.get(state, 0):>11}" for state in STATES)
            self.stdout.write(f"{line.name:40}{counts}")
        for dead in jobs.dead():
            self.stdout.write(
                f"dead {dead.id} {dead.name} after {dead.attempts} tries, {dead.failed_at}: "
                f"{dead.reason}"
            )
        for job in jobs.failing():
            self.stdout.write(
                f"failing {job.id} {job.name}, {job.attempts} tries, next {job.due_at}: "
                f"{job.reason}"
            )
