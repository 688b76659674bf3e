"""A worker: threads that run jobs and loops, and one that keeps the queue in order.

It never ends by itself: where the database is away, it waits and goes on.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable

import psycopg
import structlog
from django.db import DatabaseError, InterfaceError, connection, transaction
from psycopg.conninfo import make_conninfo

from sen.base import clock
from sen.kernel.jobs import registry, rules
from sen.kernel.jobs.adapters import queue, run
from sen.kernel.jobs.adapters.bell import Bell
from sen.kernel.jobs.data import OUTSIDE, Loop

log = structlog.get_logger(__name__)

BEAT_SECONDS = 5.0
SILENT_SECONDS = 20.0
"""After this long without a beat a worker is dead and its jobs are taken up."""
POLL_SECONDS = 2.0
"""How long a job whose time has come, or whose notification was lost, waits at most."""
AHEAD_SECONDS = 30.0
"""How often it is looked for jobs that a clock put off that was ahead."""
AWAY = (DatabaseError, InterfaceError)


class WorkerDied(Exception):
    """The worker ended while it ran this job."""


class Worker:
    """One process's worker.

    threads: how many jobs run at once; where there are several, the first takes none that waits for
    somebody outside, so that a slow one never holds back all else. loops: whether the registered
    loops run here too.
    """

    def __init__(self, *, threads: int, loops: bool = True) -> None:
        self._stopping = threading.Event()
        self._bell = Bell()
        self._number: int | None = None
        self._threads = threads
        self._current: dict[int, int] = {}
        self._looks_ahead_at = 0.0
        self._turns: dict[str, int] = {}
        work: list[tuple[str, Callable[[], None]]] = [
            (f"job-{slot}", lambda slot=slot: self._run_jobs(slot))  # type: ignore[misc]  # default binds the slot
            for slot in range(threads)
        ]
        if loops:
            work += [
                (loop.name, lambda loop=loop: self._run_loop(loop))  # type: ignore[misc]  # likewise
                for loop in registry.loops()
            ]
        self._workers = [self._thread(name, body) for name, body in work]
        self._helpers = [self._thread("listen", self._listen), self._thread("keep", self._keep)]

    def start(self) -> None:
        """Start all threads and return."""
        for thread in [*self._helpers, *self._workers]:
            thread.start()

    def stop(self, *, seconds: float) -> bool:
        """Take no new job, wait for those that run, and return whether all came to an end.

        What does not end in time is taken up by another worker once this one is silent.
        """
        self._stopping.set()
        self._bell.ring(everyone=True)
        until = time.monotonic() + seconds
        for thread in self._workers:
            thread.join(max(0.0, until - time.monotonic()))
        ended = not any(thread.is_alive() for thread in self._workers)
        if ended and self._number is not None:
            try:
                queue.unregister(self._number)
            except AWAY as error:
                log.warning("worker.not_unregistered", reason=run.reason_of(error))
        connection.close()
        return ended

    def _thread(self, name: str, body: Callable[[], None]) -> threading.Thread:
        return threading.Thread(target=self._forever, args=(name, body), name=name, daemon=True)

    def _forever(self, name: str, body: Callable[[], None]) -> None:
        """Run a body again and again until the stop, with longer pauses while it fails."""
        failures = 0
        while not self._stopping.is_set():
            try:
                body()
                failures = 0
            except Exception as error:  # noqa: BLE001 - a worker does not end because a part failed
                failures += 1
                is_away = run.is_connection_lost(error) or isinstance(error, psycopg.Error)
                log.warning(
                    "worker.part_failed",
                    part=name,
                    failures=failures,
                    reason=run.reason_of(error),
                    frames=[] if is_away else run.frames_of(error),
                )
                connection.close()
                self._stopping.wait(min(0.25 * 2 ** min(failures, 8), 5 if is_away else 60))
        connection.close()

    def _run_jobs(self, slot: int) -> None:
        """Run jobs until none is left, then sleep until the bell or the next poll."""
        if self._number is None:
            self._stopping.wait(0.05)
            return
        rings = self._bell.rings
        taker = run.Taker(self._number, self._queues_of(slot))
        job = queue.fetch(taker.worker, taker.queues)
        try:
            while job is not None:
                self._current[slot] = job.id
                job = run.run(job, taker=taker, may_fetch=lambda: not self._stopping.is_set())
                connection.close_if_unusable_or_obsolete()
        finally:
            self._current.pop(slot, None)
        if not self._stopping.is_set():
            self._bell.sleep(since=rings, seconds=POLL_SECONDS)

    def _queues_of(self, slot: int) -> list[str] | None:
        """Return the queues that a thread takes from, None for all."""
        if slot or self._threads == 1:
            return None
        return sorted({job.queue for job in registry.jobs().values()} - {OUTSIDE})

    def _run_loop(self, loop: Loop) -> None:
        pause = loop.busy_seconds
        while not self._stopping.is_set():
            if loop.run():
                pause = loop.busy_seconds
            else:
                pause = min(
                    max(pause * 2, loop.busy_seconds or loop.idle_seconds), loop.idle_seconds
                )
            if pause:
                self._stopping.wait(pause)

    def _listen(self) -> None:
        """Ring the bell for each job put into the queue, by whichever process."""
        parameters = connection.get_connection_params()
        for unwanted in ("context", "cursor_factory", "prepare_threshold"):
            parameters.pop(unwanted, None)
        with psycopg.connect(make_conninfo(**parameters), autocommit=True) as listening:
            listening.execute(f"LISTEN {queue.CHANNEL}")
            self._bell.ring(everyone=True)
            while not self._stopping.is_set():
                for _ in listening.notifies(timeout=POLL_SECONDS, stop_after=None):
                    self._bell.ring()
                listening.execute("SELECT 1")

    def _keep(self) -> None:
        """Beat, take up the jobs of the dead, and put periodic jobs into the queue."""
        if self._number is None:
            self._number = queue.register(list(self._current.values()))
            log.info("worker.started", number=self._number)
        elif not queue.beat(self._number, silent_seconds=SILENT_SECONDS):
            log.warning("worker.was_taken_for_dead", number=self._number)
            self._number = queue.register(list(self._current.values()))
        take_up_stalled(self._number, list(self._current.values()))
        if time.monotonic() >= self._looks_ahead_at:
            self._looks_ahead_at = time.monotonic() + AHEAD_SECONDS
            bring_forward()
        until = time.monotonic() + BEAT_SECONDS
        while not self._stopping.is_set() and time.monotonic() < until:
            defer_periodic(self._turns, clock.now())
            self._stopping.wait(1)


@transaction.atomic
def take_up_stalled(worker: int, running: list[int]) -> int:
    """Let the jobs that nobody runs any more fail once, so that they run again or are dead.

    Their locks are free again with it. Returns how many.
    """
    jobs = queue.stalled(worker, running, silent_seconds=SILENT_SECONDS)
    for job in jobs:
        run.failed(job, WorkerDied("the worker ended while it ran this job"))
    queue.forget_silent_workers(silent_seconds=SILENT_SECONDS)
    return len(jobs)


def bring_forward() -> int:
    """Let what a clock put off that has gone back since run now. Returns how many jobs.

    The longest pause that somebody meant is that of the retry rules.
    """
    known = registry.jobs().values()
    longest = max((job.retry.most_seconds for job in known), default=0.0)
    count = queue.bring_forward(
        longest_seconds=longest + SILENT_SECONDS, far=[job.name for job in known if job.far]
    )
    if count:
        log.warning("queue.clock_went_back", jobs=count)
    return count


def defer_periodic(turns: dict[str, int], now: dt.datetime) -> None:
    """Put the latest turn of each periodic job into the queue, unless any worker has done so.

    A turn missed while no worker ran is made up for, once. turns: what this worker knows to be
    done, changed here.
    """
    for job in registry.jobs().values():
        if job.every is None:
            continue
        due = rules.latest_turn(job.every, now)
        if turns.get(job.name) != due:
            queue.insert_periodic(job.name, job.queue, due)
            turns[job.name] = due
