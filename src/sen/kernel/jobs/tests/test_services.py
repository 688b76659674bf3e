"""Jobs put into the queue, run, failing, dead, replayed, deleted."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, OperationalError, connection, transaction

from sen.base import clock
from sen.base.actor import COMMAND
from sen.base.errors import Invalid, NotFound
from sen.kernel.jobs import public as jobs
from sen.kernel.jobs import services
from sen.kernel.jobs.adapters import queue, run
from sen.kernel.jobs.adapters.run import is_connection_lost
from sen.kernel.jobs.models import Failure
from sen.kernel.jobs.tests.factories import deferred, newest

pytestmark = pytest.mark.django_db


@pytest.fixture
def done():
    """Register a job that notes its arguments."""
    found: list[object] = []

    @jobs.job("t.note")
    def note(text: str = "") -> None:
        found.append(text)

    return found


def make_due(job: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE id = %s", [job])


def status(job: int) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, attempts FROM procrastinate_jobs WHERE id = %s", [job])
        return cursor.fetchone()


def test_defer_is_one_statement_and_the_job_runs(done, assert_statements):
    with assert_statements(1):
        jobs.defer("t.note", text="một")
    job = newest("t.note")

    assert (jobs.pending(), jobs.pending("t."), jobs.pending("u.")) == (1, 1, 0)
    assert jobs.run_pending() == 1
    assert (done, status(job), jobs.pending()) == (["một"], ("succeeded", 1), 0)


def test_a_job_goes_with_its_callers_transaction(done):
    with transaction.atomic():
        jobs.defer("t.note", text="never")
        transaction.set_rollback(True)

    assert (jobs.run_pending(), done) == (0, [])


def test_defer_many_is_one_statement_and_keeps_the_order(done, assert_statements):
    with assert_statements(1):
        jobs.defer_many("t.note", [{"arguments": {"text": str(n)}, "lock": "l"} for n in range(5)])

    assert jobs.run_pending() == 5
    assert done == ["0", "1", "2", "3", "4"]


def test_defer_many_of_nothing_asks_nothing(done, assert_statements):
    with assert_statements(0):
        jobs.defer_many("t.note", [])

    assert jobs.pending() == 0


def test_what_one_transaction_defers_is_one_statement_and_keeps_its_order(done, assert_statements):
    with assert_statements(1):
        jobs.defer("t.note", text="0", lock="l")
        jobs.defer_many("t.note", [{"arguments": {"text": n}, "lock": "l"} for n in "12"])
        jobs.defer("t.note", text="3", lock="l")

    assert (jobs.run_pending(), done) == (4, ["0", "1", "2", "3"])


def test_an_unknown_job_is_not_deferred():
    with pytest.raises(ImproperlyConfigured):
        jobs.defer("t.none")
    with pytest.raises(ImproperlyConfigured):
        jobs.defer_many("t.none", [{}])


def test_a_job_waits_for_its_moment(done):
    jobs.defer("t.note", at=clock.now() + dt.timedelta(hours=1))

    assert (jobs.run_pending(), jobs.pending()) == (0, 1)


def test_a_higher_priority_runs_first(done):
    jobs.defer("t.note", text="later")
    jobs.defer("t.note", text="first", priority=1)

    jobs.run_pending()

    assert done == ["first", "later"]


def test_a_queueing_lock_lets_one_wait(done):
    jobs.defer("t.note", queueing_lock="q")
    jobs.defer("t.note", queueing_lock="q")  # with the first, in one statement
    assert jobs.pending() == 1
    jobs.defer("t.note", queueing_lock="q")  # after it

    assert (jobs.pending(), jobs.run_pending()) == (1, 1)
    jobs.defer("t.note", queueing_lock="q")
    assert jobs.pending() == 1


def test_machinery_of_a_job_is_at_most_three_statements(done, django_assert_num_queries):
    with django_assert_num_queries(3):
        jobs.defer("t.note")
        taken = queue.fetch(None)
        queue.finish_and_fetch(taken.id, None)


def test_a_failing_job_waits_for_its_next_try_with_its_reason(done):
    @jobs.job("t.fail", retry=jobs.RetryRule(tries=2))
    def fail() -> None:
        raise ValueError("sai\nriêng tư")

    job = deferred("t.fail", lock="l")
    after = deferred("t.note", text="after", lock="l")

    assert jobs.run_pending() == 1
    failure = Failure.objects.get(job_id=job)
    assert (failure.attempts, failure.reason) == (1, "ValueError: sai")
    assert (status(job), status(after)) == (("todo", 1), ("todo", 0))
    assert jobs.run_pending() == 0


def test_a_job_out_of_tries_is_dead_and_frees_its_lock(done):
    @jobs.job("t.fail", queue="slow", retry=jobs.RetryRule(tries=2))
    def fail(code: str) -> None:
        raise ValueError(code)

    job = deferred("t.fail", lock="l", code="7")
    jobs.defer("t.note", text="after", lock="l")
    jobs.run_pending()
    make_due(job)

    assert jobs.run_pending() == 2
    (dead,) = jobs.dead()
    assert (dead.id, dead.name, dead.queue, dead.arguments, dead.lock, dead.attempts) == (
        job, "t.fail", "slow", {"code": "7"}, "l", 2,
    )  # fmt: skip
    assert (dead.reason, done) == ("ValueError: 7", ["after"])
    assert abs(dead.failed_at - clock.now()) < dt.timedelta(minutes=1)
    assert [dead.id for dead in jobs.dead(name="t.fail")] == [job]
    assert jobs.dead(name="t.other") == []


def test_a_dead_job_is_replayed_with_all_its_tries(django_assert_num_queries):
    outcomes = [ZeroDivisionError, None]

    @jobs.job("t.fail", retry=jobs.ONCE)
    def fail() -> None:
        if error := outcomes.pop(0):
            raise error

    job = deferred("t.fail")
    jobs.run_pending()

    with django_assert_num_queries(1):
        jobs.replay(actor=COMMAND, job_id=job)

    assert (status(job), jobs.run_pending(), status(job)) == (("todo", 0), 1, ("succeeded", 1))
    assert jobs.dead() == []


def test_a_job_that_waits_for_its_next_try_is_seen_and_can_run_now(done):
    outcomes = [ValueError("chưa có"), None]

    @jobs.job("t.fail")
    def fail() -> None:
        if error := outcomes.pop(0):
            raise error

    job = deferred("t.fail")
    jobs.defer("t.note", at=clock.now() + dt.timedelta(hours=1))
    jobs.run_pending()

    [failing] = jobs.failing()
    assert (failing.id, failing.attempts, failing.reason) == (job, 1, "ValueError: chưa có")
    assert failing.due_at > clock.now()
    assert (jobs.dead(), jobs.failing(name="t.note")) == ([], [])
    jobs.replay(actor=COMMAND, job_id=job)
    assert (jobs.run_pending(), status(job), jobs.failing()) == (1, ("succeeded", 1), [])


def test_only_a_job_that_failed_is_replayed(done):
    job = deferred("t.note")

    with pytest.raises(NotFound):
        jobs.replay(actor=COMMAND, job_id=job)
    with pytest.raises(NotFound):
        jobs.replay(actor=COMMAND, job_id=0)


def test_a_job_whose_code_is_gone_waits_as_the_default_rule_says(done):
    job = deferred("t.note")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET task_name = 'gone' WHERE id = %s", [job])

    jobs.run_pending()

    assert status(job) == ("todo", 1)
    assert Failure.objects.get(job_id=job).reason == ("ImproperlyConfigured: no job is called gone")


def test_a_databases_details_do_not_reach_the_reason():
    @jobs.job("t.twice", retry=jobs.ONCE, atomic=True)
    def twice() -> None:
        Failure.objects.create(job_id=0, attempts=1, reason="", failed_at=clock.now())

    jobs.defer("t.twice")
    jobs.run_pending()

    (dead,) = jobs.dead()
    assert dead.reason.startswith("IntegrityError: insert or update on table")
    assert "Key (" not in dead.reason


def test_an_atomic_job_that_fails_leaves_nothing(done):
    jobs.register_before_job(lambda: done.append("before"))

    @jobs.job("t.half", retry=jobs.ONCE, atomic=True)
    def half() -> None:
        jobs.defer("t.note", text="half")
        raise ZeroDivisionError

    jobs.defer("t.half")

    assert (jobs.run_pending(), done) == (1, ["before"])


def test_run_pending_stops_at_its_limit(done):
    jobs.defer_many("t.note", [{}, {}, {}])

    assert (jobs.run_pending(limit=2), jobs.pending()) == (2, 1)


def test_states_are_counted_by_name(done):
    jobs.defer("t.note")
    jobs.run_pending()
    jobs.defer("t.note")

    assert jobs.states() == [jobs.QueueState(name="t.note", counts={"todo": 1, "succeeded": 1})]


def test_finished_jobs_go_after_a_week_and_dead_ones_stay(done, monkeypatch):
    monkeypatch.setattr(services, "PURGE_BATCH", 2)

    @jobs.job("t.fail", retry=jobs.ONCE)
    def fail() -> None:
        raise ZeroDivisionError

    jobs.defer_many("t.note", [{}] * 5)
    dead = deferred("t.fail")
    jobs.run_pending()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '8 days'")
    young = deferred("t.note")
    jobs.run_pending()

    assert jobs.purge_finished() == 5
    assert (status(dead)[0], status(young)[0]) == ("failed", "succeeded")
    assert Failure.objects.filter(job_id=dead).exists()


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError("the connection is closed"), True),
        (IntegrityError("x"), False),
        (ValueError("x"), False),
    ],
)
def test_a_lost_connection_is_told_from_the_jobs_own_failure(error, expected):
    assert is_connection_lost(error) is expected


def test_a_job_hurt_by_the_databases_end_is_never_dead():
    @jobs.job("t.hurt", retry=jobs.ONCE)
    def hurt() -> None:
        raise OperationalError("server closed the connection unexpectedly")

    job = deferred("t.hurt")
    taken = queue.fetch(None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 40 WHERE id = %s", [job])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "close", lambda: None)
        services.running.failed(taken, OperationalError("gone"))

    assert status(job) == ("todo", 41)


def test_a_failure_of_a_job_that_somebody_else_ended_is_not_written(done):
    job = deferred("t.note")
    taken = queue.fetch(None)
    queue.finish(job)

    services.running.failed(taken, ValueError("late"))

    assert (status(job)[0], Failure.objects.count()) == ("succeeded", 0)


def test_reason_of_a_refusal_names_no_people():
    refused = Invalid("Nguyễn Văn Thử đã ký", fields={"phone": ["0912345678"]})

    assert run.reason_of(refused) == "Invalid: invalid phone"
