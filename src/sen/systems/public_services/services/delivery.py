"""Handing the result over, with evidence."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor, Strength
from sen.base.errors import Invalid
from sen.base.vietnamese import nfc
from sen.kernel.database import public as database
from sen.kernel.files import public as files
from sen.kernel.identity import public as identity
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import DeliveryState, DossierState, HandOverMethod
from sen.systems.public_services.events import ResultHandedOver
from sen.systems.public_services.models import Dossier, HandOver
from sen.systems.public_services.services import dossiers
from sen.systems.public_services.services.dossiers import KIND, Ordered


@transaction.atomic
def hand_over(
    *,
    actor: Actor,
    order: Ordered,
    method: str,
    receiver: str,
    evidence: str,
    file: UUID | None = None,
    at: dt.datetime,
) -> Dossier:
    """Hand the result over ("trả kết quả") and end the dossier.

    receiver: who took it. evidence: what proves it, such as the paper shown or the post number;
    file: the scanned slip, if there is one. Raises NotAllowed, VersionConflict, Invalid.
    Publishes ResultHandedOver.
    """
    dossier = dossiers.open_for(actor, order, act="hand_over", permission=permissions.HAND_OVER)
    if method not in HandOverMethod.values:
        raise Invalid(fields={"method": [_("Vui lòng chọn cách trả kết quả.")]})
    _check_evidence(receiver, evidence)
    if file is not None:
        files.link(actor, [file], KIND, dossier.id, at)
    task = workflow.task_of(dossier.id, "public_services.hand_over")
    workflow.complete(actor, task=task, outcome="hand_over", at=at)
    _record(actor, dossier, method=method, receiver=receiver, evidence=evidence, file=file, at=at)
    return dossier


@transaction.atomic
def take_result(*, actor: Actor, order: Ordered, at: dt.datetime) -> Dossier:
    """Take the electronic result as one of the parties: the sign-in is the evidence.

    Whoever is signed in took it, also where they act for the owner.

    Raises NotFound, VersionConflict. Publishes ResultHandedOver.
    """
    dossier = dossiers.open_as_party(actor, order, act="hand_over")
    task = workflow.task_of(dossier.id, "public_services.hand_over")
    workflow.complete(actor, task=task, outcome="hand_over", at=at)
    _record(
        actor,
        dossier,
        method=HandOverMethod.ONLINE,
        receiver=identity.person(actor.person).full_name if actor.person else "",
        evidence=_proof(actor),
        file=None,
        at=at,
    )
    return dossier


def _proof(actor: Actor) -> str:
    """Return how surely whoever takes a result online is known, in the words of the law."""
    if actor.token is not None:
        return _("Khóa truy cập của chủ tài khoản")
    level = 2 if actor.strength >= Strength.LEVEL_2 else 1
    return _("Đăng nhập định danh điện tử mức %(level)d") % {"level": level}


def _check_evidence(receiver: str, evidence: str) -> None:
    problems = {}
    if not nfc(receiver):
        problems["receiver"] = [_("Vui lòng ghi họ tên người nhận.")]
    if not nfc(evidence):
        problems["evidence"] = [_("Vui lòng ghi bằng chứng trả kết quả.")]
    if problems:
        raise Invalid(fields=problems)


def _record(
    actor: Actor,
    dossier: Dossier,
    *,
    method: str,
    receiver: str,
    evidence: str,
    file: UUID | None,
    at: dt.datetime,
) -> None:
    database.insert(
        HandOver(
            dossier=dossier,
            method=method,
            receiver=nfc(receiver),
            evidence=nfc(evidence),
            file_id=file,
            handed_by=actor.account,
            handed_at=at,
        )
    )
    dossiers.moved(
        actor,
        dossier,
        act="hand_over",
        at=at,
        state=DossierState.HANDED_OVER,
        changes={"ended_at": at, "delivery_state": DeliveryState.HANDED_OVER},
        event=ResultHandedOver(dossier=dossier.id, code=dossier.code, method=method),
    )
