from __future__ import annotations

import datetime as dt
import threading
from itertools import count

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from sen.base import clock
from sen.base.actor import ANONYMOUS, SYSTEM
from sen.base.errors import Conflict, Invalid, KeyReused, SignInNeeded
from sen.kernel.access import public as access
from sen.kernel.access.models import OneTimeKey
from sen.kernel.access.services import keys
from sen.kernel.access.tests.conftest import citizen
from sen.kernel.keeping import public as keeping


def test_act_is_done_once_and_answers_the_same_again(db, django_assert_num_queries):
    actor = citizen()
    with django_assert_num_queries(2):
        first = access.once(actor, "k", b"digest")
        first.keep(201, {"code": "H41-1"})
    with django_assert_num_queries(1):
        second = access.once(actor, "k", b"digest")

    assert first.answer is None
    assert second.answer == access.Answer(201, {"code": "H41-1"})
    assert access.once(citizen(), "k", b"other").answer is None


def test_key_with_another_content_is_refused(db):
    actor = citizen()
    access.once(actor, "k", b"digest").keep(201, {})

    with pytest.raises(KeyReused) as refused:
        access.once(actor, "k", b"other")

    assert refused.value.status == 422


def test_act_that_kept_no_answer_is_not_done_again(db):
    actor = citizen()
    access.once(actor, "k", b"digest")

    with pytest.raises(Conflict):
        access.once(actor, "k", b"digest")


@pytest.mark.parametrize(
    ("actor", "key", "failure"),
    [(ANONYMOUS, "k", SignInNeeded), (citizen(), "", Invalid), (citizen(), "k" * 101, Invalid)],
)
def test_wrong_keys_are_refused(db, actor, key, failure):
    with pytest.raises(failure):
        access.once(actor, key, b"digest")


def test_key_needs_the_transaction_of_its_act(committed_db):
    with pytest.raises(TransactionManagementError):
        access.once(citizen(), "k", b"digest")


def test_keys_go_after_seven_days(db):
    now = clock.now()
    access.once(citizen(), "old", b"x")
    OneTimeKey.objects.update(created_at=now - dt.timedelta(days=7, seconds=1))
    access.once(citizen(), "new", b"x")

    assert keeping.due(now, only="access.one_time_key")[0].erased == 1
    assert keeping.retain(SYSTEM, at=now, only="access.one_time_key")[0].erased == 1
    assert keys.forget_keys(at=now) == 0
    assert [kept.key for kept in OneTimeKey.objects.all()] == ["new"]


def in_parallel(run, times=20):
    failures = []

    def guarded():
        try:
            run()
        except Exception as failure:  # noqa: BLE001 - whatever it is, it is shown below
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_twenty_at_once_are_one_act(committed_db):
    actor, acts, answers = citizen(), count(1), []

    def act():
        with transaction.atomic():
            claim = access.once(actor, "k", b"digest")
            if claim.answer is None:
                claim.keep(201, {"number": next(acts)})
                answers.append({"number": 1})
            else:
                answers.append(claim.answer.body)

    in_parallel(act)

    assert answers == [{"number": 1}] * 20
    assert next(acts) == 2


def test_act_that_was_rolled_back_is_done_by_the_next(committed_db):
    actor, tries, done = citizen(), count(1), []

    def act():
        try:
            with transaction.atomic():
                claim = access.once(actor, "k", b"digest")
                if claim.answer is None:
                    claim.keep(201, {})
                    done.append(1 // max(next(tries) - 2, 0))
        except ZeroDivisionError:
            pass

    in_parallel(act, times=8)

    assert (done, next(tries)) == ([1], 4)
