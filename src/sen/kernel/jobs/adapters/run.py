"""One job from the queue to its end: run, finished with its work, tried again or dead."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError, connection, transaction

from sen.base import clock
from sen.kernel.jobs import registry, rules
from sen.kernel.jobs.adapters import queue
from sen.kernel.jobs.adapters.queue import Queued
from sen.kernel.jobs.data import DEFAULT_RETRY, RetryRule
from sen.kernel.jobs.models import Failure

log = structlog.get_logger(__name__)


def run(job: Queued, *, worker: int | None = None, then_fetch: bool = True) -> Queued | None:
    """Run a job taken from the queue and return the next one, if asked to take it.

    An atomic job's work, its end and the taking of the next job are one transaction: what it wrote
    is there exactly if the job is done. A failure is written down with its reason and decides by
    the job's retry rule. Raises OperationalError or InterfaceError where the database is away and
    not even that could be written; the job is then taken up as one of a dead worker.
    """
    try:
        for prepare in registry.before():
            prepare()
        known = registry.job(job.name)
        in_one = known.atomic or connection.in_atomic_block
        with transaction.atomic() if in_one else nullcontext():
            known.run(**job.arguments)
            if then_fetch:
                return queue.finish_and_fetch(job.id, worker)
            queue.finish(job.id)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is written down and decided on
        failed(job, error)
    return None


def failed(job: Queued, error: Exception) -> None:
    """Write down why a job failed, and put it back into the queue or among the dead."""
    if is_connection_lost(error):
        connection.close()
        wait: float | None = rules.wait_for_database(job.attempts + 1)
    else:
        wait = rules.wait_seconds(_rule_of(job.name), job.attempts + 1)
    now = clock.now()
    with transaction.atomic():
        Failure.objects.bulk_create(
            [
                Failure(
                    job_id=job.id,
                    attempts=job.attempts + 1,
                    reason=reason_of(error),
                    failed_at=now,
                )
            ],
            update_conflicts=True,
            unique_fields=["job_id"],
            update_fields=["attempts", "reason", "failed_at"],
        )
        if wait is None:
            queue.fail(job.id)
        else:
            queue.retry(job.id, now + dt.timedelta(seconds=wait))
    log.warning(
        "job.failed", job=job.name, id=job.id, attempt=job.attempts + 1, wait_seconds=wait,
        reason=reason_of(error), exc_info=error,
    )  # fmt: skip


def reason_of(error: BaseException) -> str:
    """Return why, without the row's values that PostgreSQL puts into the details of its errors."""
    cause = error.__cause__
    diagnosis = getattr(cause, "diag", None)
    text = getattr(diagnosis, "message_primary", None) or str(error)
    return rules.reason_of(type(error).__name__, text)


def is_connection_lost(error: BaseException) -> bool:
    """Tell whether a failure is the database's going away, not the job's own."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    # Class 08: connection; 57P: the server shuts down; no state: the connection broke or the pool
    # could not give one.
    return state is None or state.startswith(("08", "57P"))


def _rule_of(name: str) -> RetryRule:
    try:
        return registry.job(name).retry
    except ImproperlyConfigured:
        return DEFAULT_RETRY
