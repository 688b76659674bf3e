"""Reception at the one-stop shop: receive, or refuse with the ground."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Invalid
from sen.base.vietnamese import nfc
from sen.kernel.calendar import public as calendar
from sen.kernel.database import public as database
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import ClosingKind, DossierState, FormCode, SyncState
from sen.systems.public_services.events import DossierClosed, DossierReceived
from sen.systems.public_services.models import Closing, Dossier
from sen.systems.public_services.services import dossiers, issuing, passing_on
from sen.systems.public_services.services.dossiers import Ordered


@transaction.atomic
def receive_dossier(*, actor: Actor, order: Ordered, at: dt.datetime) -> Dossier:
    """Take a dossier into settlement ("tiếp nhận hồ sơ"): freeze its time, promise its day.

    The receipt (Mẫu 01) has its number now; a job makes, signs and sends it.
    Raises NotAllowed, ConflictOfInterest, VersionConflict, CalendarTooShort. Publishes
    DossierReceived.
    Nguồn: Nghị định 118/2025/NĐ-CP, Điều 17.3 và 18.2 (sửa đổi bởi Nghị định 309/2026/NĐ-CP).
    """
    dossier = dossiers.open_for(actor, order, act="receive", permission=permissions.RECEIVE)
    allowance = calendar.Allowance.parse(dossier.allowance)
    days = calendar.calendar_of(dossier.competent_unit_id)
    due_at = calendar.due_at(at, allowance, days)
    task = workflow.task_of(dossier.id, "public_services.receive")
    workflow.complete(actor, task=task, outcome="accept", at=at, record_due_at=due_at)
    issuing.order_form(dossier, FormCode.MAU_01, at=at)
    passes_on = bool(passing_on.partner_of(dossier.case))
    if passes_on:
        passing_on.order_passage(dossier, at=at)
    dossiers.moved(
        actor,
        dossier,
        act="receive",
        at=at,
        state=DossierState.PASSED_ON if passes_on else DossierState.RECEIVED,
        changes={
            "received_at": at,
            "competent_received_at": at,
            "due_at": due_at,
            "expected_at": due_at,
            "calendar_edition": days.edition,
            **({"sync_state": SyncState.WAITING} if passes_on else {}),
        },
        event=DossierReceived(
            dossier=dossier.id,
            code=dossier.code,
            procedure=dossier.case.version.procedure.code,
            unit=dossier.received_unit_id,
            due_at=due_at,
        ),
    )
    return dossier


@transaction.atomic
def refuse_reception(
    *,
    actor: Actor,
    order: Ordered,
    reason: str,
    ground: str,
    competent_agency: str = "",
    at: dt.datetime,
) -> Dossier:
    """Refuse to receive a dossier ("từ chối tiếp nhận"), with reason and legal ground.

    competent_agency: who is competent instead, if somebody is. Mẫu 03 follows.
    Raises NotAllowed, ConflictOfInterest, VersionConflict, Invalid. Publishes DossierClosed.
    Nguồn: Thông tư 03/2025/TT-VPCP, Phụ lục I, Mẫu số 03.
    """
    dossier = dossiers.open_for(
        actor, order, act="refuse_reception", permission=permissions.RECEIVE
    )
    check_ground(reason, ground)
    task = workflow.task_of(dossier.id, "public_services.receive")
    workflow.complete(actor, task=task, outcome="refuse", at=at)
    closing = Closing(
        dossier=dossier,
        kind=ClosingKind.REFUSED_AT_RECEPTION,
        reason=nfc(reason),
        ground=nfc(ground),
        competent_agency=nfc(competent_agency),
        closed_by=actor.account,
        closed_at=at,
    )
    issuing.order_form(dossier, FormCode.MAU_03, record=closing.id, at=at)
    database.insert(closing)
    dossiers.moved(
        actor,
        dossier,
        act="refuse_reception",
        at=at,
        state=DossierState.REFUSED,
        closing=ClosingKind.REFUSED_AT_RECEPTION,
        changes={"ended_at": at},
        words=closing.reason,
        event=DossierClosed(
            dossier=dossier.id, code=dossier.code, closing=closing.id, kind=closing.kind
        ),
    )
    return dossier


def check_ground(reason: str, ground: str) -> None:
    """Raise Invalid unless a refusal has its reason and its legal ground."""
    problems = {}
    if not nfc(reason):
        problems["reason"] = [_("Vui lòng ghi rõ lý do từ chối.")]
    if not nfc(ground):
        problems["ground"] = [_("Vui lòng ghi căn cứ pháp lý của việc từ chối.")]
    if problems:
        raise Invalid(fields=problems)
