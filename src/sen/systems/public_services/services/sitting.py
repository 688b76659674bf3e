"""Who sits in a council takes part in its dossier, from being called until the council concludes.

Nothing is asked or written for a procedure without a council.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.systems.public_services.choices import Attendance
from sen.systems.public_services.models import CouncilSeat, Dossier
from sen.systems.public_services.queries import council
from sen.systems.public_services.rules import dossiers as rules

_MOVES = frozenset({"convene", "excuse", "replace", "conclude"})
_SITS = (Attendance.AWAITED, Attendance.PRESENT)


def follow(dossier: Dossier, *, act: str, at: dt.datetime) -> None:
    """Let those take part who sit in the council now, and nobody else, after an act.

    Called once an act, when its rows are written.
    """
    if not dossier.case.council or (act not in _MOVES and dossier.state not in rules.ENDED):
        return
    now = set() if dossier.state in rules.ENDED else _members(dossier)
    taken = access.Participation.objects.filter(
        record=dossier.id, kind=council.DOSSIER, why=council.WHY, until=None
    )
    before = {person for person in taken.values_list("person", flat=True) if person is not None}
    for person in sorted(before - now):
        access.leave(record=dossier.id, person=person, at=at)
    access.participate_many(
        record=dossier.id,
        kind=council.DOSSIER,
        persons=dict.fromkeys(sorted(now - before), council.WHY),
        at=at,
    )


def _members(dossier: Dossier) -> set[UUID]:
    accounts = CouncilSeat.objects.filter(
        dossier_id=dossier.id, attendance__in=_SITS, dossier__council__concluded_at=None
    ).values_list("account", flat=True)
    people = identity.Account.objects.filter(pk__in=list(accounts), person__isnull=False)
    return set(people.values_list("person_id", flat=True))
