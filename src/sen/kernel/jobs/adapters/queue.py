"""The queue in the database: procrastinate's tables and functions, spoken to in plain SQL.

One statement each, on Django's connection, hence in the caller's transaction. Moments at which a
job is due again are the database's, so that no worker's clock has a say in them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sen.kernel.database import public as database
from sen.kernel.database.public import Part
from sen.kernel.jobs.queries import rows

CHANNEL = "procrastinate_any_queue_v1"
"""Where the queue's own trigger notifies of each new job."""

_COLUMNS = "id, task_name, queue_name, lock, args, attempts"


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


_ONCE = " ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING"


def insert(jobs: Sequence[NewJob]) -> None:
    """Put jobs into the queue, in their order, with what else the transaction writes.

    A job whose queueing lock already waits in the queue is left out. All jobs of a transaction are
    rows of one INSERT, which keeps the order of those of one lock.
    """
    for job in jobs:
        database.insert_row(
            "procrastinate_jobs",
            {
                "queue_name": job.queue,
                "task_name": job.name,
                "priority": job.priority,
                "lock": job.lock,
                "queueing_lock": job.queueing_lock,
                "args": json.dumps(dict(job.arguments)),
                "scheduled_at": job.at,
            },
            otherwise=_ONCE,
        )


def insert_each(name: str, queue: str, *, argument: str, rows: str) -> Part:
    """Return the part of a statement that puts in a job for each `id` of another part's rows."""
    return Part(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args)"
        f" SELECT %s, %s, 0, jsonb_build_object(%s::text, id) FROM {{{rows}}}",
        [queue, name, argument],
    )


def insert_periodic(name: str, queue: str, due: int) -> int | None:
    """Put the turn of a periodic job into the queue; None if any worker has done so already.

    due: the turn's moment in seconds since 1970.
    """
    found: int | None = rows(
        "SELECT procrastinate_defer_periodic_job_v2(%s, NULL, NULL, %s, 0, '', %s, '{}')",
        queue,
        name,
        due,
    )[0][0]
    return found


def fetch(worker: int | None, queues: Sequence[str] | None = None) -> Queued | None:
    """Take the next due job whose lock is free, marked as running by this worker.

    queues: from these only; None from all.
    """
    return _queued(
        rows(
            f"SELECT {_COLUMNS} FROM procrastinate_fetch_job_v2(%s::varchar[], %s)",
            None if queues is None else list(queues),
            worker,
        )
    )


def finish(job: int) -> None:
    """Mark a running job as done. Raises a database error if it is not running any more."""
    rows("SELECT procrastinate_finish_job_v1(%s, 'succeeded', false)", job)


def finish_and_fetch(
    job: int, worker: int | None, queues: Sequence[str] | None = None
) -> Queued | None:
    """Mark a running job as done and take the next one, in one statement.

    Raises a database error if the job is not running any more; then nothing is taken.
    """
    return _queued(
        rows(
            "WITH done AS MATERIALIZED"
            " (SELECT procrastinate_finish_job_v1(%s, 'succeeded', false) AS nothing)"
            f" SELECT {_COLUMNS} FROM done, LATERAL (SELECT done.nothing) AS after,"
            " LATERAL procrastinate_fetch_job_v2(%s::varchar[], %s)",
            job,
            None if queues is None else list(queues),
            worker,
        )
    )


def is_running(job: int) -> bool:
    """Tell whether a job is marked as running, and hold it so until the transaction ends."""
    return bool(
        rows("SELECT 1 FROM procrastinate_jobs WHERE id = %s AND status = 'doing' FOR UPDATE", job)
    )


def fail(job: int) -> None:
    """Mark a running job as failed for good."""
    rows("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", job)


def retry(job: int, wait_seconds: float) -> None:
    """Put a running job back into the queue, not due before the wait is over."""
    rows(
        "SELECT procrastinate_retry_job_v2("
        "%s, now() + make_interval(secs => %s), NULL, NULL, NULL)",
        job,
        wait_seconds,
    )


def revive(job: int) -> bool:
    """Let a job that failed run now, with all its tries before it; False if it is none."""
    return bool(
        rows(
            "WITH dead AS MATERIALIZED (SELECT id FROM procrastinate_jobs WHERE id = %s"
            " AND (status = 'failed' OR status = 'todo' AND attempts > 0) FOR UPDATE)"
            " UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL"
            " WHERE id IN (SELECT id FROM dead) RETURNING id",
            job,
        )
    )


