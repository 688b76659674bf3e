"""Verbs on sessions: end them, act in another position, act for another."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import NotAllowed, NotFound
from sen.kernel.audit import public as audit
from sen.kernel.identity import queries
from sen.kernel.identity.models import Employment, Representation, Session


def _own(actor: Actor) -> audit.Subject:
    if actor.account is None:
        raise NotAllowed
    return audit.Subject("identity.account", actor.account)


@transaction.atomic
def end_session(actor: Actor, *, session: UUID, at: dt.datetime) -> None:
    """End one of the actor's own sessions, here or on another device. Raises NotFound."""
    subject = _own(actor)
    if not Session.objects.filter(pk=session, account=actor.account).delete()[0]:
        raise NotFound
    audit.record(actor, "identity.session.end", subject=subject, at=at)


@transaction.atomic
def end_other_sessions(actor: Actor, *, keep: UUID, at: dt.datetime) -> int:
    """End all of the actor's own sessions but one; return how many."""
    subject = _own(actor)
    ended, _ = Session.objects.filter(account=actor.account).exclude(pk=keep).delete()
    if ended:
        audit.record(actor, "identity.session.end", subject=subject, at=at)
    return ended


def switched_position(actor: Actor, *, position: UUID, at: dt.datetime) -> Employment:
    """Return the employment by which the actor holds a position, and audit the switch to it.

    Raises NotAllowed if the actor does not hold it today.
    """
    subject = _own(actor)
    held = Employment.objects.filter(
        queries.valid_on(clock.day(at)), account=actor.account, position=position
    )
    employment = held.select_related("position").first()
    if employment is None:
        raise NotAllowed
    fields = {"position": position}
    audit.record(actor, "identity.position.switch", subject=subject, at=at, fields=fields)
    return employment


def switched_representation(
    actor: Actor, *, representation: UUID, at: dt.datetime
) -> Representation:
    """Return the representation by which the actor acts for another, and audit the switch to it.

    Raises NotAllowed if it is not the actor's or not valid today.
    """
    subject = _own(actor)
    found = Representation.objects.filter(
        queries.valid_on(clock.day(at)), pk=representation, representative=actor.person
    ).first()
    if found is None:
        raise NotAllowed
    fields = {"representation": representation}
    audit.record(actor, "identity.representation.switch", subject=subject, at=at, fields=fields)
    return found


def count_ended(*, at: dt.datetime) -> int:
    """Return how many sessions `purge_sessions` would delete."""
    return Session.objects.filter(expires_at__lt=at).count()


def purge_sessions(*, at: dt.datetime) -> int:
    """Delete sessions past their absolute end; return how many."""
    return Session.objects.filter(expires_at__lt=at).delete()[0]
