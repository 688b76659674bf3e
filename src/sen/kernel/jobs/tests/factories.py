"""Jobs in the queue."""

from __future__ import annotations

from typing import Any

from django.db import connection

from sen.kernel.jobs import public as jobs


def deferred(name: str, **options: Any) -> int:
    """Defer a job and return its id, which the queue gives."""
    jobs.defer(name, **options)
    return newest(name)


def newest(name: str) -> int:
    """Return the id of the last job of this name that was put into the queue."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM procrastinate_jobs WHERE task_name = %s", [name])
        found: int = cursor.fetchone()[0]
    return found
