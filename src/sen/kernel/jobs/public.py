"""The door of the jobs: register, defer, look at the queue, replay what died."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from sen.kernel.jobs import registry
from sen.kernel.jobs.data import (
    DEFAULT_RETRY,
    ONCE,
    OUTSIDE,
    DeadJob,
    Deferral,
    Depth,
    Job,
    Loop,
    Partitioned,
    Pulse,
    QueueState,
    RetryRule,
)
from sen.kernel.jobs.queries import count_dead, dead, depth, failing, pending, pulse, states
from sen.kernel.jobs.registry import tables as growing_tables
from sen.kernel.jobs.services import (
    KEEP_DAYS,
    count_finished,
    defer,
    defer_each,
    defer_many,
    keep_partitions,
    purge_finished,
    replay,
    run_pending,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

__all__ = [
    "DEFAULT_RETRY", "KEEP_DAYS", "ONCE", "OUTSIDE", "DeadJob", "Deferral", "Depth", "Partitioned",
    "Pulse", "QueueState", "RetryRule", "count_dead", "count_finished", "dead", "defer",
    "defer_each", "defer_many", "depth", "failing", "growing_tables", "job", "keep_partitions",
    "pending", "pulse", "purge_finished", "register_before_job", "register_loop",
    "register_partitions", "register_watch", "replay", "run_pending", "states",
    "watch_without_worker",
]  # fmt: skip

Function = TypeVar("Function", bound=Callable[..., None])


def job(
    name: str,
    *,
    queue: str = "default",
    retry: RetryRule = DEFAULT_RETRY,
    every: str | None = None,
    atomic: bool = False,
    far: bool = False,
) -> Callable[[Function], Function]:
    """Register a function of a `jobs.py` as the job of this name.

    name: `package.what_it_does`; it stays the same as long as such jobs may wait in a queue.
    every: a cron line in the law's zone; the job then also comes by the clock, without arguments.
    queue: `OUTSIDE` for a job that waits for somebody else's machine.
    atomic: run it in one transaction with the job's end: its writes are there exactly once. Leave
    it off where the job talks to the network; it may then run twice and opens transactions itself.
    far: it may be ordered for a day far ahead. Any other job that stands there for later than the
    longest pause was put there by a clock that has gone back since, and runs soon.
    """

    def register(run: Function) -> Function:
        registry.add_job(
            Job(name=name, run=run, queue=queue, retry=retry, every=every, atomic=atomic, far=far)
        )
        return run

    return register


def register_loop(
    name: str, every_seconds: float, run: Callable[[], int], *, busy_seconds: float = 0
) -> None:
    """Register work that each worker does again and again beside the jobs.

    run: one round; returns how much it did. every_seconds: the pause after an empty round.
    busy_seconds: the pause after a round that did something, none by default; pauses then double
    up to the other.
    """
    registry.add_loop(
        Loop(
            name=name,
            run=run,
            idle_seconds=every_seconds,
            busy_seconds=min(busy_seconds, every_seconds),
        )
    )


def register_watch(name: str, every_seconds: float, watch: Callable[[], None]) -> None:
    """Register a loop that somebody has to run even where no worker lives: a web process then does.

    watch: one round; several may come at once, on several machines, so it sees to being one.
    """

    def run() -> int:
        watch()
        return 0

    registry.add_loop(
        Loop(name=name, run=run, idle_seconds=every_seconds, busy_seconds=every_seconds)
    )
    registry.add_watch(watch)


def watch_without_worker() -> bool:
    """Run what is to be looked after if no worker lives; return whether none did."""
    if pulse().workers:
        return False
    for watch in registry.watches():
        watch()
    return True


def register_partitions(
    table: str, *, title: StrOrPromise = "", keep_months: int | None = None
) -> None:
    """Register a table cut by months of its ids (`sen.base.partitions`): made ahead, dropped old.

    title: what it holds, for people. keep_months: how many whole months stay before the present
    one; None keeps all.
    """
    registry.add_table(Partitioned(table=table, title=title, keep_months=keep_months))


def register_before_job(run: Callable[[], None]) -> None:
    """Register what happens before each job, such as forgetting what a request may remember."""
    registry.add_before(run)
