"""The last run of each rule, the last backups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from sen.kernel.jobs import public as jobs
from sen.kernel.keeping import registry
from sen.kernel.keeping.data import Retention
from sen.kernel.keeping.models import Backup, RetentionRun

DAYS_A_MONTH = 30
PRESET = _("Đặt sẵn; thay bằng quyết định của Ủy ban nhân dân tỉnh")


def rules() -> list[Retention]:
    """Return every rule by kind, those of tables whose months go whole at their end."""
    return [*registry.rules(), *map(_months, jobs.growing_tables())]


def _months(table: jobs.Partitioned) -> Retention:
    """Return the rule of a table from which its owner's daily turn takes whole months."""
    return Retention(
        kind=table.table,
        title=table.title or table.table,
        days=None if table.keep_months is None else table.keep_months * DAYS_A_MONTH,
        counted_from=_("hết tháng; cả tháng được gỡ một lần") if table.keep_months else "",
        source=PRESET,
    )


def last_runs(kinds: Sequence[str]) -> dict[str, RetentionRun]:
    """Return the latest run of each kind that had one. One statement."""
    found = RetentionRun.objects.filter(kind__in=kinds).order_by("kind", "-id").distinct("kind")
    return {run.kind: run for run in found}


def last_backup() -> Backup | None:
    """Return the latest good backup, None where there never was one. One statement."""
    return Backup.objects.order_by("-made_at", "-id").first()


def backup_age(*, at: dt.datetime) -> dt.timedelta | None:
    """Return how old the latest good backup is, None where there never was one. One statement."""
    last = last_backup()
    return None if last is None else at - last.made_at


def last_drilled() -> Backup | None:
    """Return the backup that was restored on trial last, None where none ever was."""
    return Backup.objects.filter(drilled_at__isnull=False).order_by("-drilled_at", "-id").first()


def backups(*, limit: int) -> list[Backup]:
    """Return the latest backups, the newest first."""
    return list(Backup.objects.order_by("-made_at", "-id")[:limit])
