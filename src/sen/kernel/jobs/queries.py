"""The reads: what waits, what is dead."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from sen.kernel.jobs.data import DeadJob, Depth, Pulse, QueueState


def dead(*, limit: int = 50, name: str | None = None) -> list[DeadJob]:
    """Return the jobs that failed for good, the latest first."""
    return _failed("status = 'failed'", limit=limit, name=name)


def failing(*, limit: int = 50, name: str | None = None) -> list[DeadJob]:
    """Return the jobs that failed and will be tried again by themselves, the latest first."""
    return _failed("status = 'todo' AND job.attempts > 0", limit=limit, name=name)


def _failed(which: str, *, limit: int, name: str | None) -> list[DeadJob]:
    found = rows(
        "SELECT job.id, task_name, queue_name, args, lock, job.attempts, reason, failed_at,"
        " CASE status WHEN 'todo' THEN scheduled_at END"
        " FROM procrastinate_jobs job LEFT JOIN jobs_failure failure ON job_id = job.id"
        f" WHERE {which} AND (%s::text IS NULL OR task_name = %s)"
        " ORDER BY job.id DESC LIMIT %s",
        name,
        name,
        limit,
    )
    return [
        DeadJob(
            id=row[0],
            name=row[1],
            queue=row[2],
            arguments=json.loads(row[3]),
            lock=row[4],
            attempts=row[5],
            reason=row[6] or "",
            failed_at=row[7],
            due_at=row[8],
        )
        for row in found
    ]


def pending(names: str | None = None) -> int:
    """Return how many jobs wait or run. names: only those whose name begins so."""
    return int(
        rows(
            "SELECT count(*) FROM procrastinate_jobs"
            " WHERE status IN ('todo', 'doing') AND starts_with(task_name, %s)",
            names or "",
        )[0][0]
    )


def states() -> list[QueueState]:
    """Return how many jobs of each name there are in each state, by name."""
    found: dict[str, dict[str, int]] = {}
    for name, status, count in rows(
        "SELECT task_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2 ORDER BY 1"
    ):
        found.setdefault(name, {})[status] = count
    return [QueueState(name=name, counts=counts) for name, counts in found.items()]


def pulse(*, silent_seconds: float = 20) -> Pulse:
    """Return whether workers live and how long due jobs have waited. Two statements.

    A job waits since it was put into the queue, or since the moment for which it was ordered.
    """
    [beat] = rows(
        "SELECT count(*) FILTER (WHERE last_heartbeat > now() - make_interval(secs => %s)),"
        " max(last_heartbeat) FROM procrastinate_workers",
        silent_seconds,
    )
    [due] = rows(
        "SELECT count(*), min(coalesce(job.scheduled_at, put.at)) FROM procrastinate_jobs job"
        " LEFT JOIN procrastinate_events put ON put.job_id = job.id AND put.type = 'deferred'"
        " WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())"
    )
    return Pulse(workers=beat[0], seen_at=beat[1], waiting=due[0], oldest_at=due[1])


def depth() -> Depth:
    """Return what stands in the queues, without the many that are done. Three statements."""
    found = pulse()
    counted = rows(
        "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs"
        " WHERE status = 'todo' GROUP BY 1, 2 UNION ALL"
        " SELECT queue_name, status::text, count(*) FROM procrastinate_jobs"
        " WHERE status = 'doing' GROUP BY 1, 2 UNION ALL"
        " SELECT queue_name, status::text, count(*) FROM procrastinate_jobs"
        " WHERE status = 'failed' GROUP BY 1, 2"
    )
    return Depth(
        by_state={(queue, state): count for queue, state, count in counted},
        oldest_at=found.oldest_at,
        workers=found.workers,
    )


def count_dead(*, name: str | None = None, but: str | None = None) -> int:
    """Return how many jobs failed for good. name: only this one's; but: all except this one's."""
    return int(
        rows(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"
            " AND (%s::text IS NULL OR task_name = %s) AND (%s::text IS NULL OR task_name <> %s)",
            name, name, but, but,
        )[0][0]
    )  # fmt: skip


def rows(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Return what one statement gives, on Django's connection."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
