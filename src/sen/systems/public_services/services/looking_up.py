"""Following a dossier without sign-in: by its code and four digits, with limits and a trace."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import SYSTEM, Actor
from sen.base.errors import NotFound
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.identity import public as identity
from sen.systems.public_services.choices import PartyRole
from sen.systems.public_services.data import PublicStatus
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.queries import records
from sen.systems.public_services.services import dossiers
from sen.systems.public_services.services.dossiers import KIND

WINDOW = dt.timedelta(minutes=15)
TRIES_A_VISITOR = 10
TRIES_A_CODE = 5

_WHAT = f"{KIND}.look_up"


def look_up(
    *, actor: Actor, code: str, last_digits: str, visitor: str, at: dt.datetime
) -> PublicStatus:
    """Return the public status of a dossier for whoever knows its code and the owner's last digits.

    last_digits: the last four of the owner's national number. visitor: where the question comes
    from.
    Raises TooMany after ten tries a visitor or five a code in a quarter of an hour, right or wrong;
    NotFound says the same for a wrong code and for wrong digits. Each try is in the audit trail.
    """
    identity.note_attempt(
        [
            identity.Limit(
                what=f"{_WHAT}.visitor", who=visitor, most=TRIES_A_VISITOR, window=WINDOW
            ),
            identity.Limit(
                what=f"{_WHAT}.code", who=code.strip().upper(), most=TRIES_A_CODE, window=WINDOW
            ),
        ],
        at=at,
    )
    with transaction.atomic():
        access.enter(SYSTEM)
        found = (
            Dossier.objects.select_related("case__version__procedure")
            .filter(
                code=code.strip().upper(),
                parties__role=PartyRole.OWNER,
                parties__last_digits=last_digits.strip(),
            )
            .exclude(parties__last_digits="")
            .first()
        )
        audit.record(
            actor,
            f"{KIND}.look_up" if found else f"{KIND}.look_up_failed",
            subject=dossiers.subject(found) if found else audit.Subject(kind=KIND, id=UUID(int=0)),
            at=at,
            fields={"code": code},
        )
    if found is None:
        raise NotFound(_("Không có hồ sơ nào khớp với mã và bốn số cuối đã nhập."))
    return records.public_status(found, now=at)
