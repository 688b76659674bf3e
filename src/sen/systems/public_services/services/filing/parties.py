"""The parties of a filing: what is wrong with how they were named, and who they surely are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.identifiers import NationalNumber
from sen.base.vietnamese import fold, nfc
from sen.kernel.identity import public as identity
from sen.systems.public_services.choices import PartyRole
from sen.systems.public_services.data import Filing, PartyInput
from sen.systems.public_services.rules import dossiers as rules


def problems_of(parties: Sequence[PartyInput]) -> dict[str, list[str]]:
    """Return what is wrong with the parties as they were named, by role and field."""
    problems: dict[str, list[str]] = {}
    if not any(party.role == PartyRole.OWNER for party in parties):
        problems["parties"] = [_("Thiếu thông tin chủ hồ sơ.")]
    for party in parties:
        path = f"parties.{party.role}"
        if not nfc(party.full_name):
            problems[f"{path}.full_name"] = [_("Vui lòng ghi họ, chữ đệm, tên.")]
        if party.tax_code:
            continue
        try:
            number = NationalNumber.parse(party.national_number)
        except ValueError:
            problems[f"{path}.national_number"] = [_("Số định danh cá nhân gồm 12 chữ số.")]
            continue
        if party.birth_date and not number.fits(birth_year=party.birth_date.year):
            problems[f"{path}.national_number"] = [
                _("Số định danh không khớp với năm sinh. Vui lòng kiểm tra lại.")
            ]
        if party.role == PartyRole.REPRESENTATIVE and not nfc(party.authority):
            problems[f"{path}.authority"] = [_("Vui lòng ghi giấy tờ ủy quyền.")]
    return problems


def persons_of(
    actor: Actor, filing: Filing, at: dt.datetime
) -> list[tuple[PartyInput, UUID | None]]:
    """Return the parties, each with the person who they surely are, None for a name only typed."""
    return [
        (party, party.person if party.person is not None else _recognised(actor, party, at))
        for party in filing.parties
    ]


def _recognised(actor: Actor, party: PartyInput, at: dt.datetime) -> UUID | None:
    """Return the person of a typed party who is to take part, recorded when named the first time.

    An official at the counter has seen who it is; a citizen can only name a representative. Whoever
    is known under the number is taken only where name and birth date agree, so that nobody learns
    a name, or opens the dossier to a stranger, by typing a number. What was typed makes nobody
    reachable: phone and address stay with the dossier.
    """
    if party.tax_code or (not actor.is_official and party.role != PartyRole.REPRESENTATIVE):
        return None
    person = identity.ensure_person(
        actor,
        national_number=party.national_number,
        full_name=nfc(party.full_name),
        birth_date=party.birth_date,
        phone=party.phone if actor.is_official else "",
        email=party.email if actor.is_official else "",
        address=nfc(party.address) if actor.is_official else "",
        at=at,
    )
    is_same = rules.is_same_person(party, full_name=person.full_name, birth_date=person.birth_date)
    return person.id if is_same else None


def firm_of(actor: Actor, filing: Filing, at: dt.datetime) -> UUID | None:
    """Return the enterprise that owns what is filed, recorded when named the first time."""
    for party in filing.parties:
        if party.tax_code:
            name = nfc(party.full_name)
            firm = identity.ensure_enterprise(actor, tax_code=party.tax_code, name=name, at=at)
            return firm.id
    return None


def holder_of(actor: Actor, party: PartyInput) -> UUID | None:
    """Return the person whose results serve: whoever signed in and those they act for.

    At the counter, where the official has seen the identity paper, whoever has the typed number
    and name.
    """
    if party.person is not None or not actor.is_official:
        return party.person
    try:
        found = identity.find_person(NationalNumber.parse(party.national_number).digits)
    except ValueError:
        return None
    is_same = found is not None and fold(found.full_name) == fold(party.full_name)
    return found.pk if found is not None and is_same else None
