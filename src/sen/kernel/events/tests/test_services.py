"""Events from the outbox to their handlers."""

from __future__ import annotations

import threading

import pytest
from django.db import ProgrammingError, connection, transaction

from sen.base import clock
from sen.base.actor import COMMAND
from sen.base.errors import NotFound
from sen.base.identifiers import new_id
from sen.kernel.events import public as events
from sen.kernel.events import registry, services
from sen.kernel.events.events import Event
from sen.kernel.events.models import PendingEvent, StoredEvent, TakenUp
from sen.kernel.events.public import Handler
from sen.kernel.events.tests.factories import Happened
from sen.kernel.jobs import public as jobs


def publish(code="1", record=None):
    return events.publish(Happened(code=code), record=record or new_id(), at=clock.now())


def listen(name="t.one", handle=None, **options):
    heard: list[events.Delivery] = []
    events.register_handlers(
        Handler(event=Happened, name=name, handle=handle or heard.append, **options)
    )
    return heard


def rows(query, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall() if cursor.description else []


def make_due():
    rows("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")


@pytest.mark.django_db
def test_publish_is_one_statement(assert_statements):
    listen()
    record, at = new_id(), clock.now()

    with assert_statements(1):
        event_id = events.publish(Happened(code="7"), record=record, at=at)

    stored = StoredEvent.objects.get()
    assert (stored.id, stored.name, stored.version, stored.record) == (
        event_id, "tests.happened", 1, record,
    )  # fmt: skip
    assert (stored.payload, stored.published_at) == ({"code": "7"}, at)
    assert [(p.id, p.name, p.record) for p in PendingEvent.objects.all()] == [
        (event_id, "tests.happened", record)
    ]


def test_an_event_without_a_name_is_not_published():
    with pytest.raises(TypeError, match="Event has no name"):
        events.publish(Event(), record=new_id(), at=clock.now())


@pytest.mark.django_db
def test_each_handler_hears_once_of_each_event():
    one, two = listen("t.one"), listen("t.two")
    record = new_id()
    event_id = publish("7", record)

    assert events.run_all() == 2

    for heard in (one, two):
        (delivery,) = heard
        assert (delivery.event_id, delivery.event, delivery.record) == (
            event_id, Happened(code="7"), record,
        )  # fmt: skip
        assert delivery.published_at == StoredEvent.objects.get().published_at
    assert events.run_all() == 0
    assert set(TakenUp.objects.values_list("event_id", "handler")) == {
        (event_id, "t.one"),
        (event_id, "t.two"),
    }


@pytest.mark.django_db
def test_an_event_without_handlers_does_not_wait():
    event_id = publish()

    assert [stored.id for stored in StoredEvent.objects.all()] == [event_id]
    assert (PendingEvent.objects.count(), events.relay(), jobs.pending()) == (0, 0, 0)


@pytest.mark.django_db
def test_an_event_whose_handlers_are_gone_only_leaves_the_waiting_list(monkeypatch):
    listen()
    publish()
    monkeypatch.setattr(registry, "_by_event", {})

    assert (events.relay(), PendingEvent.objects.count(), jobs.pending()) == (1, 0, 0)


@pytest.mark.django_db
def test_relay_costs_the_same_for_one_event_and_for_many(assert_statements):
    listen("t.one")
    listen("t.two")
    with assert_statements(1):
        assert events.relay() == 0
    publish()
    with assert_statements(3 + 2):
        assert events.relay() == 1
    for _ in range(20):
        publish()
    with assert_statements(3 + 2):
        assert events.relay() == 20


@pytest.mark.django_db
def test_a_delivery_costs_one_statement_beside_the_handler(assert_statements):
    listen()
    event_id = publish()

    with assert_statements(1):
        assert services.deliver(event=str(event_id), handler="t.one") is True


@pytest.mark.django_db
def test_an_event_is_taken_up_once_however_often_it_is_delivered():
    heard = listen()
    event_id = publish()

    assert services.deliver(event=str(event_id), handler="t.one") is True
    assert services.deliver(event=str(event_id), handler="t.one") is False
    assert len(heard) == 1


@pytest.mark.django_db
def test_what_a_failing_handler_did_is_undone_and_tried_again():
    outcomes = [ZeroDivisionError, None]

    def handle(delivery):
        rows("INSERT INTO events_pending VALUES (%s, 'side', %s)", new_id(), new_id())
        if error := outcomes.pop(0):
            raise error

    listen(handle=handle)
    publish()
    events.relay()

    jobs.run_pending()
    assert (PendingEvent.objects.count(), TakenUp.objects.count()) == (0, 0)
    make_due()
    jobs.run_pending()
    assert (PendingEvent.objects.count(), TakenUp.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_a_records_events_come_in_their_order_to_each_handler():
    heard = listen()
    records = [new_id(), new_id()]
    for number in range(10):
        publish(str(number), records[number % 2])

    events.run_all()

    for side, record in enumerate(records):
        codes = [d.event.code for d in heard if d.record == record]
        assert codes == [str(number) for number in range(side, 10, 2)]


@pytest.mark.django_db
def test_a_failing_pair_holds_back_only_itself():
    record, other = new_id(), new_id()

    def handle(delivery):
        if delivery.record == record:
            raise ValueError("kẹt")
        heard.append(delivery)

    heard: list[events.Delivery] = []
    listen("t.stuck", handle)
    well = listen("t.well")
    publish("1", record)
    publish("2", record)
    publish("3", other)

    events.run_all()

    assert [d.event.code for d in well] == ["1", "2", "3"]
    assert [d.event.code for d in heard] == ["3"]
    assert rows(
        "SELECT args->>'handler', attempts FROM procrastinate_jobs"
        " WHERE status = 'todo' ORDER BY id"
    ) == [("t.stuck", 1), ("t.stuck", 0)]


@pytest.fixture
def dead_delivery(db):
    """Leave one delivery that failed for good, mended since."""
    outcomes = [ValueError("hỏng")]

    def handle(delivery):
        if outcomes:
            raise outcomes.pop()

    listen(handle=handle)
    record = new_id()
    event_id = publish("1", record)
    events.relay()
    rows("UPDATE procrastinate_jobs SET attempts = 7")
    jobs.run_pending()
    return event_id, record


def test_failed_deliveries_are_listed(dead_delivery, django_assert_num_queries):
    event_id, record = dead_delivery

    with django_assert_num_queries(2):
        (failed,) = events.failed_deliveries()

    assert (failed.event_id, failed.handler, failed.event, failed.record) == (
        event_id, "t.one", "tests.happened", record,
    )  # fmt: skip
    assert (failed.attempts, failed.reason) == (8, "ValueError: hỏng")


def test_a_failed_delivery_is_replayed(dead_delivery):
    event_id, _ = dead_delivery

    events.replay(actor=COMMAND, event_id=event_id, handler="t.one")

    assert (events.run_all(), TakenUp.objects.count()) == (1, 1)
    assert events.failed_deliveries() == []


@pytest.mark.django_db
def test_an_event_can_be_delivered_to_a_handler_that_came_later():
    event_id = publish()
    events.relay()
    heard = listen()

    events.replay(actor=COMMAND, event_id=event_id, handler="t.one")
    events.replay(actor=COMMAND, event_id=event_id, handler="t.one")
    events.run_all()

    assert [delivery.event_id for delivery in heard] == [event_id]


@pytest.mark.django_db
def test_nothing_unknown_is_replayed():
    listen()
    with pytest.raises(NotFound):
        events.replay(actor=COMMAND, event_id=new_id(), handler="t.one")
    with pytest.raises(NotFound):
        events.replay(actor=COMMAND, event_id=publish(), handler="t.none")


@pytest.mark.django_db
def test_no_failed_delivery_asks_no_further(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert events.failed_deliveries() == []


@pytest.mark.django_db
def test_run_all_stops_at_its_limit():
    listen()
    for _ in range(3):
        publish()

    assert (events.run_all(limit=2), jobs.pending()) == (2, 1)


def test_an_event_whose_transaction_took_long_is_not_passed_over(committed_db):
    heard = listen()
    written, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            publish("slow")
            written.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(10)
    publish("quick")
    events.run_all()
    assert [delivery.event.code for delivery in heard] == ["quick"]

    go_on.set()
    thread.join()
    events.run_all()

    assert [delivery.event.code for delivery in heard] == ["quick", "slow"]


def test_a_second_relay_leaves_the_work_to_the_first(committed_db):
    listen()
    publish()
    relayed = []

    def relay():
        relayed.append(events.relay())
        connection.close()

    with transaction.atomic():
        assert events.relay() == 1
        thread = threading.Thread(target=relay)
        thread.start()
        thread.join()

    assert (relayed, PendingEvent.objects.count()) == ([0], 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events_event SET name = 'x'",
        "DELETE FROM events_event",
        "TRUNCATE events_event",
        "UPDATE events_taken_up SET handler = 'x'",
        "DELETE FROM events_taken_up",
        "UPDATE events_pending SET name = 'x'",
    ],
)
def test_the_application_cannot_change_what_happened(statement):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        rows(statement)


def test_the_application_has_no_right_on_a_partition(committed_db):
    for table in ("events_event", "events_taken_up"):
        (found,) = rows(
            "SELECT count(*), bool_or(has_table_privilege(inhrelid, 'SELECT, INSERT, UPDATE, DELETE'))"
            " FROM pg_inherits WHERE inhparent = %s::regclass",
            table,
        )
        partitions, is_open = found
        assert partitions >= 14
        assert is_open is False


@pytest.mark.django_db
def test_what_is_handled_at_once_is_done_in_the_publishing_transaction():
    heard = listen("t.now", at_once=True)

    event_id = publish("7")

    assert [(one.event_id, one.event) for one in heard] == [(event_id, Happened(code="7"))]
    assert [(row.event_id, row.handler) for row in TakenUp.objects.all()] == [(event_id, "t.now")]
    assert (StoredEvent.objects.count(), PendingEvent.objects.count()) == (1, 0)
    assert services.deliver(event=str(event_id), handler="t.now") is False


@pytest.mark.django_db
def test_handling_at_once_costs_one_statement_and_its_savepoint(assert_statements):
    listen("t.now", at_once=True)

    with assert_statements(3) as asked:
        publish()

    assert [query["sql"].split()[0] for query in asked.captured_queries] == [
        "SAVEPOINT", "WITH", "RELEASE",
    ]  # fmt: skip


@pytest.mark.django_db
def test_what_fails_at_once_is_done_by_a_job():
    heard: list[events.Delivery] = []

    def fail_first(delivery: events.Delivery) -> None:
        heard.append(delivery)
        if len(heard) == 1:
            raise RuntimeError("not now")

    listen("t.now", fail_first, at_once=True)
    event_id = publish()

    assert [row.id for row in PendingEvent.objects.all()] == [event_id]
    assert TakenUp.objects.count() == 0
    events.run_all()
    assert [one.event_id for one in heard] == [event_id, event_id]
    assert [row.handler for row in TakenUp.objects.all()] == ["t.now"]


@pytest.mark.django_db
def test_handlers_at_once_and_later_hear_of_one_event_once_each():
    now, later = listen("t.now", at_once=True), listen("t.later")

    publish()

    assert (len(now), len(later)) == (1, 0)
    events.run_all()
    assert (len(now), len(later)) == (1, 1)
