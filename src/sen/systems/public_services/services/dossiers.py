"""What every act on a dossier shares: opening it for the act, and writing that it happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, NotAllowed, NotFound, VersionConflict
from sen.kernel.access import public as access
from sen.kernel.access.public import Permission
from sen.kernel.audit import public as audit
from sen.kernel.database import public as database
from sen.kernel.events import public as events
from sen.kernel.events.public import Event
from sen.kernel.identity import public as identity
from sen.kernel.notifications import public as notifications
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import (
    ACT_TITLES,
    ClosingKind,
    DossierState,
    MoneyState,
    SigningState,
)
from sen.systems.public_services.models import Decision, Dossier
from sen.systems.public_services.queries import paperwork, parts, records
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.services import parts as following
from sen.systems.public_services.services import sitting

T = TypeVar("T")

KIND = "public_services.dossier"
"""The kind under which the kernel knows our records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """An act that somebody orders: on which dossier, as which version of it they saw it.

    version: the version of the dossier the decision was made on; None only where the caller has
    just made it.
    """

    code: str
    version: int | None


class SigningUnderWay(Conflict):
    """A signature on this paper is being made at this moment."""

    code = "signing_under_way"
    default = "Văn bản đang được ký số. Vui lòng đợi trong giây lát."


class FormerUnit(Conflict):
    """The draft bears the name of a unit that merged into another meanwhile."""

    code = "former_unit"


def subject(dossier: Dossier) -> audit.Subject:
    """Return the dossier as the audit trail names it."""
    return audit.Subject(kind=KIND, id=dossier.id, code=dossier.code)


def open_for(
    actor: Actor,
    order: Ordered,
    *,
    act: str,
    permission: Permission,
    at_reception: Permission | None = None,
) -> Dossier:
    """Lock a dossier for an official's act after the checks that every act shares.

    at_reception: the right that the act needs instead while the dossier waits for reception.
    Whoever decides on a dossier is impartial to its parties; handing in or out decides nothing.
    Raises NotFound (also where the actor is no official: they may not know which codes exist),
    NotAllowed, ConflictOfInterest, VersionConflict (somebody acted since it was read, or the act no
    longer makes sense: with who did what when).
    """
    access.enter(actor)
    dossier = _locked(actor, order.code)
    if not actor.is_official and not access.participates(actor, dossier.id, KIND):
        raise not_found()
    if at_reception is not None and dossier.state == DossierState.SUBMITTED:
        permission = at_reception
    check_possible(actor, dossier, order, act=act, permission=permission)
    if act not in _DECIDES_NOTHING:
        access.check_impartial(actor, dossier.party_persons, family=dossier.actor_family)
    return dossier


def look_at(actor: Actor, order: Ordered, *, act: str, permission: Permission) -> Dossier:
    """Return a dossier for what goes before an official's act, not locked; nothing is decided yet.

    Raises NotFound, NotAllowed, VersionConflict, as `open_for` does.
    """
    dossier = records.at_hand(order.code)
    units = {*access.rights(actor).units(permissions.READ.name)}
    if dossier is None or not {dossier.competent_unit_id, dossier.received_unit_id} & units:
        dossier = records.dossier(actor, order.code)
    check_possible(actor, dossier, order, act=act, permission=permission)
    return dossier


def check_possible(
    actor: Actor, dossier: Dossier, order: Ordered, *, act: str, permission: Permission
) -> None:
    """Raise NotAllowed or VersionConflict unless an official may do an act, as things stand now."""
    at_reception = permission.name in _AT_RECEPTION
    unit = dossier.received_unit_id if at_reception else parts.unit_for(dossier, act)
    access.check(actor, permission.name, unit=unit, group=dossier.case.version.procedure.field_code)
    _check_fresh(dossier, order, act=act)


def not_under_way(dossier: Dossier) -> Decision:
    """Lock the answer of a dossier. Raises SigningUnderWay while a signature on it is made."""
    decision = records.locked_answer(dossier)
    if decision.state in {SigningState.REQUESTED, SigningState.SEALING}:
        raise SigningUnderWay(_(SigningUnderWay.default))
    return decision


def to_sign(actor: Actor, dossier: Dossier) -> Decision:
    """Lock the answer of a dossier for its leader.

    Raises SigningUnderWay, FormerUnit, NotAllowed.
    """
    decision = not_under_way(dossier)
    if leader_of(decision) != actor.account:
        raise NotAllowed(_("Dự thảo này trình lãnh đạo khác ký."))
    return decision


def to_return(actor: Actor, dossier: Dossier, at: dt.datetime) -> Decision:
    """Lock the answer of a dossier for the leader who gives it back.

    That is whoever is to sign it; where that one signs for the unit no longer, whoever does.
    Raises SigningUnderWay, NotAllowed.
    """
    decision = not_under_way(dossier)
    if decision.signer != actor.account:
        leaders = paperwork.signers(dossier.competent_unit_id, clock.day(at))
        if decision.signer in {leader.account for leader in leaders}:
            raise NotAllowed(_("Dự thảo này trình lãnh đạo khác ký."))
    return decision


def leader_of(decision: Decision) -> UUID:
    """Return the account that is to sign a draft. Raises FormerUnit where nobody is."""
    if decision.signer is None:
        raise FormerUnit(
            _("Dự thảo mang tên đơn vị đã sáp nhập. Hãy trả lại để lập dự thảo theo tên mới.")
        )
    return decision.signer


