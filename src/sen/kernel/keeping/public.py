"""The door of keeping: rules of retention, their runs, the moment of the last good backup."""

from __future__ import annotations

from sen.kernel.keeping.data import BackupMade, Outcome, Retention
from sen.kernel.keeping.models import Backup, RetentionRun
from sen.kernel.keeping.queries import (
    PRESET,
    backup_age,
    backups,
    last_backup,
    last_drilled,
    last_runs,
    rules,
)
from sen.kernel.keeping.registry import register_rules
from sen.kernel.keeping.services import due, record_backup, record_drill, retain

FIRST_MIGRATION = "0001_initial"
"""With it the table of backups is there: an older database has none to write into."""

__all__ = [
    "FIRST_MIGRATION",
    "PRESET", "Backup", "BackupMade", "Outcome", "Retention", "RetentionRun", "backup_age",
    "backups", "due", "last_backup", "last_drilled", "last_runs", "record_backup", "record_drill",
    "register_rules", "retain", "rules",
]  # fmt: skip
