"""The parties of a filing: who is signed in, or who the form names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sen.base.actor import Actor, Channel
from sen.base.errors import NotAllowed
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.systems.public_services.choices import Intake, PartyRole
from sen.systems.public_services.data import PartyInput
from sen.systems.public_services.models import Case
from sen.systems.public_services.queries import firms
from sen.systems.public_services.rules import dossiers as rules


class ForPersonsOnly(NotAllowed):
    """Whoever files acts for an enterprise, and what is filed here is asked for by persons."""

    code = "for_persons_only"
    default = (
        "Thủ tục này dành cho cá nhân. Bạn đang thay mặt một tổ chức: hãy chuyển về tài khoản "
        "của chính mình rồi nộp hồ sơ."
    )


def check_may_begin(actor: Actor, cases: Sequence[Case]) -> None:
    """Raise ForPersonsOnly where somebody acts for an enterprise and only persons file this."""
    if not any(firms.rule_of(case) for case in cases):
        owner_of(actor)


def owner_of(actor: Actor) -> UUID | None:
    """Return the person for whom whoever is signed in files, None for an official or a visitor.

    Raises ForPersonsOnly.
    """
    if actor.is_official or actor.person is None:
        return None
    if actor.acting_for is None:
        return actor.person
    if not identity.persons([actor.acting_for]):
        raise ForPersonsOnly
    return actor.acting_for


def intake(actor: Actor) -> Intake:
    """Return the channel by which whoever acts files."""
    return rules.intake(is_official=actor.is_official, by_api=actor.channel == Channel.API)


def parties(
    actor: Actor, case: Case, answers: Mapping[str, Any], typed: Sequence[PartyInput] = ()
) -> list[PartyInput]:
    """Return the parties of a filing.

    Online whoever is signed in files it: they are the owner, or the submitter for whom they act
    for; nobody can be put in the owner's place. At the counter the owner is whoever the form names,
    unless the official named the parties. Other parties stay as they were typed.
    Where an enterprise asks, the owner is the one that the form names, and whoever is signed in, or
    is named at the counter, files for it.
    Raises ForPersonsOnly where whoever files acts for an enterprise and only persons ask for this.
    """
    if firms.rule_of(case):
        return _for_firm(actor, case, answers, typed)
    owner = owner_of(actor)
    if owner is None or actor.person is None:
        return list(typed) or _named(case, answers)
    people = [_known(owner, PartyRole.OWNER)]
    if owner != actor.person:
        people.append(_known(actor.person, PartyRole.SUBMITTER))
    taken = {party.role for party in people}
    return [*people, *(party for party in typed if party.role not in taken)]


def _for_firm(
    actor: Actor, case: Case, answers: Mapping[str, Any], typed: Sequence[PartyInput]
) -> list[PartyInput]:
    """Return the enterprise as the owner, and who files for it."""
    if actor.is_official or actor.person is None:
        people = [replace(one, role=PartyRole.SUBMITTER) for one in _named(case, answers)]
    else:
        people = [_known(actor.person, PartyRole.SUBMITTER)]
    others = [one for one in typed if one.role == PartyRole.REPRESENTATIVE]
    return [firms.named(case, answers), *people, *others]


_NAMED = {
    "identity.person.national_number": "national_number",
    "identity.person.full_name": "full_name",
    "identity.person.birth_date": "birth_date",
}
"""The facts that name a person; online they come from the identity and are locked."""


def helped(form: forms.Form, answers: Mapping[str, Any]) -> identity.Named | None:
    """Return whom an official helps, None until the form names them wholly.

    They are named by the answers that come from the identity where somebody files online.
    """
    keys = named_by(form)
    said = {fact: answers.get(key) for key, fact in keys.items()}
    if not keys or not all(said.values()):
        return None
    born = said.get("birth_date")
    return identity.Named(
        str(said["national_number"]),
        str(said["full_name"]),
        dt.date.fromisoformat(str(born)) if born else None,
    )


def named_by(form: forms.Form) -> dict[str, str]:
    """Return the questions that name whom a form is about, each with its fact."""
    found = {
        key: _NAMED[question.source]
        for key, question in form.questions.items()
        if question.is_locked and isinstance(question.source, str) and question.source in _NAMED
    }
    return found if {"national_number", "full_name"} <= set(found.values()) else {}


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
