"""One job from the queue to its end: run, finished with its work, tried again or dead."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from contextvars import copy_context
from dataclasses import dataclass

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from sen.base import clock, tracing
from sen.base.errors import DomainError
from sen.kernel.jobs import registry, rules
from sen.kernel.jobs.adapters import queue
from sen.kernel.jobs.adapters.queue import Queued
from sen.kernel.jobs.data import DEFAULT_RETRY, RetryRule
from sen.kernel.jobs.models import Failure

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 60
"""How long a job that did its work waits for a lost database, to be marked as done."""


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes jobs: a worker by its number, from all queues or from these only."""

    worker: int | None = None
    queues: Sequence[str] | None = None


def run(
    job: Queued, *, taker: Taker = Taker(), may_fetch: Callable[[], bool] = lambda: False
) -> Queued | None:
    """Run a job taken from the queue and return the next one, if one may be taken then.

    An atomic job's work, its end and the taking of the next job are one transaction: what it wrote
    is there exactly if the job is done. A failure is written down with its reason; the job's retry
    rule decides what becomes of it. Raises OperationalError or InterfaceError where the database
    is away and not even that could be written; the job is then taken up like a dead worker's.
    """
    attributes: dict[str, tracing.Value] = {
        "sen.job": job.name, "sen.queue": job.queue, "sen.failures_before": job.attempts,
    }  # fmt: skip
    with tracing.span(f"job {job.name}", "consumer", attributes=attributes) as span:
        return _run(job, span, taker=taker, may_fetch=may_fetch)


def _run(
    job: Queued, span: tracing.Span, *, taker: Taker, may_fetch: Callable[[], bool]
) -> Queued | None:
    try:
        known = registry.job(job.name)
        in_one = known.atomic or connection.in_atomic_block
        with transaction.atomic() if in_one else nullcontext():
            copy_context().run(_work, job)
            if in_one:
                return _end(job, taker, may_fetch=may_fetch)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is written down and decided on
        span.fail(type(error).__name__)
        failed(job, error)
        return None
    return _end_surely(job, taker, may_fetch=may_fetch)


def _work(job: Queued) -> None:
    for prepare in registry.before():
        prepare()
    registry.job(job.name).run(**job.arguments)


def _end(job: Queued, taker: Taker, *, may_fetch: Callable[[], bool]) -> Queued | None:
    if may_fetch():
        return queue.finish_and_fetch(job.id, taker.worker, taker.queues)
    queue.finish(job.id)
    return None


def _end_surely(job: Queued, taker: Taker, *, may_fetch: Callable[[], bool]) -> Queued | None:
    """End a job whose work is done, waiting for the database if it is away just now."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return _end(job, taker, may_fetch=may_fetch)
        except DatabaseError as error:
            if not is_connection_lost(error):
                # Its end was already written, by the try before this one or by another worker.
                log.warning("job.ended_twice", job=job.name, id=job.id, reason=reason_of(error))
                return None
            connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def failed(job: Queued, error: BaseException) -> None:
    """Write down why a job failed, and put it back into the queue or among the dead."""
    if is_connection_lost(error):
        connection.close()
        wait: float | None = rules.wait_for_database(job.attempts + 1)
    else:
        wait = rules.wait_seconds(_rule_of(job.name), job.attempts + 1)
    reason = reason_of(error)
    with transaction.atomic():
        if not queue.is_running(job.id):
            return
        Failure.objects.bulk_create(
            [
                Failure(
                    job_id=job.id, attempts=job.attempts + 1, reason=reason, failed_at=clock.now()
                )
            ],
            update_conflicts=True,
            unique_fields=["job_id"],
            update_fields=["attempts", "reason", "failed_at"],
        )
        if wait is None:
            queue.fail(job.id)
        else:
            queue.retry(job.id, wait)
    log.warning(
        "job.dead" if wait is None else "job.failed",
        job=job.name,
        id=job.id,
        attempt=job.attempts + 1,
        wait_seconds=wait,
        reason=reason,
        frames=frames_of(error),
    )


def reason_of(error: BaseException) -> str:
    """Return why, without anything personal.

    PostgreSQL puts a row's values into the details of its errors, and our own refusals name people:
    of the first the primary message is kept, of the second the code and the fields at fault.
    """
    if isinstance(error, DomainError):
        text = " ".join([error.code, *sorted(error.fields)])
        return rules.reason_of(type(error).__name__, text)
    diagnosis = getattr(error.__cause__, "diag", None)
    text = getattr(diagnosis, "message_primary", None) or str(error)
    return rules.reason_of(type(error).__name__, text)


def frames_of(error: BaseException) -> list[str]:
    """Return where it failed, as "file:line function", without values."""
    return [
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-6:]
    ]


def is_connection_lost(error: BaseException) -> bool:
    """Tell whether a failure is the database's going away, not the job's own."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    # Class 08 is the connection, 57P a server that shuts down or starts; without a state the
    # connection broke, or the pool had none to give.
    return state is None or state.startswith(("08", "57P"))


def _rule_of(name: str) -> RetryRule:
    try:
        return registry.job(name).retry
    except ImproperlyConfigured:
        return DEFAULT_RETRY
