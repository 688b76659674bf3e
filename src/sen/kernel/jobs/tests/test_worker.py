"""A worker: jobs and loops in threads, lost connections, dead workers, the clock."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from itertools import pairwise

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from sen.base import clock
from sen.kernel.jobs import jobs as own_jobs
from sen.kernel.jobs import public as jobs
from sen.kernel.jobs import registry
from sen.kernel.jobs.adapters import queue, worker
from sen.kernel.jobs.adapters.bell import Bell
from sen.kernel.jobs.adapters.run import run
from sen.kernel.jobs.adapters.worker import Worker
from sen.kernel.jobs.models import Failure
from sen.kernel.jobs.tests.factories import deferred


@pytest.fixture
def quick(monkeypatch):
    """Let a worker notice in a fraction of its usual time."""
    monkeypatch.setattr(worker, "BEAT_SECONDS", 0.2)
    monkeypatch.setattr(worker, "SILENT_SECONDS", 1.0)
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.5)
    monkeypatch.setattr(registry, "_loops", {})
    registry._jobs.clear()


@contextmanager
def working(**options):
    """Run a worker."""
    running = Worker(threads=2, **options)
    running.start()
    try:
        yield running
    finally:
        assert running.stop(seconds=10)


def wait_until(condition, seconds=15.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.02)


def rows(query, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall() if cursor.description else []


def is_quiet():
    return rows("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')") == [
        (0,)
    ]


NOTE = (
    "INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)"
    " VALUES ('t.note', gen_random_uuid()::text, %s)"
)
"""Writes a row anywhere; a second run of the same job would write a second one."""
NOTED = "SELECT defer_timestamp FROM procrastinate_periodic_defers ORDER BY 1"


@pytest.fixture
def notes():
    """Register a job that writes a row in its transaction."""

    @jobs.job("t.note", atomic=True)
    def note(number: int) -> None:
        rows(NOTE, number)

    return note


def test_jobs_start_within_moments_of_their_commit(committed_db, quick):
    started = []

    @jobs.job("t.stamp")
    def stamp(sent: float) -> None:
        started.append(time.time() - sent)

    with working():
        wait_until(lambda: rows("SELECT count(*) FROM procrastinate_workers") == [(1,)])
        time.sleep(0.3)
        for _ in range(5):
            jobs.defer("t.stamp", sent=time.time())
            wait_until(is_quiet)

    assert len(started) == 5
    assert sorted(started)[2] < 0.1
    assert rows("SELECT count(*) FROM procrastinate_workers") == [(0,)]


def test_jobs_that_wait_for_somebody_outside_leave_a_thread_to_all_else(committed_db, quick):
    release, sent, done = threading.Event(), [], threading.Event()

    @jobs.job("t.send", queue=jobs.OUTSIDE)
    def send() -> None:
        release.wait(15)
        sent.append(1)

    @jobs.job("t.note")
    def note() -> None:
        done.set()

    with working():
        jobs.defer_many("t.send", [{}, {}, {}])
        wait_until(lambda: jobs.states()[0].counts.get("doing"))
        jobs.defer("t.note")
        assert done.wait(5)
        assert sent == []
        release.set()
        wait_until(lambda: len(sent) == 3)


def test_a_lone_thread_takes_every_job(committed_db, quick):
    done = threading.Event()

    @jobs.job("t.send", queue=jobs.OUTSIDE)
    def send() -> None:
        done.set()

    lone = Worker(threads=1)
    lone.start()
    jobs.defer("t.send")
    assert done.wait(10)
    assert lone.stop(seconds=10)


def test_loops_run_and_outlive_their_failures(committed_db, quick):
    rounds = []

    def loop() -> int:
        rounds.append(time.monotonic())
        if len(rounds) == 2:
            raise ValueError("round")
        return 1 if len(rounds) < 4 else 0

    jobs.register_loop("t.loop", 0.05, loop)
    with working():
        wait_until(lambda: len(rounds) > 6)

    pauses = [later - earlier for earlier, later in pairwise(rounds)]
    assert pauses[2] < 0.05 <= pauses[4]


def test_a_worker_can_leave_the_loops_to_others(committed_db, quick):
    rounds = []
    jobs.register_loop("t.loop", 0.05, lambda: rounds.append(1) or 0)

    with working(loops=False):
        time.sleep(0.3)

    assert rounds == []


def test_no_job_is_lost_or_dead_when_connections_break(committed_db, quick, notes, owner_sql):
    @jobs.job("t.slow")
    def slow() -> None:
        time.sleep(0.02)
        rows("SELECT 1")

    with working():
        for number in range(1, 121):
            jobs.defer("t.note", number=number)
            jobs.defer("t.slow")
            if number % 20 == 0:
                rows(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND usename = current_user"
                    " AND pid <> pg_backend_pid()"
                )
        wait_until(is_quiet, 30)

    assert rows("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1") == [
        ("succeeded", 240)
    ]
    assert rows(NOTED) == [(number,) for number in range(1, 121)]


def test_the_job_of_a_silent_worker_is_taken_up_and_its_lock_freed(committed_db, quick, owner_sql):
    done = []

    @jobs.job("t.note")
    def note(text: str) -> None:
        done.append(text)

    first = deferred("t.note", lock="l", text="first")
    jobs.defer("t.note", lock="l", text="second")
    dead = queue.register()
    assert queue.fetch(dead).id == first
    rows("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")

    with working():
        wait_until(is_quiet)

    assert sorted(done) == ["first", "second"]
    assert rows("SELECT id FROM procrastinate_workers WHERE id = %s", dead) == []
    failure = Failure.objects.get(job_id=first)
    assert failure.reason == "WorkerDied: the worker ended while it ran this job"


def test_a_worker_that_died_while_the_clock_was_ahead_is_known_to_be_dead(committed_db, quick):
    """Its last sign is of tomorrow: any other's next one sets it right."""
    dead, other = queue.register(), queue.register()
    rows("UPDATE procrastinate_workers SET last_heartbeat = now() + interval '40 hours'"
         " WHERE id = %s", dead)  # fmt: skip

    assert queue.beat(other, silent_seconds=20) is True

    assert rows(
        "SELECT count(*) FROM procrastinate_workers"
        " WHERE last_heartbeat BETWEEN now() - interval '1 minute' AND now()"
    ) == [(2,)]
    rows("DELETE FROM procrastinate_workers WHERE id = %s", other)
    assert queue.beat(other, silent_seconds=20) is False


