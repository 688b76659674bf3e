"""The queue in the database: procrastinate's tables and functions, spoken to in plain SQL.

One statement each, on Django's connection, hence in the caller's transaction.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

CHANNEL = "procrastinate_any_queue_v1"
"""Where the queue's own trigger notifies of each new job."""

_COLUMNS = "id, task_name, queue_name, lock, args, attempts"
_FETCH = f"SELECT {_COLUMNS} FROM procrastinate_fetch_job_v2(%s::varchar[], %s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A job in the hands of a worker. attempts: how often it failed before."""

    id: int
    name: str
    queue: str
    lock: str | None
    arguments: Mapping[str, object]
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A job on its way into the queue."""

    name: str
    queue: str
    arguments: Mapping[str, object]
    lock: str | None = None
    queueing_lock: str | None = None
    priority: int = 0
    at: dt.datetime | None = None


def insert(jobs: Sequence[NewJob]) -> list[int]:
    """Put jobs into the queue in their order and return their ids.

    A job whose queueing lock already waits in the queue is left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs"
            " (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)"
            " SELECT queue, name, priority, lock, queueing_lock, args, at FROM unnest("
            " %s::text[], %s::text[], %s::int[], %s::text[], %s::text[], %s::jsonb[],"
            " %s::timestamptz[])"
            " WITH ORDINALITY AS new(queue, name, priority, lock, queueing_lock, args, at, place)"
            " ORDER BY place"
            " ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING RETURNING id",
            [
                [job.queue for job in jobs],
                [job.name for job in jobs],
                [job.priority for job in jobs],
                [job.lock for job in jobs],
                [job.queueing_lock for job in jobs],
                [json.dumps(dict(job.arguments)) for job in jobs],
                [job.at for job in jobs],
            ],
        )
        return [row[0] for row in cursor.fetchall()]


def insert_periodic(name: str, queue: str, due: int) -> int | None:
    """Put the turn of a periodic job into the queue; None if any worker has done so already.

    due: the turn's moment in seconds since 1970.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procrastinate_defer_periodic_job_v2(%s, NULL, NULL, %s, 0, '', %s, '{}')",
            [queue, name, due],
        )
        row = cursor.fetchone()
        return row[0] if row else None


def fetch(worker: int | None, queues: Sequence[str] | None = None) -> Queued | None:
    """Take the next due job whose lock is free, marked as running by this worker."""
    with connection.cursor() as cursor:
        cursor.execute(_FETCH, [list(queues) if queues else None, worker])
        return _queued(cursor.fetchone())


def finish(job: int) -> None:
    """Mark a running job as done. Raises a database error if it is not running any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', false)", [job])


def finish_and_fetch(
    job: int, worker: int | None, queues: Sequence[str] | None = None
) -> Queued | None:
    """Mark a running job as done and take the next one, in one statement.

    Raises a database error if the job is not running any more; then nothing is taken.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH done AS MATERIALIZED"
            " (SELECT procrastinate_finish_job_v1(%s, 'succeeded', false) AS nothing)"
            f" SELECT {_COLUMNS} FROM done, LATERAL (SELECT done.nothing) AS after,"
            " LATERAL procrastinate_fetch_job_v2(%s::varchar[], %s)",
            [job, list(queues) if queues else None, worker],
        )
        return _queued(cursor.fetchone())


def fail(job: int) -> None:
    """Mark a running job as failed for good."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job])


def retry(job: int, at: dt.datetime) -> None:
    """Put a running or failed job back into the queue. Raises a database error for others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_retry_job_v2(%s, %s, NULL, NULL, NULL)", [job, at])


def _queued(row: tuple[object, ...] | None) -> Queued | None:
    if row is None or row[0] is None:
        return None
    job, name, queue, lock, arguments, attempts = row
    return Queued(
        id=job,  # type: ignore[arg-type]  # the columns' types are the queue's
        name=str(name),
        queue=str(queue),
        lock=None if lock is None else str(lock),
        arguments=json.loads(arguments) if isinstance(arguments, str) else arguments,  # type: ignore[arg-type]  # likewise
        attempts=attempts,  # type: ignore[arg-type]  # likewise
    )
