"""A council that considers a dossier: its chair convenes it, its members give their opinions.

Nguồn: Luật Người khuyết tật 51/2010/QH12, Điều 16; Thông tư 01/2019/TT-BLĐTBXH.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import SYSTEM, Actor
from sen.base.errors import Conflict, Invalid
from sen.base.vietnamese import nfc
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.database import public as database
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import Attendance
from sen.systems.public_services.models import Council, CouncilSeat, Dossier
from sen.systems.public_services.queries import council as councils
from sen.systems.public_services.queries.council import OPINION, Sitting
from sen.systems.public_services.services import dossiers, findings
from sen.systems.public_services.services.dossiers import KIND, Ordered

ABSENT = "absent"
"""The outcome of a member's step where nobody gives an opinion at it."""


class NotYourSeat(Conflict):
    """Whoever gives an opinion has no seat in the council, or has given theirs."""

    code = "not_your_seat"
    default = "Bạn không có ý kiến nào đang chờ trong Hội đồng này."


@dataclass(frozen=True, slots=True, kw_only=True)
class Convening:
    """When and where a council meets, and who sits in it.

    seats: by the step of each seat the account that holds it, None where nobody does; a seat that
    is not named is held by whoever has its post.
    """

    meets_at: dt.datetime
    place: str
    seats: Mapping[str, UUID | None] = field(default_factory=dict)


@transaction.atomic
def convene_council(
    *, actor: Actor, order: Ordered, convening: Convening, at: dt.datetime
) -> Dossier:
    """Convene the council as its chair ("triệu tập Hội đồng"): each member gets a task.

    Raises NotAllowed, ConflictOfInterest, VersionConflict, AlreadyDone, Invalid: a member who is a
    party or close to one, a stranger, one account on two seats, too few members.
    """
    dossier = _open(actor, order, act="convene", permission=permissions.COUNCIL_CHAIR)
    members = _members(actor, dossier, convening, at)
    task = workflow.task_of(dossier.id, "public_services.convene")
    opened = workflow.complete(actor, task=task, outcome="convene", at=at, assign=members)
    database.insert(
        Council(
            dossier=dossier,
            chair=dossiers.known(actor.account),
            convened_at=at,
            meets_at=convening.meets_at,
            place=nfc(convening.place),
        ),
        *(
            CouncilSeat(
                dossier=dossier,
                step=seat.step,
                title=dict(seat.title),
                account=members.get(seat.step),
                attendance=Attendance.AWAITED if seat.step in members else Attendance.VACANT,
            )
            for seat in councils.seats_of(dossier.case)
        ),
    )
    for task in opened:
        if task.step not in members:
            workflow.complete(SYSTEM, task=task, outcome=ABSENT, at=at, by=actor.account)
    dossiers.moved(actor, dossier, act="convene", at=at)
    return dossier


@transaction.atomic
def give_opinion(
    *, actor: Actor, order: Ordered, findings: Mapping[str, Any], at: dt.datetime
) -> Dossier:
    """Give one's opinion as a member ("ý kiến của thành viên Hội đồng"), sealed like findings.

    Members speak side by side: an opinion leaves the version of the dossier as it is.
    Raises NotAllowed, ConflictOfInterest, VersionConflict, NotYourSeat, Invalid.
    """
    dossier = dossiers.open_for(actor, order, act="opine", permission=permissions.COUNCIL_MEMBER)
    task = councils.own_seat(_open_tasks(dossier), actor.account)
    if task is None:
        raise NotYourSeat(_(NotYourSeat.default))
    check_impartial(actor, dossier)
    values = _checked(dossier, findings)
    seat = _seat(dossier, task.step)
    workflow.complete(actor, task=task, outcome="opine", at=at)
    keep_opinion(actor, dossier, seat.id, values, at)
    seat.attendance, seat.opined_at = Attendance.PRESENT, at
    database.update(seat, "attendance", "opined_at")
    audit.record(
        actor,
        f"{KIND}.opine",
        subject=dossiers.subject(dossier),
        at=at,
        fields={"seat": seat.step},
    )
    return dossier


