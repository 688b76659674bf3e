"""Values of the jobs: the retry rule, a dead letter, a loop, a partitioned table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryRule:
    """How often a job that failed is tried again, and after how long.

    tries: how many times it runs in all before it is dead. first_seconds: the first wait; each
    later wait is `factor` times as long, at most `most_seconds`.
    """

    tries: int = 8
    first_seconds: float = 5
    factor: float = 5.0
    most_seconds: float = 10 * 3600

    def __post_init__(self) -> None:
        if self.tries < 1 or self.first_seconds < 0 or self.factor < 1:
            raise ValueError("a retry rule needs at least one try and growing waits")


DEFAULT_RETRY = RetryRule()
"""Eight tries over about a day: after 5 s, 25 s, 2 min, 10 min, 52 min, 4 h 20 min, 10 h."""

OUTSIDE = "messages"
"""The queue of jobs that wait for somebody outside, who may be slow: they never take a worker's
last thread."""

ONCE = RetryRule(tries=1)
"""No second try: for a job whose next turn comes by the clock anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A registered job: its name in the queue, its function and how it is retried.

    atomic: the work and the job's end are one transaction. every: the cron line of its turns. far:
    it may be ordered for a far day; any other waits no longer than a retry rule says.
    """

    name: str
    run: Callable[..., None]
    queue: str = "default"
    retry: RetryRule = DEFAULT_RETRY
    every: str | None = None
    atomic: bool = False
    far: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadJob:
    """A job that failed: what it was asked, how often it was tried, why it failed last.

    due_at: when it is tried again by itself; None where it failed for good.
    """

    id: int
    name: str
    queue: str
    arguments: Mapping[str, object]
    lock: str | None
    attempts: int
    reason: str
    failed_at: dt.datetime | None
    due_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """Work that a worker does again and again beside the jobs.

    run: does one round and returns how much it did; more than nothing means another round at once.
    idle_seconds: the longest pause between two rounds; busy_seconds: the first pause after work,
    from which pauses double.
    """

    name: str
    run: Callable[[], int]
    idle_seconds: float
    busy_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Partitioned:
    """A table cut by months of its ids. keep_months: None keeps every month for ever.

    title: what it holds, for people; empty for its name.
    """

    table: str
    title: StrOrPromise = ""
    keep_months: int | None = None


class Deferral(TypedDict, total=False):
    """One of many jobs deferred at once."""

    arguments: Mapping[str, object]
    lock: str | None
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """How many jobs of one name wait, run, failed for good and are done."""

    name: str
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """What stands in the queues now. by_state: jobs by queue and state, but for those done.

    oldest_at: since when the first due job has waited; workers: alive now.
    """

    by_state: Mapping[tuple[str, str], int]
    oldest_at: dt.datetime | None
    workers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """Whether work gets done. workers: alive now. seen_at: the latest sign of any worker.

    waiting: jobs that are due and that nobody has begun. oldest_at: since when the first of them
    has been due.
    """

    workers: int
    seen_at: dt.datetime | None
    waiting: int
    oldest_at: dt.datetime | None
