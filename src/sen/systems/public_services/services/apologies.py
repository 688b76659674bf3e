"""The one letter of apology that the law allows: it says why, and gives a new date."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid
from sen.base.vietnamese import nfc
from sen.kernel.calendar import public as calendar
from sen.kernel.database import public as database
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import FormCode
from sen.systems.public_services.events import DossierPostponed
from sen.systems.public_services.models import Apology, Dossier
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.services import dossiers, issuing
from sen.systems.public_services.services.dossiers import Ordered

_MOMENT = dt.timedelta(minutes=1)


class ApologySpent(Conflict):
    """A new date was given once already; the law allows no second."""

    code: ClassVar[str] = "apology_spent"
    default: ClassVar[str] = "Hồ sơ đã được hẹn lại một lần. Theo quy định không hẹn lại lần nữa."


class TooLateToApologise(Conflict):
    """The letter goes out a day before the dossier is late; it no longer can."""

    code: ClassVar[str] = "too_late_to_apologise"
    default: ClassVar[str] = (
        "Chỉ hẹn lại được trước ngày hẹn ít nhất một ngày; hồ sơ này đã đến hạn."
    )


@transaction.atomic
def apologise(
    *,
    actor: Actor,
    order: Ordered,
    reason: str,
    cause: str,
    new_due_on: dt.date,
    at: dt.datetime,
) -> Dossier:
    """Apologise for a delay and give the one new date ("xin lỗi, hẹn lại"); Mẫu 04 follows.

    cause: whose delay it is. new_due_on: a working day after the one that holds.
    Raises NotAllowed, ConflictOfInterest, VersionConflict, ApologySpent, TooLateToApologise,
    Invalid. Publishes DossierPostponed.
    Nguồn: Nghị định 61/2018/NĐ-CP, Điều 19 khoản 9, 10; Thông tư 03/2025/TT-VPCP, Mẫu số 04.
    """
    dossier = dossiers.open_for(actor, order, act="apologise", permission=permissions.CHECK)
    due, expected = dossiers.known(dossier.due_at), dossiers.known(dossier.expected_at)
    is_used = Apology.objects.filter(dossier=dossier).exists()
    if is_used:
        raise ApologySpent
    if not rules.may_apologise(today=clock.day(at), due_on=clock.day(expected), is_used=is_used):
        raise TooLateToApologise
    _check(reason, cause)
    new_due_at = _end_of(dossier, new_due_on, due, expected)
    apology = Apology(
        dossier=dossier,
        reason=nfc(reason),
        cause=nfc(cause),
        old_due_at=due,
        new_due_at=new_due_at,
        apologised_by=actor.account,
        apologised_at=at,
    )
    run = workflow.extend(actor, record=dossier.id, due_at=new_due_at, ground=nfc(reason), at=at)
    database.insert(apology)
    issuing.order_form(dossier, FormCode.MAU_04, record=apology.id, at=at)
    dossiers.moved(
        actor,
        dossier,
        act="apologise",
        at=at,
        changes={"due_at": new_due_at, "expected_at": run.expected_at or new_due_at},
        words=apology.reason,
        event=DossierPostponed(dossier=dossier.id, code=dossier.code, due_at=new_due_at),
    )
    due_text = date_format(clock.local(new_due_at), "H:i d/m/Y")
    dossiers.tell(dossier, "apology", at, due=due_text)
    return dossier


def _check(reason: str, cause: str) -> None:
    problems = {}
    if not nfc(reason):
        problems["reason"] = [_("Vui lòng ghi lý do chậm.")]
    if not nfc(cause):
        problems["cause"] = [_("Vui lòng ghi cơ quan, bộ phận gây chậm.")]
    if problems:
        raise Invalid(fields=problems)


def _end_of(dossier: Dossier, day: dt.date, due: dt.datetime, expected: dt.datetime) -> dt.datetime:
    """Return when the office closes on a day, at the hour of the first promise."""
    new = dt.datetime.combine(day, clock.local(due).time(), tzinfo=clock.ZONE)
    office = calendar.calendar_of(dossier.competent_unit_id)
    if day <= clock.day(expected) or not calendar.is_working(new - _MOMENT, office):
        message = _("Ngày hẹn mới phải là ngày làm việc, sau ngày hẹn hiện nay.")
        raise Invalid(fields={"new_due_on": [message]})
    return new
