"""`sen renew`: bring an installation what this version of the program brings."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from sen.base import clock
from sen.systems.administration.queries import first_run
from sen.systems.administration.services import renewing


class Command(BaseCommand):
    """Roles as the systems say now, positions that this version has and the province lacks."""

    help = "Bring roles and positions of this version in; every start outside a demo does so."
    requires_system_checks: list[str] = []  # they load every page; `check` runs them

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Say what was brought, nothing where nothing was or nobody is there yet to mind it."""
        brought = renewing.renew(at=clock.now())
        if brought.positions:
            self.stdout.write(
                f"Bản này thêm {brought.positions} vị trí việc làm, chưa ai giữ: Quản trị, Đơn vị"
                " · positions added, still vacant"
            )
        if brought.roles and first_run.is_begun():
            self.stdout.write(
                f"Bản này thêm hoặc đổi {brought.roles} vai trò: Quản trị, Vai trò, quyền"
                " · roles changed"
            )
