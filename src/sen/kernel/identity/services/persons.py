"""Verbs on persons, enterprises, kinship and representation."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Invalid
from sen.base.identifiers import NationalNumber, is_tax_code, new_id
from sen.base.sealing import sealer
from sen.base.vietnamese import name_key, nfc
from sen.kernel.audit import public as audit
from sen.kernel.identity import queries
from sen.kernel.identity.choices import KinshipKind, RepresentationKind
from sen.kernel.identity.data import PersonFacts
from sen.kernel.identity.models import Enterprise, Kinship, Person, Representation


def ensure_person(
    actor: Actor,
    *,
    national_number: str,
    full_name: str,
    at: dt.datetime,
    birth_date: dt.date | None = None,
    phone: str = "",
    email: str = "",
    address: str = "",
) -> Person:
    """Return the person of a national number; what Sen knows already is never overwritten.

    Raises Invalid for a number that is malformed or does not fit the birth date.
    """
    facts = PersonFacts(
        national_number=national_number,
        full_name=full_name,
        birth_date=birth_date,
        phone=phone,
        email=email,
        address=address,
    )
    return keep_person(actor, facts=facts, at=at)


@transaction.atomic
def keep_person(
    actor: Actor, *, facts: PersonFacts, at: dt.datetime, update: bool = False
) -> Person:
    """Return the person of a national number, made if Sen does not know it yet.

    Without a number a new person is made each time: a name alone never tells who somebody is.
    update: what the facts say replaces what was known; the source is the national database.
    Raises Invalid for a number that is malformed or does not fit birth year and sex.
    """
    number = _checked_number(facts)
    person = queries.find_person(number) if number else None
    if person is not None and not (update and _changes(person, facts)):
        return person
    is_new = person is None
    if person is None:
        person = Person(id=new_id())
        if number:
            person.national_number_digest = queries.number_digest(number)
            person.national_number_sealed = sealer(settings.FIELD_KEY).seal(
                number.encode(), *queries.NUMBER, str(person.pk)
            )
        person.address, person.area_id = facts.address, facts.area
    changed = _changes(person, facts)
    for name, value in changed.items():
        setattr(person, name, value)
    person.name_key = name_key(person.full_name)
    if is_new:
        with transaction.atomic():
            person.save(force_insert=True)
    else:
        person.save(force_update=True, update_fields=[*changed, "name_key"])
    audit.record(
        actor,
        "identity.person.add" if is_new else "identity.person.update",
        subject=audit.Subject("identity.person", person.pk),
        at=at,
        fields=changed,
    )
    return person


def _checked_number(facts: PersonFacts) -> str:
    if not facts.national_number:
        return ""
    try:
        number = NationalNumber.parse(facts.national_number)
    except ValueError:
        number = None
    if number is None or not number.fits(
        birth_year=facts.birth_date.year if facts.birth_date else None,
        is_male=facts.sex == "male" if facts.sex else None,
    ):
        raise Invalid(
            fields={
                "national_number": [
                    _("Số định danh không đúng hoặc không khớp ngày sinh, giới tính.")
                ]
            }
        )
    return number.digits


def _sex_of(national_number: str) -> str:
    if not national_number:
        return ""
    return "male" if NationalNumber.parse(national_number).is_male else "female"


def _changes(person: Person, facts: PersonFacts) -> dict[str, object]:
    given = {
        "full_name": nfc(facts.full_name),
        "birth_date": facts.birth_date,
        "sex": facts.sex or _sex_of(facts.national_number),
        "phone": facts.phone,
        "email": facts.email,
    }
    return {
        name: value for name, value in given.items() if value and value != getattr(person, name)
    }


@transaction.atomic
def ensure_enterprise(actor: Actor, *, tax_code: str, name: str, at: dt.datetime) -> Enterprise:
    """Return the enterprise of a tax code, made if Sen does not know it yet.

    Raises Invalid for a tax code whose check digit does not hold.
    """
    if not is_tax_code(tax_code):
        raise Invalid(fields={"tax_code": [_("Mã số thuế không đúng.")]})
    enterprise, is_new = Enterprise.objects.get_or_create(
        tax_code=tax_code, defaults={"name": nfc(name)}
    )
    if is_new:
        subject = audit.Subject("identity.enterprise", enterprise.pk, tax_code)
        audit.record(actor, "identity.enterprise.add", subject=subject, at=at)
    return enterprise


@transaction.atomic
def add_kinship(
    actor: Actor, *, person: UUID, relative: UUID, kind: KinshipKind, at: dt.datetime
) -> Kinship:
    """Keep that `relative` is the person's spouse, parent, child, brother or sister.

    Nobody decides on a dossier in which close family is a party; `access` asks here.
    """
    tie, is_new = Kinship.objects.get_or_create(
        person_id=person, relative_id=relative, defaults={"kind": kind}
    )
    if is_new:
        subject = audit.Subject("identity.person", person)
        audit.record(actor, "identity.kinship.add", subject=subject, at=at, fields={"kind": kind})
    return tie


@transaction.atomic
def add_representation(
    actor: Actor,
    *,
    representative: UUID,
    kind: RepresentationKind,
    evidence: str,
    valid_from: dt.date,
    at: dt.datetime,
    represented: UUID | Enterprise,
) -> Representation:
    """Let a person act for another person (by id) or for an enterprise, from a day on.

    evidence: what proves it, as people read it. Raises Invalid without evidence or for oneself.
    """
    if not nfc(evidence):
        raise Invalid(fields={"evidence": [_("Cần ghi giấy tờ chứng minh quyền đại diện.")]})
    if represented == representative:
        raise Invalid(fields={"represented": [_("Không thể đại diện cho chính mình.")]})
    made = Representation.objects.create(
        representative_id=representative,
        person_id=represented if isinstance(represented, UUID) else None,
        enterprise=represented if isinstance(represented, Enterprise) else None,
        kind=kind,
        evidence=nfc(evidence),
        valid_from=valid_from,
    )
    subject = audit.Subject("identity.representation", made.pk)
    audit.record(actor, "identity.representation.add", subject=subject, at=at)
    return made


@transaction.atomic
def end_representation(
    actor: Actor, *, representation: UUID, last_day: dt.date, at: dt.datetime
) -> None:
    """End a representation after a day; from then on nobody acts by it."""
    row = Representation.objects.select_for_update().get(pk=representation)
    row.valid_to = max(last_day, row.valid_from)
    row.save(update_fields=["valid_to"])
    subject = audit.Subject("identity.representation", row.pk)
    audit.record(actor, "identity.representation.end", subject=subject, at=at)
