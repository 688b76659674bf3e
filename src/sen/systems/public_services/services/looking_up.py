"""Following a dossier without sign-in: by its code and four digits, with limits and a trace."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from sen.base.actor import SYSTEM, Actor
from sen.base.errors import NotFound, TooMany
from sen.base.sealing import sealer
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.systems.public_services.choices import PartyRole
from sen.systems.public_services.data import PublicStatus
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.queries import records
from sen.systems.public_services.services import dossiers
from sen.systems.public_services.services.dossiers import KIND

WINDOW = dt.timedelta(minutes=15)
TRIES_A_VISITOR = 10
TRIES_A_CODE = 5

_COUNT = """
INSERT INTO public_services_lookupattempt AS a (key, window_at, tries)
VALUES (%(visitor)s, %(at)s, 1), (%(code)s, %(at)s, 1)
ON CONFLICT (key) DO UPDATE SET
  tries = CASE WHEN a.window_at > %(floor)s THEN a.tries + 1 ELSE 1 END,
  window_at = CASE WHEN a.window_at > %(floor)s THEN a.window_at ELSE excluded.window_at END
RETURNING key, tries
"""


def look_up(
    *, actor: Actor, code: str, last_digits: str, visitor: str, at: dt.datetime
) -> PublicStatus:
    """Return the public status of a dossier for whoever knows its code and the owner's last digits.

    last_digits: the last four of the owner's national number. visitor: where the question comes
    from.
    Raises TooMany after ten tries a visitor or five a code in a quarter of an hour, right or wrong;
    NotFound says the same for a wrong code and for wrong digits. Each try is in the audit trail.
    """
    _count(visitor, code, at)
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
    return records.public_status(found)


def _count(visitor: str, code: str, at: dt.datetime) -> None:
    """Count this try in its own transaction, so that a refusal does not undo it."""
    root = sealer(settings.FIELD_KEY)
    keys = {
        "visitor": root.digest(visitor, "lookup.visitor"),
        "code": root.digest(code.strip().upper(), "lookup.code"),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_COUNT, {**keys, "at": at, "floor": at - WINDOW})
        tries = {bytes(key): count for key, count in cursor.fetchall()}
    if tries[keys["visitor"]] > TRIES_A_VISITOR or tries[keys["code"]] > TRIES_A_CODE:
        raise TooMany