def own_task(actor: Actor, dossier: Dossier, act: str) -> workflow.Task:
    """Return the open task of a step, which is the actor's own or free. Raises NotAllowed."""
    task = workflow.task_of(dossier.id, act)
    if task.assignee not in {None, actor.account}:
        raise NotAllowed(_("Hồ sơ này đang được giao cho người khác."))
    return task


def known(value: T | None) -> T:
    """Return what the state of the record promises to be there. Raises Conflict."""
    if value is None:
        raise Conflict
    return value


def open_as_party(actor: Actor, order: Ordered, *, act: str) -> Dossier:
    """Lock a dossier for an act of one of its parties.

    Raises NotFound (also where the actor is no party: they may not know of it), VersionConflict.
    """
    access.enter(actor)
    dossier = _locked(actor, order.code)
    if set(dossier.party_persons).isdisjoint(access.persons_of(actor)) and not (
        actor.acting_for is not None and records.is_owned_by(dossier, actor.acting_for)
    ):
        raise not_found()
    _check_fresh(dossier, order, act=act)
    return dossier


def check_impartial(actor: Actor, dossier: Dossier) -> None:
    """Raise ConflictOfInterest where the actor or their close family is a party.

    Nguồn: Luật Cán bộ, công chức; Luật Phòng, chống tham nhũng 36/2018/QH14, Điều 23.
    """
    access.check_impartial(actor, dossier.party_persons)


def tell(dossier: Dossier, template: str, at: dt.datetime, **slots: str) -> None:
    """Notify the parties of a dossier's news, by a template that has `code` and these slots."""
    for recipient in records.recipients(dossier):
        notifications.notify(
            to=recipient,
            template=f"public_services.{template}",
            slots={"code": dossier.code, **slots},
            link=f"/ho-so/{dossier.code}/",
            record=dossier.id,
            at=at,
        )


def moved(  # noqa: PLR0913 - an act is told once, with all that it changed
    actor: Actor,
    dossier: Dossier,
    *,
    act: str,
    at: dt.datetime,
    state: DossierState | None = None,
    closing: ClosingKind | None = None,
    changes: Mapping[str, Any] | None = None,
    event: Event | None = None,
    reason: str = "",
    words: str = "",
) -> None:
    """Write that an act happened: the row, the audit line, and the event if there is one.

    reason: in Sen's own words. words: what somebody wrote about it; it stands in the record, where
    it can be erased, and the trail keeps its keyed digest. closing: how the dossier ended without a
    result; what was not paid by then is not asked for any more.
    """
    if closing is not None:
        changes = {**(changes or {}), "money_state": _cancel_charges(dossier)}
    if state is not None:
        dossier.state = state
        dossier.national_state = rules.national_state(state, closing)
    for name, value in (changes or {}).items():
        setattr(dossier, name, value)
    dossier.version += 1
    dossier.last_act, dossier.last_by, dossier.last_at = act, actor.account, at
    database.update(
        dossier,
        *(["state", "national_state"] if state is not None else []),
        *(changes or {}),
        "version",
        "last_act",
        "last_by",
        "last_at",
    )
    audit.record(
        actor,
        f"{KIND}.{act}",
        subject=subject(dossier),
        at=at,
        reason=reason,
        fields={
            "state": dossier.state,
            **(changes or {}),
            **({"words": words} if words else {}),
        },
    )
    following.follow(dossier, act=act, at=at)
    sitting.follow(dossier, act=act, at=at)
    if event is not None:
        events.publish(event, record=dossier.id, at=at)


def _cancel_charges(dossier: Dossier) -> MoneyState:
    """Cancel the charges that are still open, and return where the money stands then."""
    before = MoneyState(dossier.money_state)
    after = rules.money_after_end(before)
    if after != before:
        open_lines = dossier.fee_lines.filter(state__in=rules.UNPAID)
        open_lines.update(state=MoneyState.CANCELLED)
    return after


def not_found() -> NotFound:
    """Return the one refusal for a dossier that is not there and for one that is hidden."""
    return NotFound(_("Không tìm thấy hồ sơ này."))


def act_label(act: str) -> str:
    """Return what an act is called when people are told that it happened."""
    return str(ACT_TITLES.get(act, act))


_DECIDES_NOTHING = frozenset({"supplement", "hand_over"})

_AT_RECEPTION = frozenset(
    {permissions.FILE_AT_COUNTER.name}
    | {
        one.permission.name
        for one in permissions.ACTS.values()
        if one.permission is not None and one.at_reception
    }
)


def _locked(actor: Actor, code: str) -> Dossier:
    dossier = records.locked(code=code, actor=actor)
    if dossier is None:
        raise not_found()
    return dossier


def _check_fresh(dossier: Dossier, order: Ordered, *, act: str) -> None:
    stale = order.version is not None and order.version != dossier.version
    if stale or not rules.may(act, DossierState(dossier.state)):
        raise VersionConflict(
            _("Hồ sơ đã được xử lý trước khi yêu cầu của bạn tới nơi."),
            who=_who(dossier.last_by),
            what=act_label(dossier.last_act),
            when=dossier.last_at,
        )


def _who(account: UUID | None) -> str:
    return identity.display_name(account) if account else _("Hệ thống")
