"""The verbs: put jobs into the queue, run them here, replay a dead one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection, transaction

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import NotFound
from sen.kernel.jobs import registry
from sen.kernel.jobs.adapters import queue
from sen.kernel.jobs.adapters import run as running
from sen.kernel.jobs.adapters.queue import NewJob
from sen.kernel.jobs.data import Deferral


def defer(
    name: str,
    *,
    at: dt.datetime | None = None,
    lock: str | None = None,
    queueing_lock: str | None = None,
    priority: int = 0,
    **arguments: object,
) -> int:
    """Put a job into the queue within the caller's transaction and return its id. One statement.

    name: a registered job. at: not before. lock: jobs of one lock run one after another, in the
    order in which they came. queueing_lock: while a job with it waits, another is not added and 0
    is returned. priority: higher runs first. arguments: plain values that JSON can carry.
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
    ids = queue.insert([new])
    return ids[0] if ids else 0


def defer_many(name: str, jobs: Sequence[Deferral]) -> list[int]:
    """Put many jobs of one name into the queue, in their order; return their ids. One statement."""
    known = registry.job(name)
    if not jobs:
        return []
    return queue.insert(
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


def run_pending(*, limit: int = 1000) -> int:
    """Run the jobs that are due in this process until none is left; return how many ran.

    For tests and commands: the same code as a worker's, on this thread's connection.
    """
    count = 0
    while count < limit and (job := queue.fetch(None)) is not None:
        running.run(job, then_fetch=False)
        count += 1
    return count


@transaction.atomic
def replay(*, actor: Actor, job_id: int) -> None:  # noqa: ARG001 - the right is checked above us
    """Put a dead job back into the queue, with all its tries before it.

    The right to do so is checked by whoever offers it (`administration`), which stands above.
    Raises NotFound if no dead job has this id.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM procrastinate_jobs WHERE id = %s AND status = 'failed' FOR UPDATE",
            [job_id],
        )
        if cursor.rowcount == 0:
            raise NotFound
        queue.retry(job_id, clock.now())
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 0 WHERE id = %s", [job_id])