@transaction.atomic
def excuse_member(
    *, actor: Actor, order: Ordered, seat: str, reason: str, at: dt.datetime
) -> Dossier:
    """Note as the chair that a member is absent ("vắng mặt"), and why; the meeting goes on.

    Raises NotAllowed, ConflictOfInterest, VersionConflict, NotYourSeat, Invalid without a reason.
    """
    dossier = _open(actor, order, act="excuse", permission=permissions.COUNCIL_CHAIR)
    if not nfc(reason):
        raise Invalid(fields={"reason": [_("Vui lòng ghi lý do vắng mặt.")]})
    task = _waiting(dossier, seat)
    row = _seat(dossier, seat)
    workflow.complete(SYSTEM, task=task, outcome=ABSENT, at=at, by=actor.account)
    row.attendance, row.reason = Attendance.ABSENT, nfc(reason)
    database.update(row, "attendance", "reason")
    dossiers.moved(actor, dossier, act="excuse", at=at, words=nfc(reason))
    return dossier


@transaction.atomic
def replace_member(
    *, actor: Actor, order: Ordered, seat: str, to: UUID, at: dt.datetime
) -> Dossier:
    """Put somebody else on a seat that still waits ("thay thành viên Hội đồng").

    Raises NotAllowed, ConflictOfInterest, VersionConflict, NotYourSeat, Invalid (a party or close
    to one, a stranger, somebody who sits there already).
    """
    dossier = _open(actor, order, act="replace", permission=permissions.COUNCIL_CHAIR)
    task = _waiting(dossier, seat)
    row = _seat(dossier, seat)
    taken = set(
        CouncilSeat.objects.filter(dossier_id=dossier.id).values_list("account", flat=True)
    ) | {actor.account}
    problem = _unfit(dossier, [to], at)[to]
    if not problem and to in taken:
        problem = _("Người này đã có trong Hội đồng.")
    if problem:
        raise Invalid(fields={"to": [problem]})
    workflow.assign(actor, task=task, account=to, at=at)
    row.account = to
    database.update(row, "account")
    dossiers.moved(actor, dossier, act="replace", at=at)
    return dossier


def keep_opinion(
    actor: Actor, dossier: Dossier, seat: UUID, values: Mapping[str, Any], at: dt.datetime
) -> None:
    """Keep what a member, or the chair, said; sealed, read by the units that work on it."""
    findings.open_to_units(dossier, seat, OPINION, at)
    forms.save_answers(
        actor,
        record_kind=OPINION,
        record=seat,
        form_version=dossiers.known(dossier.case.findings_version_id),
        answers=values,
        unit=dossier.competent_unit_id,
        person=actor.person,
    )


def sitting_of(actor: Actor, dossier: Dossier, *, at: dt.datetime | None = None) -> Sitting:
    """Return the council of a dossier for its chair. Raises Conflict for whoever is not.

    at: when the council concludes; where whoever convened it chairs no council of the unit any
    more by then, the actor takes the chair.
    """
    held = dossiers.known(councils.sitting(dossier))
    chaired(actor, dossier, held.council, at=at)
    return held


def chaired(
    actor: Actor, dossier: Dossier, row: Council, *, at: dt.datetime | None = None
) -> Council:
    """Return the row of a council for its chair, as `sitting_of` does. Raises Conflict."""
    if row.chair != actor.account and at is not None:
        right, unit = permissions.COUNCIL_CHAIR.name, dossier.competent_unit_id
        if row.chair not in access.holders(right, unit=unit, on=clock.day(at)):
            row.chair = dossiers.known(actor.account)
    if row.chair != actor.account:
        raise Conflict(_("Người triệu tập Hội đồng mới kết luận được."))
    return row


