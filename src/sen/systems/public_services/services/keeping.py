"""Keeping an issued result, so that anybody verifies it and the next filing uses it."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from sen.base.actor import Actor
from sen.kernel.access import public as access
from sen.systems.public_services.models import Decision
from sen.systems.public_services.queries import catalogue, paperwork
from sen.systems.public_services.services.dossiers import KIND
from sen.systems.results import public as results


@transaction.atomic(savepoint=False)
def keep_result(*, actor: Actor, decision: UUID, at: dt.datetime) -> None:
    """Keep the sealed result of a decision in the results store; a repeat changes nothing."""
    access.enter(actor)
    held = Decision.objects.select_related("dossier").get(id=decision)
    dossier = held.dossier
    dossier.case = catalogue.case(dossier.case_id)
    if held.sealed_id is None or held.decided_on is None:
        return
    holders = [party.person_id for party in dossier.party_by_role.values() if party.person_id]
    facts = paperwork.result_facts(dossier)
    results.keep_result(
        actor=actor,
        result=results.NewResult(
            key=held.result_key,
            result_type=dossier.case.result_type,
            title=dossier.case.version.procedure.name["vi"],
            number=held.notation,
            issued_on=held.decided_on,
            unit=dossier.competent_unit_id,
            source_kind=KIND,
            source=dossier.id,
            source_code=dossier.code,
            file=held.sealed_id,
            holders=tuple(dict.fromkeys(holders)),
            data={name: str(value) for name, value in facts.items()},
        ),
        at=at,
    )
