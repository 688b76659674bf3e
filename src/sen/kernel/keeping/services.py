"""The verbs: erase what was kept long enough, write down a backup that was made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from uuid import UUID

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sen.base.actor import Actor
from sen.base.errors import NotAllowed, NotFound
from sen.kernel.audit import public as audit
from sen.kernel.jobs import public as jobs
from sen.kernel.keeping import registry
from sen.kernel.keeping.data import BackupMade, Outcome, Retention
from sen.kernel.keeping.models import Backup, RetentionRun
from sen.kernel.keeping.queries import PRESET

log = structlog.get_logger(__name__)

KIND = "keeping.retention"
KEPT_RUNS_DAYS = 3 * 365


def due(at: dt.datetime, *, only: str = "") -> list[Outcome]:
    """Return how many records each rule would erase now; nothing is changed.

    Raises NotFound for a kind that erases nothing.
    """
    return [_outcome(rule.kind, rule.count, at) for rule in _running(only)]


def retain(actor: Actor, *, at: dt.datetime, only: str = "") -> list[Outcome]:
    """Let every rule erase what it no longer keeps; return what each came to.

    Each rule is by itself: one that fails is told, written down and holds up no other. A run is a
    row and a line of the trail. only: the kind of one rule. Raises NotAllowed but for the system,
    NotFound for a kind that erases nothing.
    """
    if not actor.is_system:
        raise NotAllowed
    return [_run(actor, rule, at) for rule in _running(only)]


def _running(only: str) -> list[Retention]:
    found = [
        rule for rule in registry.rules() if rule.erase is not None and only in {"", rule.kind}
    ]
    if only and not found:
        raise NotFound
    return found


def _run(actor: Actor, rule: Retention, at: dt.datetime) -> Outcome:
    outcome = _outcome(rule.kind, rule.erase, at)
    with transaction.atomic():
        run = RetentionRun.objects.create(
            kind=rule.kind, at=at, erased=outcome.erased, failure=outcome.failure
        )
        audit.record(
            actor,
            "keeping.retain",
            subject=audit.Subject(kind=KIND, id=run.id, code=rule.kind),
            at=at,
            fields={"erased": outcome.erased, "failed": bool(outcome.failure)},
        )
    return outcome


def _outcome(kind: str, look: Callable[[dt.datetime], int] | None, at: dt.datetime) -> Outcome:
    if look is None:
        raise AssertionError("only rules that erase are run")
    try:
        return Outcome(kind=kind, erased=look(at))
    except Exception as error:
        log.exception("keeping.rule_failed", kind=kind)
        return Outcome(kind=kind, failure=type(error).__name__)


@transaction.atomic
def record_backup(actor: Actor, made: BackupMade, *, at: dt.datetime) -> UUID:
    """Write down a backup that was written and read back; return the row's id.

    Raises NotAllowed but for the system.
    """
    if not actor.is_system:
        raise NotAllowed
    row = Backup.objects.create(
        name=made.name,
        place=made.place,
        made_at=at,
        size=made.size,
        rows=made.rows,
        files=made.files,
        took_s=made.took_s,
    )
    audit.record(
        actor,
        "keeping.record_backup",
        subject=audit.Subject(kind="keeping.backup", id=row.id, code=made.name),
        at=at,
        fields={"size": made.size, "rows": made.rows, "files": made.files},
    )
    return row.id


@transaction.atomic
def record_drill(actor: Actor, *, name: str, place: str, at: dt.datetime) -> bool:
    """Write down that a backup was restored elsewhere and works; return whether it is known here.

    Raises NotAllowed but for the system.
    """
    if not actor.is_system:
        raise NotAllowed
    row = Backup.objects.select_for_update().filter(name=name, place=place).first()
    if row is None:
        return False
    row.drilled_at = at
    row.save(update_fields=["drilled_at"])
    audit.record(
        actor,
        "keeping.record_drill",
        subject=audit.Subject(kind="keeping.backup", id=row.id, code=name),
        at=at,
    )
    return True


def _runs_before(at: dt.datetime) -> dt.datetime:
    return at - dt.timedelta(days=KEPT_RUNS_DAYS)


def _count_runs(at: dt.datetime) -> int:
    return RetentionRun.objects.filter(at__lt=_runs_before(at)).count()


def _erase_runs(at: dt.datetime) -> int:
    return RetentionRun.objects.filter(at__lt=_runs_before(at)).delete()[0]


RULES: Sequence[Retention] = (
    Retention(
        kind="jobs.finished",
        title=_("Việc nền đã xong"),
        days=jobs.KEEP_DAYS,
        counted_from=_("lúc xong"),
        source=PRESET,
        count=lambda _at: jobs.count_finished(),
        erase=lambda _at: jobs.purge_finished(),
    ),
    Retention(
        kind="keeping.retention_run",
        title=_("Lượt xóa theo thời hạn"),
        days=KEPT_RUNS_DAYS,
        counted_from=_("lúc chạy; nhật ký kiểm toán giữ mãi"),
        source=PRESET,
        count=_count_runs,
        erase=_erase_runs,
    ),
)
"""What lies below this package, and its own."""