def check_impartial(actor: Actor, dossier: Dossier) -> None:
    """Raise ConflictOfInterest where the actor or close family is the person it is about."""
    access.check_impartial(actor, councils.concerned(dossier), family=dossier.actor_family)


def _open(actor: Actor, order: Ordered, *, act: str, permission: access.Permission) -> Dossier:
    dossier = dossiers.open_for(actor, order, act=act, permission=permission)
    if not dossier.case.council:
        raise Conflict(_("Thủ tục này không có Hội đồng."))
    check_impartial(actor, dossier)
    return dossier


def _checked(dossier: Dossier, given: Mapping[str, Any]) -> dict[str, Any]:
    return findings.checked(forms.form(dossiers.known(dossier.case.findings_version_id)), given)


def _members(
    actor: Actor, dossier: Dossier, convening: Convening, at: dt.datetime
) -> dict[str, UUID]:
    """Return who sits on each seat that is held. Raises Invalid with each seat at fault."""
    problems: dict[str, list[str]] = {}
    if convening.meets_at < at:
        problems["meets_at"] = [_("Thời điểm họp phải từ bây giờ trở đi.")]
    if not nfc(convening.place):
        problems["place"] = [_("Vui lòng ghi nơi họp.")]
    posts = councils.by_post(dossier, clock.day(at)) | dict(convening.seats)
    steps = [seat.step for seat in councils.seats_of(dossier.case)]
    members = {step: account for step in steps if (account := posts.get(step)) is not None}
    unfit = _unfit(dossier, members.values(), at)
    taken = {actor.account}
    for step, account in members.items():
        problem = unfit[account]
        if not problem and account in taken:
            problem = _("Một người chỉ giữ một ghế trong Hội đồng.")
        if problem:
            problems[f"seats.{step}"] = [problem]
        taken.add(account)
    problems |= {
        f"seats.{step}": [_("Hội đồng không có ghế này.")] for step in set(posts) - set(steps)
    }
    if len(members) < 2:  # noqa: PLR2004 - with the chair the fewest that can have a majority
        problems["seats"] = [_("Hội đồng phải có ít nhất hai thành viên ngoài Chủ tịch.")]
    if problems:
        raise Invalid(fields=problems)
    return members


def _unfit(dossier: Dossier, accounts: Iterable[UUID], at: dt.datetime) -> dict[UUID, str]:
    """Return why each account may not sit in this council, empty where it may."""
    wanted = list(accounts)
    concerned = councils.concerned(dossier)
    candidates = councils.candidates(dossier.competent_unit_id, clock.day(at))
    persons = identity.persons_of_accounts(wanted)
    families = identity.family(persons.values())
    found = dict.fromkeys(wanted, "")
    for account in wanted:
        if account not in candidates:
            found[account] = _("Người này không thuộc Hội đồng của đơn vị.")
            continue
        member = Actor(account=account, person=persons[account])
        try:
            access.check_impartial(member, concerned, family=families[persons[account]])
        except access.ConflictOfInterest:
            found[account] = _(
                "Người này là một bên hoặc là người thân của một bên. Hãy cử người khác."
            )
    return found


def _open_tasks(dossier: Dossier) -> list[workflow.Task]:
    """Return the open tasks of a dossier, its run locked before."""
    workflow.task_of(dossier.id, "public_services.opine")
    return workflow.record_tasks(dossier.id)


def _waiting(dossier: Dossier, step: str) -> workflow.Task:
    """Return the task of a seat whose opinion is awaited. Raises NotYourSeat."""
    for task in _open_tasks(dossier):
        if task.act == "public_services.opine" and task.step == step:
            return task
    raise NotYourSeat(_("Ghế này không còn chờ ý kiến."))


def _seat(dossier: Dossier, step: str) -> CouncilSeat:
    return CouncilSeat.objects.select_for_update().get(dossier_id=dossier.id, step=step)
