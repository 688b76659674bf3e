"""What becomes of dossiers when units merge: open ones go on in the unit that takes over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from sen.base.actor import SYSTEM
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.systems.public_services.choices import DeliveryState, SigningState
from sen.systems.public_services.models import Decision, Dossier
from sen.systems.public_services.services.dossiers import KIND, subject

_OPEN = Q(ended_at=None) | Q(delivery_state=DeliveryState.READY)
"""Dossiers on which somebody still has to act, if only to hand the result over."""
_UNSIGNED = (SigningState.DRAFT, SigningState.FAILED)
_FOLLOW_STAGES = """
UPDATE public_services_stage SET unit_id = pair.new
FROM unnest(%s::uuid[], %s::uuid[]) AS pair(old, new)
WHERE public_services_stage.unit_id = pair.old AND public_services_stage.ended_at IS NULL"""


@transaction.atomic
def follow_merger(successor: Mapping[UUID, UUID], *, decision: str, at: dt.datetime) -> int:
    """Let open dossiers of units that ended go on in those that took over; return how many.

    Dossiers that ended stay with the unit that settled them, and papers that were issued with the
    name they bear; later ones bear the new unit's: a draft that nobody has signed yet is nobody's
    to sign, and is made anew. What a leader signed before is numbered and sealed by the new unit.
    A second run changes nothing.
    """
    access.enter(SYSTEM)
    held = (
        Dossier.objects.select_for_update(of=("self",))
        .filter(_OPEN)
        .filter(Q(received_unit__in=successor) | Q(competent_unit__in=successor))
        .order_by("id")
    )
    moved = list(held)
    redrawn = [one.id for one in moved if one.competent_unit_id in successor]
    for dossier in moved:
        dossier.received_unit_id = successor.get(dossier.received_unit_id, dossier.received_unit_id)
        dossier.competent_unit_id = successor.get(
            dossier.competent_unit_id, dossier.competent_unit_id
        )
        audit.record(
            SYSTEM,
            f"{KIND}.follow_merger",
            subject=subject(dossier),
            at=at,
            reason=decision,
            fields={
                "received_unit": str(dossier.received_unit_id),
                "competent_unit": str(dossier.competent_unit_id),
            },
        )
    Dossier.objects.bulk_update(moved, ["received_unit", "competent_unit"], batch_size=500)
    Decision.objects.filter(dossier__in=redrawn, state__in=_UNSIGNED).update(signer=None)
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW_STAGES, [[*successor], [*successor.values()]])
    return len(moved)
