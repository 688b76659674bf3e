"""The checked list of jobs, loops and growing tables that packages contribute."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.core.exceptions import ImproperlyConfigured

from sen.kernel.jobs import rules
from sen.kernel.jobs.data import Job, Loop, Partitioned

_jobs: dict[str, Job] = {}
_loops: dict[str, Loop] = {}
_tables: dict[str, Partitioned] = {}
_watches: list[Callable[[], None]] = []
_before: list[Callable[[], None]] = []


def add_job(job: Job) -> None:
    """Register a job.

    Raises ImproperlyConfigured for a name taken by another function or a wrong cron line.
    """
    known = _jobs.get(job.name)
    if known is not None and _place(known.run) != _place(job.run):
        raise ImproperlyConfigured(f"two jobs are called {job.name}")
    if job.every is not None and not rules.is_cron_line(job.every):
        raise ImproperlyConfigured(f"job {job.name} has no cron line in {job.every!r}")
    _jobs[job.name] = job


def job(name: str) -> Job:
    """Return a registered job. Raises ImproperlyConfigured for an unknown name."""
    try:
        return _jobs[name]
    except KeyError:
        raise ImproperlyConfigured(f"no job is called {name}") from None


def jobs() -> Mapping[str, Job]:
    """Return every registered job by name."""
    return dict(_jobs)


def add_loop(loop: Loop) -> None:
    """Register a loop of the worker. Raises ImproperlyConfigured for a name already taken."""
    known = _loops.get(loop.name)
    if known is not None and _place(known.run) != _place(loop.run):
        raise ImproperlyConfigured(f"two loops are called {loop.name}")
    _loops[loop.name] = loop


def loops() -> tuple[Loop, ...]:
    """Return every registered loop."""
    return tuple(_loops.values())


def add_watch(watch: Callable[[], None]) -> None:
    """Register what has to be looked after even where no worker lives."""
    if watch not in _watches:
        _watches.append(watch)


def watches() -> tuple[Callable[[], None], ...]:
    """Return what has to be looked after even where no worker lives."""
    return tuple(_watches)


def add_table(table: Partitioned) -> None:
    """Register a growing table, so that its partitions are made ahead and dropped when old."""
    _tables[table.table] = table


def tables() -> tuple[Partitioned, ...]:
    """Return every registered growing table."""
    return tuple(_tables.values())


def add_before(run: Callable[[], None]) -> None:
    """Register what happens before each job, such as forgetting what a request may remember."""
    if run not in _before:
        _before.append(run)


def before() -> tuple[Callable[[], None], ...]:
    """Return what happens before each job."""
    return tuple(_before)


def _place(function: Callable[..., object]) -> tuple[str, str]:
    return function.__module__, function.__qualname__
