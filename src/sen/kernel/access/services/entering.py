"""Telling the database who acts, for row-level security."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from sen.base import row_security
from sen.base.actor import Actor
from sen.kernel.access.queries import persons_of, rights
from sen.kernel.database import public as database

_KEPT = "access.entered"


def enter(actor: Actor) -> None:
    """Let the rest of this transaction see what the actor may see. One statement.

    Asked again for the same actor in the same transaction it does nothing; for another actor, that
    one takes over. A worker's transactions begin as the system's, which then costs nothing.
    Raises TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("enter() needs a transaction")
    persons, account = persons_of(actor), actor.account
    found = None if actor.is_system else rights(actor)
    # Django starts a new list of commit hooks at each commit and each rollback, also to a
    # savepoint: as long as it is the same list, what was set in the transaction still stands.
    # Rights are the same object as long as nothing changed.
    hooks = connection.run_on_commit
    of_transaction = database.remembered()
    kept = of_transaction.get(_KEPT)
    if kept is None and found is None and settings.ACTS_AS_SYSTEM:
        return
    who = (persons, account)
    if kept is not None and kept[0] is hooks and kept[1] == who and kept[2] is found:
        return
    values = row_security.enter_values(
        persons=persons,
        units=found.every_unit if found else (),
        account=account,
        is_system=found is None,
    )
    with connection.cursor() as cursor:
        cursor.execute(row_security.ENTER_SQL, values)
    of_transaction[_KEPT] = (hooks, who, found)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Open a transaction in which reads outside a verb see rows as the actor may see them."""
    with transaction.atomic():
        enter(actor)
        yield
