"""Withdrawing: a dossier taken back on the wish of its owner."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Invalid
from sen.base.vietnamese import nfc
from sen.kernel.database import public as database
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.choices import ClosingKind, DossierState, FormCode
from sen.systems.public_services.events import DossierClosed
from sen.systems.public_services.models import Closing, Dossier
from sen.systems.public_services.services import dossiers, issuing
from sen.systems.public_services.services.dossiers import Ordered


@transaction.atomic
def withdraw_dossier(*, actor: Actor, order: Ordered, reason: str, at: dt.datetime) -> Dossier:
    """Take a dossier back ("rút hồ sơ") on the wish of its owner.

    Not while the leader's signature is being made, which takes seconds: it either comes or fails.
    Raises NotFound, VersionConflict, SigningUnderWay, Invalid. Publishes DossierClosed.
    Nguồn: Nghị định 118/2025/NĐ-CP, Điều 21; Thông tư 03/2025/TT-VPCP, Điều 7.
    """
    dossier = dossiers.open_as_party(actor, order, act="withdraw")
    if not nfc(reason):
        raise Invalid(fields={"reason": [_("Vui lòng cho biết lý do rút hồ sơ.")]})
    if dossier.state == DossierState.SIGNING:
        dossiers.not_under_way(dossier)
    workflow.cancel(actor, record=dossier.id, at=at, outcome="withdrawn")
    closing = Closing(
        dossier=dossier,
        kind=ClosingKind.WITHDRAWN,
        reason=nfc(reason),
        closed_by=actor.account,
        closed_at=at,
    )
    issuing.order_form(dossier, FormCode.MAU_05, record=closing.id, at=at)
    database.insert(closing)
    dossiers.moved(
        actor,
        dossier,
        act="withdraw",
        at=at,
        state=DossierState.WITHDRAWN,
        closing=ClosingKind.WITHDRAWN,
        changes={"ended_at": at},
        words=closing.reason,
        event=DossierClosed(
            dossier=dossier.id, code=dossier.code, closing=closing.id, kind=closing.kind
        ),
    )
    return dossier
