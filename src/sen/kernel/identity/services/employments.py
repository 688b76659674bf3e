"""Verbs on positions that officials hold already; the caller has asked `access` who may."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict
from sen.kernel.audit import public as audit
from sen.kernel.identity.models import Account, Employment
from sen.kernel.identity.services.accounts import subject_of


@transaction.atomic
def make_default(actor: Actor, *, employment: UUID, at: dt.datetime) -> Employment:
    """Let a position be the one taken at sign-in; the former default one stays held.

    Raises Conflict for a position that is not held today.
    """
    row = Employment.objects.select_related("account", "position").get(pk=employment)
    Account.objects.select_for_update().get(pk=row.account_id)
    on = clock.day(at)
    if row.valid_from > on or (row.valid_to is not None and row.valid_to < on):
        raise Conflict(_("Chỉ vị trí đang giữ mới làm vị trí mặc định được."))
    Employment.objects.filter(account=row.account_id, is_default=True).update(is_default=False)
    row.is_default = True
    row.save(update_fields=["is_default"])
    audit.record(
        actor,
        "identity.employment.default",
        subject=subject_of(row.account),
        at=at,
        fields={"position": row.position_id},
    )
    return row
