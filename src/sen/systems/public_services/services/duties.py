"""The financial duty of a land dossier: sent to the tax office, stated there, paid, shown.

The tax office stands outside: whoever examines the dossier writes down what came from there. From
the sending to the proof of payment the time of the law stands still; each wait has its own date.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid
from sen.base.money import format_vnd
from sen.base.vietnamese import nfc
from sen.kernel.database import public as database
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import DossierState
from sen.systems.public_services.events import DutyConfirmed, DutySent, DutyStated
from sen.systems.public_services.models import Dossier, FinancialDuty
from sen.systems.public_services.services import dossiers
from sen.systems.public_services.services.dossiers import Ordered

TAX, PAYMENT = "tax_office", "payment"
GROUND = "Nghị định 151/2025/NĐ-CP; thời gian thực hiện nghĩa vụ tài chính không tính vào thời hạn"
"""Why the clock of a land dossier stands, and on what ground."""


class NoDutyHere(Conflict):
    """This procedure has no financial duty at this step, or it was sent already."""

    code: ClassVar[str] = "no_duty_here"
    default: ClassVar[str] = "Bước này của hồ sơ không chuyển cơ quan thuế."


@transaction.atomic
def send_duty(*, actor: Actor, order: Ordered, sheet: str, at: dt.datetime) -> Dossier:
    """Send the facts of a dossier to the tax office ("phiếu chuyển thông tin"); the clock stands.

    sheet: the number of the sheet. Raises NotAllowed, ConflictOfInterest, VersionConflict, Invalid,
    NoDutyHere. Publishes DutySent.
    Nguồn: Luật Đất đai 31/2024/QH15, Điều 155; Nghị định 151/2025/NĐ-CP.
    """
    dossier = dossiers.open_for(actor, order, act="send_duty", permission=permissions.PROCESS)
    task = dossiers.own_task(actor, dossier, "public_services.propose")
    if "send_duty" not in _outcomes(task):
        raise NoDutyHere
    _need({"sheet": (sheet, _("Vui lòng ghi số phiếu chuyển thông tin."))})
    workflow.complete(actor, task=task, outcome="send_duty", at=at, data={"duty": True})
    _stand(actor, dossier, TAX, at)
    database.insert(
        FinancialDuty(dossier=dossier, sheet=nfc(sheet), sent_at=at, sent_by=actor.account)
    )
    dossiers.moved(
        actor,
        dossier,
        act="send_duty",
        at=at,
        state=DossierState.DUTY,
        event=DutySent(dossier=dossier.id, code=dossier.code),
    )
    dossiers.tell(dossier, "duty_sent", at)
    return dossier


@transaction.atomic
def record_duty(
    *,
    actor: Actor,
    order: Ordered,
    notice: str,
    noticed_on: dt.date,
    amount_vnd: int,
    at: dt.datetime,
) -> Dossier:
    """Write down the tax office's notice; the person is told what to pay, the clock still stands.

    notice: its number; noticed_on: its day, not before the sheet was sent and not to come.
    Raises NotAllowed, ConflictOfInterest, VersionConflict, Invalid. Publishes DutyStated.
    """
    dossier = dossiers.open_for(actor, order, act="record_duty", permission=permissions.PROCESS)
    task = dossiers.own_task(actor, dossier, "public_services.record_duty")
    duty = FinancialDuty.objects.select_for_update().get(dossier=dossier)
    _need({"notice": (notice, _("Vui lòng ghi số thông báo của cơ quan thuế."))})
    _in_time("noticed_on", noticed_on, clock.day(duty.sent_at), clock.day(at))
    if amount_vnd < 0:
        raise Invalid(fields={"amount_vnd": [_("Số tiền không nhỏ hơn 0.")]})
    workflow.resume(actor, record=dossier.id, at=at)
    workflow.complete(actor, task=workflow.task_of(dossier.id, task.act), outcome="record", at=at)
    _stand(actor, dossier, PAYMENT, at)
    duty.notice, duty.noticed_on, duty.amount_vnd = nfc(notice), noticed_on, amount_vnd
    duty.noticed_at, duty.noticed_by = at, actor.account
    database.update(duty, "notice", "noticed_on", "amount_vnd", "noticed_at", "noticed_by")
    dossiers.moved(
        actor,
        dossier,
        act="record_duty",
        at=at,
        event=DutyStated(dossier=dossier.id, code=dossier.code),
    )
    dossiers.tell(dossier, "duty_stated", at, amount=format_vnd(amount_vnd))
    return dossier


@transaction.atomic
def confirm_duty(
    *, actor: Actor, order: Ordered, evidence: str, paid_on: dt.date, at: dt.datetime
) -> Dossier:
    """Confirm that the duty is done, with its evidence; the time of the law runs again.

    evidence: the receipt's number, or the ground of an exemption. Raises NotAllowed,
    ConflictOfInterest, VersionConflict, Invalid. Publishes DutyConfirmed.
    Nguồn: Nghị định 151/2025/NĐ-CP: từ khi hoàn thành nghĩa vụ tài chính thì tính tiếp thời hạn.
    """
    dossier = dossiers.open_for(actor, order, act="confirm_duty", permission=permissions.PROCESS)
    task = dossiers.own_task(actor, dossier, "public_services.confirm_duty")
    duty = FinancialDuty.objects.select_for_update().get(dossier=dossier)
    _need({"evidence": (evidence, _("Vui lòng ghi chứng từ đã nộp hoặc căn cứ miễn."))})
    _in_time("paid_on", paid_on, clock.day(duty.sent_at), clock.day(at))
    resumed = workflow.resume(actor, record=dossier.id, at=at)
    assign = {"register": duty.sent_by} if duty.sent_by is not None else {}
    workflow.complete(
        actor,
        task=workflow.task_of(dossier.id, task.act),
        outcome="confirm",
        at=at,
        assign=assign,
    )
    duty.evidence, duty.paid_on, duty.paid_at = nfc(evidence), paid_on, at
    duty.paid_by = actor.account
    database.update(duty, "evidence", "paid_on", "paid_at", "paid_by")
    dossiers.moved(
        actor,
        dossier,
        act="confirm_duty",
        at=at,
        state=DossierState.PROCESSING,
        changes={"expected_at": resumed.expected_at or dossier.due_at},
        event=DutyConfirmed(dossier=dossier.id, code=dossier.code),
    )
    return dossier


def _outcomes(task: workflow.Task) -> tuple[str, ...]:
    return workflow.flow(task.run.flow_id).by_key[task.step].outcomes


def _stand(actor: Actor, dossier: Dossier, reason: str, at: dt.datetime) -> None:
    workflow.pause(actor, record=dossier.id, reason=reason, ground=GROUND, at=at)


def _need(said: dict[str, tuple[str, str]]) -> None:
    missing = {field: [message] for field, (text, message) in said.items() if not nfc(text)}
    if missing:
        raise Invalid(fields=missing)


def _in_time(field: str, day: dt.date, first: dt.date, today: dt.date) -> None:
    if not first <= day <= today:
        raise Invalid(fields={field: [_("Ngày phải từ khi chuyển cơ quan thuế đến hôm nay.")]})