def register(running: Sequence[int] = ()) -> int:
    """Announce a worker and return its number; jobs that it runs already become its own."""
    worker: int = rows("SELECT worker_id FROM procrastinate_register_worker_v1()")[0][0]
    if running:
        rows(
            "UPDATE procrastinate_jobs SET worker_id = %s"
            " WHERE id = ANY(%s) AND status = 'doing' AND worker_id IS NULL RETURNING id",
            worker,
            list(running),
        )
    return worker


def beat(worker: int, *, silent_seconds: float) -> bool:
    """Say that a worker lives; return False if it was taken for dead meanwhile.

    A beat ahead of the clock is from before the clock went back: it counts as of now, or a worker
    that died then would be taken for living until the clock is there again.
    """
    found = rows(
        "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = %s"
        " OR last_heartbeat > now() + make_interval(secs => %s) RETURNING id",
        worker,
        silent_seconds,
    )
    return (worker,) in found


def bring_forward(*, longest_seconds: float, far: Sequence[str]) -> int:
    """Let jobs run now that wait for longer than any pause lasts; return how many.

    They were put off by a clock that was ahead. far: names of jobs that are ordered for far days.
    """
    return len(
        rows(
            "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'"
            " AND scheduled_at > now() + make_interval(secs => %s) AND task_name <> ALL(%s)"
            " RETURNING id",
            longest_seconds,
            list(far),
        )
    )


def unregister(worker: int) -> None:
    """Say that a worker has ended."""
    rows("SELECT procrastinate_unregister_worker_v1(%s)", worker)


def stalled(worker: int, running: Sequence[int], *, silent_seconds: float) -> list[Queued]:
    """Return the jobs marked as running that nobody runs, held until the transaction ends.

    They are those of a worker silent for so long, those of no worker, and those of this worker
    that it does not know of, because the answer to its taking them was lost.
    """
    return [
        found
        for row in rows(
            f"SELECT {', '.join('job.' + column for column in _COLUMNS.split(', '))}"
            " FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker"
            " ON worker.id = job.worker_id WHERE job.status = 'doing' AND ("
            " worker.last_heartbeat < now() - make_interval(secs => %s)"
            " OR ((worker.id IS NULL OR worker.id = %s AND job.id <> ALL(%s))"
            " AND NOT EXISTS (SELECT FROM procrastinate_events WHERE job_id = job.id"
            " AND type = 'started' AND at > now() - make_interval(secs => %s))))"
            " FOR UPDATE OF job SKIP LOCKED",
            silent_seconds,
            worker,
            list(running),
            silent_seconds,
        )
        if (found := _queued([row])) is not None
    ]


def forget_silent_workers(*, silent_seconds: float) -> None:
    """Delete the workers that have been silent for so long; call it after taking up their jobs."""
    rows("SELECT worker_id FROM procrastinate_prune_stalled_workers_v1(%s)", silent_seconds)


def count_finished(*, days: int) -> int:
    """Return how many jobs have been done for so many days."""
    (found,) = rows(
        "SELECT count(*) FROM procrastinate_jobs AS done WHERE status IN"
        " ('succeeded', 'cancelled', 'aborted')"
        " AND NOT EXISTS (SELECT FROM procrastinate_events WHERE job_id = done.id"
        " AND at > now() - make_interval(days => %s))",
        days,
    )
    return int(found[0])


def delete_finished(*, days: int, most: int) -> int:
    """Delete the oldest jobs that were done for so many days, at most so many; return how many.

    Dead ones stay until somebody replays them.
    """
    return len(
        rows(
            "DELETE FROM procrastinate_jobs WHERE id IN (SELECT id FROM"
            " (SELECT id FROM procrastinate_jobs WHERE status IN"
            " ('succeeded', 'cancelled', 'aborted') ORDER BY id LIMIT %s) AS oldest"
            " WHERE NOT EXISTS (SELECT FROM procrastinate_events WHERE job_id = oldest.id"
            " AND at > now() - make_interval(days => %s))) RETURNING id",
            most,
            days,
        )
    )


def _queued(found: list[tuple[Any, ...]]) -> Queued | None:
    if not found or found[0][0] is None:
        return None
    job, name, queue, lock, arguments, attempts = found[0]
    return Queued(
        id=job,
        name=name,
        queue=queue,
        lock=lock,
        arguments=json.loads(arguments),
        attempts=attempts,
    )
