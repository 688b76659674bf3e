"""Rows of persons, accounts and posts of the past, for laying down many at once.

What `keep_person`, `add_official`, `new_citizen` and `employ` would have left, trail included.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import models

from sen.base.actor import COMMAND
from sen.base.identifiers import NationalNumber, to_base32
from sen.base.sealing import sealer
from sen.base.vietnamese import name_key, nfc
from sen.kernel.audit import public as audit
from sen.kernel.identity import queries
from sen.kernel.identity.choices import AccountKind
from sen.kernel.identity.data import PersonFacts
from sen.kernel.identity.models import Account, Employment, Person

NewId = Callable[[dt.datetime], UUID]


def past_person(
    facts: PersonFacts, *, at: dt.datetime, new_id: NewId
) -> tuple[Person, list[models.Model]]:
    """Return a person with a national number nobody has yet, and the rows to be loaded."""
    number = NationalNumber.parse(facts.national_number)
    person = Person(
        id=new_id(at),
        full_name=nfc(facts.full_name),
        name_key=name_key(nfc(facts.full_name)),
        birth_date=facts.birth_date,
        sex="male" if number.is_male else "female",
        phone=facts.phone,
        email=facts.email,
        address=facts.address,
        area_id=facts.area,
        national_number_digest=queries.number_digest(number.digits),
    )
    person.national_number_sealed = sealer(settings.FIELD_KEY).seal(
        number.digits.encode(), *queries.NUMBER, str(person.pk)
    )
    line = audit.past(
        COMMAND,
        "identity.person.add",
        subject=audit.Subject("identity.person", person.pk),
        at=at,
        entry=new_id(at),
        fields={"full_name": person.full_name, "birth_date": person.birth_date, "sex": person.sex},
    )
    return person, [person, *line]


def past_citizen(
    person: Person, *, at: dt.datetime, new_id: NewId
) -> tuple[Account, list[models.Model]]:
    """Return a citizen's account, whose only door is the national identity, and its row."""
    made = new_id(at)
    account = Account(
        id=made,
        username=f"cd-{to_base32(made)}",
        kind=AccountKind.CITIZEN,
        person=person,
        password=make_password(None),
        created_at=at,
    )
    return account, [account]


def past_official(
    person: Person,
    *,
    username: str,
    position: UUID,
    since: dt.date,
    at: dt.datetime,
    active_at: dt.datetime,
    new_id: NewId,
) -> tuple[Account, list[models.Model]]:
    """Return an official's account in a post since a day, and the rows to be loaded.

    active_at: the latest sign-in, without which an account is disabled as idle. Nobody can sign in
    with it: it has no password.
    """
    account = Account(
        id=new_id(at),
        username=username.lower(),
        kind=AccountKind.OFFICIAL,
        person=person,
        password=make_password(None),
        created_at=at,
        last_active_at=active_at,
    )
    post = Employment(
        id=new_id(at), account=account, position_id=position, valid_from=since, is_default=True
    )
    subject = audit.Subject("identity.account", account.pk, account.username)
    opened = audit.past(COMMAND, "identity.account.add", subject=subject, at=at, entry=new_id(at))
    employed = audit.past(
        COMMAND,
        "identity.employment.add",
        subject=subject,
        at=at,
        entry=new_id(at),
        fields={"position": position, "valid_from": since, "valid_to": None},
    )
    return account, [account, post, *opened, *employed]
