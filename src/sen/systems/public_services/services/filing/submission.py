"""Submitting: one filing that holds becomes one dossier, however often it is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from django.db import transaction

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import DomainError
from sen.base.identifiers import NationalNumber, new_id, new_secret
from sen.base.vietnamese import nfc
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.database import public as database
from sen.kernel.events import public as events
from sen.kernel.forms import public as forms
from sen.kernel.notifications import public as notifications
from sen.kernel.organisations import public as organisations
from sen.kernel.papers import public as papers
from sen.kernel.search import public as search
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.choices import NationalState, PartyRole
from sen.systems.public_services.data import Filing, PartyInput
from sen.systems.public_services.events import DossierSubmitted
from sen.systems.public_services.models import Dossier, FeeLine, Party
from sen.systems.public_services.queries import parts, records
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.services import dossiers
from sen.systems.public_services.services.dossiers import KIND
from sen.systems.public_services.services.filing.checking import (
    Checked,
    check_filing,
    helping_unit,
    with_known,
)
from sen.systems.public_services.services.filing.looking_up import with_lookups
from sen.systems.public_services.services.filing.papers import add_papers, tie_files
from sen.systems.public_services.services.filing.parties import firm_of, persons_of


def submit_dossier(*, actor: Actor, filing: Filing, at: dt.datetime) -> Dossier:
    """File a dossier ("nộp hồ sơ"): online by its owner, or at the counter by an official.

    A filing of a draft that was filed already returns the first dossier. Whoever files by a bearer
    token was identified when the token was made for them; the level of a sign-in is not asked.
    Locked answers are what the identity says, whatever was sent; asked before the transaction, and
    so are the registries for papers that a filing without a draft does not hand in.
    Raises SignInNeeded, NotAllowed, FormChanged, Invalid (with each field at fault).
    Publishes DossierSubmitted.
    """
    told = with_lookups(actor, with_known(actor, filing, at), at)
    try:
        return _submit(actor, told, at)
    except DomainError:
        if told.draft is not None and told.draft != filing.draft:
            forms.delete_draft(actor, draft=told.draft, at=at)
        raise


@transaction.atomic
def _submit(actor: Actor, filing: Filing, at: dt.datetime) -> Dossier:
    access.enter(actor)
    if filing.draft is not None:
        first = _already_filed(actor, filing.draft)
        if first is not None:
            return first
    checked = check_filing(actor, filing, at)
    people = persons_of(actor, filing, at)
    firm = firm_of(actor, filing, at)
    dossier = _new_dossier(actor, checked, at)
    tie_files(actor, dossier, filing.papers, checked.asked, at)
    _start(actor, dossier, checked, at)
    database.insert(dossier)
    _open_to(dossier, people, firm, at)
    if actor.is_official:
        database.run()  # the answers are another unit's: the policy looks for the participation
    _write_parts(actor, dossier, checked, people, firm, at)
    _announce(actor, dossier, checked, at)
    if filing.draft is not None:
        forms.finish_draft(actor, draft=filing.draft)
    return dossier


def _already_filed(actor: Actor, draft: UUID) -> Dossier | None:
    """Return the dossier of a draft, after whoever is filing it at this moment has done so."""
    forms.lock_draft(draft)
    filed = Dossier.objects.filter(draft=draft).first()
    if filed is not None and records.filed_from(actor, draft) is None:
        raise dossiers.not_found()
    return filed


def _new_dossier(actor: Actor, checked: Checked, at: dt.datetime) -> Dossier:
    """Return the dossier with its code, not written yet."""
    filing, case = checked.filing, checked.case
    unit = organisations.unit_by_id(filing.receiving_unit)
    procedure = case.version.procedure
    return Dossier(
        id=new_id(),
        code=papers.next_code(
            unit=unit.id, unit_code=unit.code, field_code=procedure.field_code, on=clock.day(at)
        ),
        link_secret=new_secret(),
        draft=filing.draft,
        case=case,
        channel=filing.channel,
        national_state=NationalState.FILED,
        money_state=rules.money_state(checked.lines),
        helped_at_id=helping_unit(actor, filing),
        received_unit_id=filing.receiving_unit,
        competent_unit_id=filing.competent_unit,
        settled_in=procedure.settled_in,
        delivery=filing.delivery,
        allowance=case.allowance,
        submitted_at=at,
        last_act="submit",
        last_by=actor.account,
        last_at=at,
    )


def _start(actor: Actor, dossier: Dossier, checked: Checked, at: dt.datetime) -> None:
    procedure, owner = checked.case.version.procedure, _owner(checked.filing)
    workflow.start(
        actor,
        kind=KIND,
        record=dossier.id,
        code=dossier.code,
        title=f"{procedure.name['vi']} · {nfc(owner.full_name)}",
        flow=checked.case.flow_version_id,
        units=parts.resolve(
            checked.case,
            received=dossier.received_unit_id,
            competent=dossier.competent_unit_id,
            on=clock.day(at),
        ),
        group=procedure.field_code,
        due_at=None,
        at=at,
    )


def _owner(filing: Filing) -> PartyInput:
    return next(party for party in filing.parties if party.role == PartyRole.OWNER)


def _write_parts(
    actor: Actor,
    dossier: Dossier,
    checked: Checked,
    people: Sequence[tuple[PartyInput, UUID | None]],
    firm: UUID | None,
    at: dt.datetime,
) -> None:
    filing = checked.filing
    held_by = PartyRole.OWNER if firm is None else PartyRole.SUBMITTER
    owner = next(person for party, person in people if party.role == held_by)
    add_papers(dossier, filing.papers, checked.asked, at=at)
    forms.save_answers(
        actor,
        record_kind=KIND,
        record=dossier.id,
        form_version=checked.case.form_version_id,
        answers=checked.answers,
        unit=dossier.competent_unit_id,
        person=owner,
        provenance=filing.known,
    )
    database.insert(
        *(
            Party(
                dossier=dossier,
                role=party.role,
                person_id=person,
                enterprise_id=firm if party.tax_code else None,
                full_name=nfc(party.full_name),
                last_digits=_digits(party)[-4:],
                birth_date=party.birth_date,
                phone=party.phone,
                email=party.email,
                address=nfc(party.address),
                relation=nfc(party.relation),
                authority=nfc(party.authority)
                or (checked.authority if party.role == PartyRole.SUBMITTER else ""),
            )
            for party, person in people
        )
    )
    database.insert(*(FeeLine(dossier=dossier, **asdict(line)) for line in checked.lines))


def _digits(party: PartyInput) -> str:
    return party.tax_code or NationalNumber.parse(party.national_number).digits


def _open_to(
    dossier: Dossier,
    people: Sequence[tuple[PartyInput, UUID | None]],
    firm: UUID | None,
    at: dt.datetime,
) -> None:
    units = {
        **({dossier.helped_at_id: "helped"} if dossier.helped_at_id else {}),
        dossier.received_unit_id: "received",
        dossier.competent_unit_id: "competent",
    }
    access.participate_many(
        record=dossier.id,
        kind=KIND,
        units=units,
        persons={person: party.role for party, person in people if person is not None}
        | ({firm: PartyRole.OWNER} if firm is not None else {}),
        at=at,
    )


def _announce(actor: Actor, dossier: Dossier, checked: Checked, at: dt.datetime) -> None:
    procedure, owner = checked.case.version.procedure, _owner(checked.filing)
    search.index(
        kind=KIND,
        record=dossier.id,
        code=dossier.code,
        title=nfc(owner.full_name),
        body=procedure.name["vi"],
        units=[dossier.received_unit_id, dossier.competent_unit_id],
        at=at,
    )
    audit.record(
        actor,
        f"{KIND}.submit",
        subject=dossiers.subject(dossier),
        at=at,
        fields={"procedure": procedure.code, "channel": dossier.channel},
    )
    events.publish(
        DossierSubmitted(
            dossier=dossier.id,
            code=dossier.code,
            procedure=procedure.code,
            unit=dossier.received_unit_id,
            channel=dossier.channel,
        ),
        record=dossier.id,
        at=at,
    )
    if not actor.is_official and actor.account is not None:
        notifications.notify(
            to=notifications.Recipient(account=actor.account),
            template="public_services.submitted",
            slots={"code": dossier.code, "procedure": procedure.name["vi"]},
            link=f"/ho-so/{dossier.code}/",
            record=dossier.id,
            at=at,
        )
