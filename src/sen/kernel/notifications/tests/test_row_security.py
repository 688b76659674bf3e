"""The second wall: what an account was told, and what was sent about a record."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction

from sen.base import clock
from sen.base.actor import SYSTEM, Actor
from sen.base.clock import ZONE
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.access.tests.conftest import RECEIVE, make_tree, official, registered  # noqa: F401 - rights of the tests' own
from sen.kernel.notifications import public as notifications
from sen.kernel.notifications.models import Delivery, Notification

AT = dt.datetime(2026, 3, 9, 8, 0, tzinfo=ZONE)
EVERY_MEDIUM = {"slots": {"code": "H41-1", "due": ""}, "link": "/", "at": AT}


@pytest.fixture
def told(committed_db, gateway):
    """Tell an account and a person of a record; return the actors and the record."""
    units = make_tree()
    reader = Actor(account=new_id(), person=new_id())
    person, record = Actor(person=new_id()), new_id()
    with access.acting(reader):  # whoever acts tells others, and need not see what they are told
        for to in (
            notifications.Recipient(account=reader.account),
            notifications.Recipient(account=new_id()),
            notifications.Recipient(person=person.person),
        ):
            notifications.notify(to=to, template="trial.received", record=record, **EVERY_MEDIUM)
    access.participate(record=record, kind="trial", unit=units.one.id, why="received", at=AT)
    return reader, person, official(units.one, RECEIVE), official(units.two, RECEIVE)


def seen(actor: Actor) -> tuple[int, int]:
    """Return how many messages and deliveries an actor sees."""
    with access.acting(actor):
        return Notification.objects.count(), Delivery.objects.count()


def test_messages_are_the_accounts_and_deliveries_the_receivers(told):
    reader, person, officer, stranger = told

    assert (Notification.objects.count(), Delivery.objects.count()) == (0, 0)
    assert seen(reader) == (1, 1)
    assert seen(person) == (0, 1)
    assert seen(officer) == (0, 3)
    assert seen(stranger) == (0, 0)
    assert seen(SYSTEM) == (2, 3)


def test_nothing_is_told_by_whoever_has_not_entered(committed_db):
    with pytest.raises(Exception, match="row-level security"), transaction.atomic():
        notifications.notify(
            to=notifications.Recipient(account=new_id()),
            template="trial.received",
            record=new_id(),
            **EVERY_MEDIUM,
        )


def test_the_inbox_reads_its_index_behind_the_wall(told, owner_sql):
    reader = told[0]
    with access.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_notification (id, account, template, slots, link, record,"
            " created_at) SELECT uuidv7(), gen_random_uuid(), 'x', '{}', '/', uuidv7(), now()"
            " FROM generate_series(1, 20000)"
        )
    owner_sql("ANALYZE notifications_notification")
    unread = Notification.objects.filter(account=reader.account, read_at=None)
    newest = Notification.objects.filter(account=reader.account).order_by("-id")[:20]

    with access.acting(reader):
        plans = [rows.explain() for rows in (unread, newest)]

    filled = f"notifications_notification_{clock.now():%Y%m}"  # the other months are empty
    for plan in plans:
        assert f"Seq Scan on {filled}" not in plan
        assert f"{filled}_account" in plan