def test_what_a_clock_put_off_that_was_ahead_runs_soon(committed_db, quick):
    """Pauses no rule knows are none; a job ordered for a far day waits for it."""

    @jobs.job("t.again")
    def again() -> None:
        """Is tried again."""

    @jobs.job("t.far", far=True)
    def far() -> None:
        """Is meant for its day."""

    now, hours = clock.now(), dt.timedelta(hours=1)
    put_off = [deferred("t.again", at=now + 40 * hours), deferred("t.again", at=now + 9 * hours)]
    far_off = deferred("t.far", at=now + 40 * hours)

    assert (worker.bring_forward(), worker.bring_forward()) == (1, 0)

    due = rows("SELECT id FROM procrastinate_jobs WHERE scheduled_at <= now()")
    assert due == [(put_off[0],)]
    assert far_off not in {row[0] for row in due}


def test_a_job_that_kills_its_workers_is_dead_in_the_end(committed_db, quick):
    @jobs.job("t.killer", retry=jobs.ONCE)
    def killer() -> None:
        """Never gets so far."""

    job = deferred("t.killer")
    queue.fetch(queue.register())
    rows("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")

    assert worker.take_up_stalled(queue.register(), []) == 1
    assert [dead.id for dead in jobs.dead()] == [job]


def test_a_job_taken_without_its_worker_knowing_is_taken_up(committed_db, quick, notes):
    number = queue.register()
    jobs.defer("t.note", number=1)
    taken = queue.fetch(number)
    assert worker.take_up_stalled(number, []) == 0

    rows("UPDATE procrastinate_events SET at = at - interval '1 minute'")

    assert worker.take_up_stalled(number, [taken.id]) == 0
    assert worker.take_up_stalled(number, []) == 1


def test_a_worker_taken_for_dead_announces_itself_again(committed_db, quick):
    release = threading.Event()

    @jobs.job("t.long")
    def long() -> None:
        release.wait(10)

    with working() as running:
        wait_until(lambda: running._number is not None)
        job = deferred("t.long")
        wait_until(lambda: running._current)
        rows("DELETE FROM procrastinate_workers")
        wait_until(
            lambda: rows("SELECT worker_id FROM procrastinate_jobs WHERE worker_id IS NOT NULL")
        )
        assert rows("SELECT worker_id FROM procrastinate_jobs WHERE id = %s", job) == [
            (running._number,)
        ]
        release.set()
        wait_until(is_quiet)

    assert rows("SELECT status::text, attempts FROM procrastinate_jobs") == [("succeeded", 1)]


def test_what_a_late_worker_wrote_is_undone_if_another_has_ended_the_job(committed_db, notes):
    jobs.defer("t.note", number=1)
    taken = queue.fetch(None)
    queue.finish(taken.id)

    assert run(taken) is None
    assert (rows(NOTED), Failure.objects.count(), jobs.dead()) == ([], 0, [])


def test_a_job_that_did_its_work_waits_for_the_database(committed_db):
    @jobs.job("t.cut")
    def cut() -> None:
        rows("SELECT 1")
        connection.connection.close()

    jobs.defer("t.cut")

    assert run(queue.fetch(None)) is None
    assert rows("SELECT status::text, attempts FROM procrastinate_jobs") == [("succeeded", 1)]


