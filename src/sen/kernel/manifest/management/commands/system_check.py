"""Look at everything the systems depend on."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sen.kernel.manifest import public as manifest


class Command(BaseCommand):
    """Print one line a health check; fail if any is not well."""

    help = "Look at everything the systems depend on; fails if anything is not well."

    def handle(self, *_args: Any, **_options: Any) -> None:
        ill = 0
        for system in manifest.manifests():
            for check in system.health:
                finding = check.look()
                ill += not finding.is_well
                mark = "ok  " if finding.is_well else "FAIL"
                self.stdout.write(f"{mark} {check.code}: {finding.message}")
        if ill:
            raise CommandError(f"{ill} checks are not well")
