"""Who sits in a council takes part in its dossier, from being called until the council concludes.

Nothing is asked or written for a procedure without a council.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import connection

from sen.kernel.access import public as access
from sen.systems.public_services.choices import Attendance
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.queries import council
from sen.systems.public_services.rules import dossiers as rules

_MOVES = frozenset({"convene", "excuse", "replace"})
_SITS = (Attendance.AWAITED, Attendance.PRESENT)


def follow(dossier: Dossier, *, act: str, at: dt.datetime) -> None:
    """Let those take part who sit in the council now, and nobody else, after an act.

    Called once an act, when its rows are written.
    """
    if not dossier.case.council:
        return
    if act == "conclude" or dossier.state in rules.ENDED:
        access.leave_all(record=dossier.id, kind=council.DOSSIER, why=council.WHY, at=at)
        return
    if act not in _MOVES:
        return
    now, before = _members(dossier)
    access.leave_many(record=dossier.id, persons=sorted(before - now), at=at)
    access.participate_many(
        record=dossier.id,
        kind=council.DOSSIER,
        persons=dict.fromkeys(sorted(now - before), council.WHY),
        at=at,
    )


_MEMBERS = f"""
SELECT ARRAY(
    SELECT account.person_id FROM public_services_councilseat seat
    JOIN public_services_council council
        ON council.dossier_id = seat.dossier_id AND council.concluded_at IS NULL
    JOIN identity_account account ON account.id = seat.account
    WHERE seat.dossier_id = %(dossier)s AND seat.attendance = ANY(%(sits)s)
        AND account.person_id IS NOT NULL
), ARRAY(
    SELECT taken.person FROM access_participation taken
    WHERE taken.record = %(dossier)s AND taken.kind = '{council.DOSSIER}'
        AND taken.why = '{council.WHY}' AND taken.until IS NULL AND taken.person IS NOT NULL
)"""


def _members(dossier: Dossier) -> tuple[set[UUID], set[UUID]]:
    """Return the persons who sit in the council, and those who take part so far; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, {"dossier": dossier.id, "sits": list(_SITS)})
        sits, takes_part = cursor.fetchall()[0]
    return set(sits), set(takes_part)
