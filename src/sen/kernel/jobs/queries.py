"""The reads: what waits, what is dead."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from sen.kernel.jobs.data import DeadJob, QueueState


def dead(*, limit: int = 50, name: str | None = None) -> list[DeadJob]:
    """Return the jobs that failed for good, the latest first."""
    found = rows(
        "SELECT job.id, task_name, queue_name, args, lock, job.attempts, reason, failed_at"
        " FROM procrastinate_jobs job LEFT JOIN jobs_failure failure ON job_id = job.id"
        " WHERE status = 'failed' AND (%s::text IS NULL OR task_name = %s)"
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


def rows(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Return what one statement gives, on Django's connection."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
