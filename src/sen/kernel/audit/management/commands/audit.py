"""`./sen audit verify | prove ID | check FILE`: the trail held against its seals."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sen.base.errors import NotFound
from sen.kernel.audit import public as audit


class Command(BaseCommand):
    """Verify the audit trail, prove an entry, check a proof."""

    help = "Verify the audit trail; prove that an entry stands in it; check such a proof."
    requires_system_checks: list[str] = []  # they load every page; `check` runs them

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the words."""
        words = parser.add_subparsers(dest="word", required=True)
        verify = words.add_parser("verify", help="hold every entry against its seal")
        verify.add_argument("--from", type=int, default=1, dest="first", help="first seal")
        verify.add_argument("--head", default="", help="number:chain noted at an earlier check")
        verify.add_argument("--unsealed-seconds", type=int, default=60)
        words.add_parser("prove", help="print a proof as JSON").add_argument("entry", type=UUID)
        words.add_parser("check", help="check a proof").add_argument("file", type=Path)

    def handle(self, **options: Any) -> None:
        """Do what the word says; a failure is exit status 1."""
        {"verify": self._verify, "prove": self._prove, "check": self._check}[options["word"]](
            options
        )

    def _verify(self, options: dict[str, Any]) -> None:
        report = audit.verify(
            first=options["first"],
            head=options["head"],
            unsealed_seconds=options["unsealed_seconds"],
        )
        for problem in report.problems:
            self.stderr.write(problem)
        self.stdout.write(f"{report.checked} entries, {report.seals} seals, head {report.head}")
        if not report.ok:
            raise CommandError(f"{len(report.problems)} problems")

    def _prove(self, options: dict[str, Any]) -> None:
        try:
            proof = audit.prove(options["entry"])
        except NotFound as error:
            raise CommandError(error.message) from error
        self.stdout.write(audit.proof_to_json(proof))

    def _check(self, options: dict[str, Any]) -> None:
        try:
            proof = audit.proof_from_json(options["file"].read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        if not audit.check_proof(proof):
            raise CommandError("the proof does not hold")
        self.stdout.write(f"{proof.entry} stands in seal {proof.number}:{proof.chain.hex()}")
