"""The verbs: put jobs into the queue, run them here, replay a dead one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import connection, connections, transaction

from sen.base import clock, partitions
from sen.base.actor import Actor
from sen.base.errors import NotFound
from sen.kernel.database.public import Part
from sen.kernel.jobs import registry
from sen.kernel.jobs.adapters import queue
from sen.kernel.jobs.adapters import run as running
from sen.kernel.jobs.adapters.queue import NewJob
from sen.kernel.jobs.data import Deferral

KEEP_DAYS = 7
PURGE_BATCH = 5000
OWNER = "owner"
"""The alias of the role that owns the tables."""


def defer(
    name: str,
    *,
    at: dt.datetime | None = None,
    lock: str | None = None,
    queueing_lock: str | None = None,
    priority: int = 0,
    **arguments: object,
) -> None:
    """Put a job into the queue with whatever else the caller's transaction writes.

    name: a registered job. at: not before. lock: jobs of one lock run one after another, in the
    order in which they came. queueing_lock: while a job with it waits, another is not added.
    priority: higher runs first. arguments: plain values that JSON can carry.
    Raises ImproperlyConfigured for an unknown name.
    """
    new = NewJob(
        name=name,
        queue=registry.job(name).queue,
        arguments=arguments,
        lock=lock,
        queueing_lock=queueing_lock,
        priority=priority,
        at=at,
    )
    queue.insert([new])


def defer_many(name: str, jobs: Sequence[Deferral]) -> None:
    """Put many jobs of one name into the queue, in their order."""
    known = registry.job(name)
    if not jobs:
        return
    queue.insert(
        [
            NewJob(
                name=name,
                queue=job.get("queue") or known.queue,
                arguments=job.get("arguments", {}),
                lock=job.get("lock"),
            )
            for job in jobs
        ]
    )


def defer_each(name: str, *, argument: str, rows: str) -> Part:
    """Return the part of a gathered statement that defers a job for each row of another part.

    rows: the other part's name; its column `id` becomes the job's one argument, as text.
    """
    return queue.insert_each(name, registry.job(name).queue, argument=argument, rows=rows)


def run_pending(*, limit: int = 1000) -> int:
    """Run the jobs that are due in this process until none is left; return how many ran.

    For tests and commands: the same code as a worker's, on this thread's connection.
    """
    count = 0
    while count < limit and (job := queue.fetch(None)) is not None:
        running.run(job)
        count += 1
    return count


def replay(*, actor: Actor, job_id: int) -> None:  # noqa: ARG001 - every verb says who acts
    """Let a job that failed run now, with all its tries before it. One statement.

    It is dead, or waits for its next try. The right to do so is checked, and the act recorded, by
    whoever offers it (`administration`): access and audit stand above this package. Raises NotFound
    if no job that failed has this id.
    """
    if not queue.revive(job_id):
        raise NotFound


def purge_finished(*, days: int = KEEP_DAYS) -> int:
    """Delete the jobs that were done for so many days; return how many. Dead ones stay."""
    count = 0
    while deleted := queue.delete_finished(days=days, most=PURGE_BATCH):
        count += deleted
    return count


def count_finished(*, days: int = KEEP_DAYS) -> int:
    """Return how many jobs `purge_finished` would delete."""
    return queue.count_finished(days=days)


def missing_partitions(limit: int, *, on: dt.date | None = None) -> list[str]:
    """Return the partitions that are missing of the months from this one to a year ahead."""
    day = on or clock.day(clock.now())
    wanted = {
        partitions.name_of(table.table, month)
        for table in registry.tables()
        for month in partitions.months_from(day, before=0)
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relispartition")
        return sorted(wanted - {row[0] for row in cursor.fetchall()})[:limit]


def keep_partitions(*, on: dt.date) -> tuple[list[str], list[str]]:
    """Make the partitions of the year ahead and drop those kept long enough, as the owner.

    Returns the names of those made and of those dropped. Each table is a transaction of its own
    that gives up after three seconds rather than hold up those who write; the next turn goes on.
    """
    made: list[str] = []
    dropped: list[str] = []
    role = str(settings.DATABASES["default"]["USER"])
    for table in registry.tables():
        with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '3s'")
            cursor.execute(
                "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass",
                [table.table],
            )
            existing = {row[0] for row in cursor.fetchall()}
            for month in partitions.months_from(on):
                name = partitions.name_of(table.table, month)
                if name not in existing:
                    cursor.execute(partitions.create_sql(table.table, month))
                    cursor.execute(partitions.close_sql(name, role))
                    made.append(name)
            if table.keep_months is not None:
                for month in partitions.outdated(
                    table.table, existing, on=on, keep_months=table.keep_months
                ):
                    cursor.execute(partitions.drop_sql(table.table, month))
                    dropped.append(partitions.name_of(table.table, month))
    return made, dropped
