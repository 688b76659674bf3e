"""The verbs of the account pages: tell an owner of changes, lay down a demo's people."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from sen.base import clock
from sen.base.actor import COMMAND, SYSTEM
from sen.base.errors import NotAllowed
from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.kernel.notifications import public as notifications
from sen.kernel.organisations import public as organisations
from sen.systems.account import queries
from sen.systems.account.data import DEMO_PASSWORD, DemoOfficial

SECURITY = "/tai-khoan/bao-mat/"
EMPLOYED_FROM = dt.date(2025, 7, 1)
"""The day on which the two-tier government began."""


@transaction.atomic
def tell_owner(*, account: UUID, change: identity.FactorChange, at: dt.datetime) -> None:
    """Tell the owner of an account that what it signs in with changed, and when."""
    access.enter(SYSTEM)
    notifications.notify(
        to=notifications.Recipient(account=account),
        template=f"account.{change.value}",
        slots={"at": f"{clock.local(at):%H:%M, %d/%m/%Y}"},
        link=SECURITY,
        record=account,
        at=at,
    )


@transaction.atomic
def seed_people(*, at: dt.datetime) -> int:
    """Lay down invented citizens, officials, kinship and representations; return how many new.

    Whoever is there stays as they are, but for posts that they never held; posts that were closed
    and officials of units that are not laid down are left out.
    Raises NotAllowed outside a demo: the passwords are public.
    """
    if not settings.DEMO:
        raise NotAllowed
    listed = queries.seeded()
    citizens = {one["hint"]: _person(one, at) for one in listed["citizens"]}
    for tie in listed["kinship"]:
        identity.add_kinship(
            COMMAND,
            person=citizens[tie["person"]].pk,
            relative=citizens[tie["relative"]].pk,
            kind=identity.KinshipKind(tie["kind"]),
            at=at,
        )
    _represent(citizens, listed, at)
    on = clock.day(at)
    known = {unit.code for unit in organisations.units(on=on)}
    posts = {(place.unit.code, place.code): place.pk for place in organisations.positions(on=on)}
    listed_officials = [
        one for one in queries.demo_officials() if {place.unit for place in one.places} <= known
    ]
    ever = _ever_held(listed_officials)
    return sum(
        _official(one, wanted, at)
        for one in listed_officials
        if (wanted := [post for post in _posts(one, posts) if (one.username, post) not in ever])
    )


def _posts(one: DemoOfficial, posts: Mapping[tuple[str, str], UUID]) -> list[UUID]:
    """Return the posts of an official that exist and were not closed."""
    found = (posts.get((place.unit, place.position)) for place in one.places)
    return [post for post in found if post is not None]


def _ever_held(listed: Sequence[DemoOfficial]) -> set[tuple[str, UUID]]:
    """Return who holds or held which post, by user name; what was ended stays so."""
    names = [one.username for one in listed]
    held = identity.Employment.objects.filter(account__username__in=names)
    return set(held.values_list("account__username", "position_id"))


def _person(one: dict[str, Any], at: dt.datetime) -> identity.Person:
    area = organisations.area(one["area"], clock.day(at)).pk if "area" in one else None
    facts = identity.PersonFacts(
        national_number=one["national_number"],
        full_name=one["full_name"],
        birth_date=dt.date.fromisoformat(one["birth_date"]),
        address=one.get("address", ""),
        area=area,
    )
    return identity.keep_person(COMMAND, facts=facts, at=at)


def _represent(
    citizens: dict[str, identity.Person], listed: dict[str, Any], at: dt.datetime
) -> None:
    child, firm = listed["child"], listed["enterprise"]
    guardian, director = citizens[child["representative"]], citizens[firm["representative"]]
    if identity.representations(guardian.pk, clock.day(at)):
        return
    identity.add_representation(
        COMMAND,
        representative=guardian.pk,
        represented=_person(child, at).pk,
        kind=identity.RepresentationKind.GUARDIAN,
        evidence=child["evidence"],
        valid_from=EMPLOYED_FROM,
        at=at,
    )
    identity.add_representation(
        COMMAND,
        representative=director.pk,
        represented=identity.ensure_enterprise(
            COMMAND, tax_code=firm["tax_code"], name=firm["name"], at=at
        ),
        kind=identity.RepresentationKind.LEGAL_REPRESENTATIVE,
        evidence=firm["evidence"],
        valid_from=EMPLOYED_FROM,
        at=at,
    )


def _official(one: DemoOfficial, posts: Sequence[UUID], at: dt.datetime) -> bool:
    """Appoint one official to posts; a new one has done everything a first sign-in asks for."""
    account = identity.account_named(one.username)
    is_new = account is None
    if account is None:
        person = identity.ensure_person(
            COMMAND, national_number=one.national_number, full_name=one.full_name, at=at
        )
        account = identity.add_official(
            COMMAND, username=one.username, person=person, password=secrets.token_urlsafe(), at=at
        )
        identity.change_password(COMMAND, account_id=account.pk, password=DEMO_PASSWORD, at=at)
        identity.give_demo_factor(account_id=account.pk, at=at)
    for post in posts:
        identity.employ(COMMAND, account=account, position=post, valid_from=EMPLOYED_FROM, at=at)
    return is_new