def test_a_job_ended_by_another_worker_is_left_as_it_is(committed_db):
    @jobs.job("t.free")
    def free() -> None:
        """Nothing to undo."""

    job = deferred("t.free")
    taken = queue.fetch(None)
    queue.finish(job)

    assert run(taken) is None
    assert rows("SELECT status::text FROM procrastinate_jobs") == [("succeeded",)]


def test_one_job_leads_to_the_next(committed_db, notes):
    jobs.defer("t.note", number=1)
    second = deferred("t.note", number=2)

    following = run(queue.fetch(None), may_fetch=lambda: True)

    assert following.id == second
    assert run(following, may_fetch=lambda: True) is None


def test_a_stop_waits_for_what_runs_and_takes_nothing_new(committed_db, quick):
    begun, release = threading.Event(), threading.Event()

    @jobs.job("t.long")
    def long() -> None:
        begun.set()
        release.wait(10)

    running = Worker(threads=1)
    running.start()
    jobs.defer("t.long")
    jobs.defer("t.long")
    assert begun.wait(10)

    assert running.stop(seconds=0.1) is False
    assert rows("SELECT count(*) FROM procrastinate_workers") == [(1,)]
    release.set()
    assert running.stop(seconds=10) is True
    assert rows("SELECT status::text FROM procrastinate_jobs ORDER BY id") == [
        ("succeeded",),
        ("todo",),
    ]


def test_periodic_jobs_come_once_a_turn_whoever_asks(committed_db, monkeypatch):
    registry._jobs.clear()
    jobs.job("t.daily", every="0 2 * * *")(lambda: None)
    jobs.job("t.never")(lambda: None)
    at = dt.datetime(2026, 11, 21, 12, tzinfo=clock.ZONE)
    known: dict[str, int] = {}

    worker.defer_periodic(known, at)
    worker.defer_periodic(known, at + dt.timedelta(hours=1))
    worker.defer_periodic({}, at + dt.timedelta(hours=2))
    assert jobs.pending() == 1
    worker.defer_periodic(known, at + dt.timedelta(days=1))
    assert jobs.pending() == 2


def test_the_queues_own_jobs_do_their_work(committed_db):
    own_jobs.purge()
    own_jobs.partition()

    assert {job.every for job in registry.jobs().values() if job.name.startswith("jobs.")} == {
        "17 2 * * *",
        "27 2 * * *",
    }


def test_a_bell_is_not_missed_by_one_who_is_just_lying_down():
    bell = Bell()
    rings = bell.rings
    bell.ring()
    began = time.monotonic()

    bell.sleep(since=rings, seconds=5)

    assert time.monotonic() - began < 1


PROGRAM = f"""
NOTE = {NOTE!r}
import sys, time
import django
django.setup()
from django.db import connection
from sen.kernel.jobs import public as jobs, registry
from sen.kernel.jobs.adapters import worker
registry._loops.clear()
registry._jobs.clear()
worker.BEAT_SECONDS, worker.SILENT_SECONDS = 0.2, 1.0

@jobs.job("t.once", atomic=True)
def once(number):
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [number])
        cursor.execute("SELECT pg_sleep(0.02)")

from django.core.management import call_command
call_command("worker", threads=2)
"""


@pytest.mark.storm
def test_killed_workers_lose_no_job_and_do_none_twice(committed_db):
    """Trial M6: stock behaviour leaves the job of a killed worker running for ever."""
    database = settings.DATABASES["default"]
    address = (
        f"postgresql://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}"
        f"?host={database['HOST']}&port={database['PORT']}"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": os.environ.get(
            "DJANGO_SETTINGS_MODULE", "sen.config.settings_test"
        ),
    }
    jobs.job("t.once", atomic=True)(lambda: None)
    jobs.defer_many(
        "t.once", [{"arguments": {"number": n}, "lock": f"l{n % 7}"} for n in range(150)]
    )

    def start():
        return subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment)

    running = [start(), start()]
    try:
        for turn in range(3):
            wait_until(
                lambda turn=turn: (
                    rows("SELECT count(*) FROM procrastinate_periodic_defers")[0][0]
                    > 20 * (turn + 1)
                ),
                30,
            )
            running[turn % 2].kill()
            running[turn % 2].wait()
            running[turn % 2] = start()
        wait_until(is_quiet, 60)
        wait_until(lambda: rows("SELECT count(*) FROM procrastinate_workers") == [(2,)])
        for process in running:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(30) for process in running] == [0, 0]
    finally:
        for process in running:
            process.kill()
            process.wait()

    assert rows(NOTED) == [(number,) for number in range(150)]
    assert rows("SELECT count(*) FROM procrastinate_jobs WHERE status <> 'succeeded'") == [(0,)]


def test_the_command_ends_when_asked(committed_db, quick, monkeypatch):
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGTERM)).start()
    try:
        call_command("worker", threads=1, no_loops=True)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)

    assert rows("SELECT count(*) FROM procrastinate_workers") == [(0,)]
