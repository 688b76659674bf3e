"""The parties of a filing: who is signed in, or who the form names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sen.base.actor import Actor
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.systems.public_services.choices import PartyRole
from sen.systems.public_services.data import PartyInput
from sen.systems.public_services.models import Case


def parties(
    actor: Actor, case: Case, answers: Mapping[str, Any], typed: Sequence[PartyInput] = ()
) -> list[PartyInput]:
    """Return the parties of a filing.

    Online whoever is signed in files it: they are the owner, or the submitter for whom they act
    for; nobody can be put in the owner's place. At the counter the owner is whoever the form names,
    unless the official named the parties. Other parties stay as they were typed.
    """
    if actor.is_official or actor.person is None:
        return list(typed) or _named(case, answers)
    owner = actor.acting_for or actor.person
    people = [_known(owner, PartyRole.OWNER)]
    if owner != actor.person:
        people.append(_known(actor.person, PartyRole.SUBMITTER))
    taken = {party.role for party in people}
    return [*people, *(party for party in typed if party.role not in taken)]


def _named(case: Case, answers: Mapping[str, Any]) -> list[PartyInput]:
    form = forms.form(case.form_version_id)
    said = forms.pdf_data(form, forms.clean(form, answers)[0])["text"]
    return [
        PartyInput(
            role=role,
            **{
                "full_name": "",
                "national_number": "",
                **{name: said.get(key, "") for name, key in facts.items()},
            },
        )
        for role, facts in case.party_data.items()
    ]


def _known(person_id: UUID, role: str) -> PartyInput:
    person = identity.person(person_id)
    return PartyInput(
        role=role,
        full_name=person.full_name,
        national_number=identity.national_number(person),
        birth_date=person.birth_date,
        phone=person.phone,
        email=person.email,
        address=person.address,
        person=person.id,
    )
