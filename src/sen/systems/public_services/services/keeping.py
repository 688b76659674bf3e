"""Keeping an issued result, so that anybody verifies it and the next filing uses it."""

from __future__ import annotations

import datetime as dt

from sen.base.actor import Actor
from sen.kernel.files import public as files
from sen.systems.public_services.choices import PartyRole
from sen.systems.public_services.models import Decision, Dossier
from sen.systems.public_services.queries import findings, paperwork
from sen.systems.public_services.services.dossiers import KIND, known
from sen.systems.results import public as results


def keep_result(
    actor: Actor, dossier: Dossier, decision: Decision, *, file: files.File, at: dt.datetime
) -> None:
    """Keep the sealed paper of a numbered decision in the results store; a part of issuing it."""
    parties = dossier.party_by_role
    firm = parties[PartyRole.OWNER].enterprise_id
    persons = [party.person_id for party in parties.values() if party.person_id]
    holders = persons if firm is None else [firm]
    facts = paperwork.result_facts(dossier, findings.read(dossier) or {})
    results.keep_result(
        actor=actor,
        result=results.NewResult(
            key=decision.result_key,
            result_type=dossier.case.result_type,
            title=dossier.case.version.procedure.name["vi"],
            number=decision.notation,
            issued_on=known(decision.decided_on),
            unit=dossier.competent_unit_id,
            source_kind=KIND,
            source=dossier.id,
            source_code=dossier.code,
            file=file.id,
            sha256=file.sha256,
            holders=tuple(dict.fromkeys(holders)),
            data={name: _said(value) for name, value in facts.items()},
        ),
        at=at,
    )


def _said(value: object) -> str:
    """Return a fact as the results store keeps it; the rows of a table one after another."""
    if isinstance(value, list):
        return "; ".join(", ".join(filter(None, row.values())) for row in value)
    return str(value)
