"""Verbs on roles and grants; each counts the edition `grants` up, so that it works at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import COMMAND, Actor
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound
from sen.kernel.access import registry
from sen.kernel.access.choices import Scope
from sen.kernel.access.data import Localised, NewGrant
from sen.kernel.access.events import GrantMade, GrantRevoked
from sen.kernel.access.models import Grant, Role
from sen.kernel.access.permissions import MANAGE_GRANTS, MANAGE_ROLES
from sen.kernel.access.queries import check, rights
from sen.kernel.audit import public as audit
from sen.kernel.events import public as events
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations

EDITION: legal.EditionName = "grants"


@transaction.atomic
def save_role(
    actor: Actor, *, code: str, title: Localised, permissions: Sequence[str], at: dt.datetime
) -> Role:
    """Make a role of one's own, or change it, and return it.

    Raises NotAllowed, also for a role that the actor's own position has (nobody widens the own
    rights), Invalid for a right that does not exist or a missing Vietnamese title, Conflict for
    the code of a role that a system brings along.
    """
    check(actor, MANAGE_ROLES)
    _check_not_own(actor, code, on=clock.day(at))
    legal.bump(EDITION)
    unknown = [name for name in permissions if name not in registry.permissions()]
    if unknown:
        raise Invalid(_("Không có quyền %(names)s.") % {"names": ", ".join(unknown)})
    if not title.get("vi"):
        raise Invalid(_("Cần có tên vai trò bằng tiếng Việt."))
    role = Role.objects.filter(code=code).first() or Role(code=code)
    if role.is_template or code in registry.roles():
        raise Conflict(_("Vai trò này do hệ thống quy định, không sửa được."))
    _write_role(actor, role, title=title, permissions=permissions, at=at)
    return role


def _check_not_own(actor: Actor, code: str, *, on: dt.date) -> None:
    own = () if actor.is_system else rights(actor, on=on).positions
    if Grant.objects.filter(position__in=own, role__code=code, revoked_at=None).exists():
        raise NotAllowed(_("Vị trí của bạn đang có vai trò này: việc sửa phải do người khác làm."))


def _write_role(
    actor: Actor, role: Role, *, title: Localised, permissions: Iterable[str], at: dt.datetime
) -> None:
    role.title, role.permissions = dict(title), sorted(set(permissions))
    role.save()
    audit.record(
        actor,
        "access.role.saved",
        subject=audit.Subject(kind="access.role", id=role.id, code=role.code),
        at=at,
        fields={"permissions": ",".join(role.permissions)},
    )


@transaction.atomic
def sync_roles(actor: Actor, *, at: dt.datetime) -> int:
    """Bring the roles of the systems to what the systems say now; return how many changed.

    For the start of a new version. Raises NotAllowed.
    """
    check(actor, MANAGE_ROLES)
    kept = {role.code: role for role in Role.objects.select_for_update().order_by("code")}
    changed = 0
    for template in registry.roles().values():
        role = kept.get(template.code) or Role(code=template.code)
        wanted = (dict(template.title), sorted(set(template.permissions)), True)
        if (role.title, role.permissions, role.is_template) != wanted:
            role.is_template = True
            _write_role(actor, role, title=template.title, permissions=template.permissions, at=at)
            changed += 1
    if changed:
        legal.bump(EDITION)
    return changed


@transaction.atomic
def grant(actor: Actor, *, grant: NewGrant, at: dt.datetime, reason: str = "") -> Grant:
    """Give a role to a position and return the grant; it works with the next request.

    Raises NotAllowed unless the actor may grant in every unit that the grant would reach, and for
    one's own position; NotFound for an unknown position, role or unit; Invalid for a list without
    units, units without a list, no group, or days in the wrong order.
    """
    return _given(actor, grant, at=at, reason=reason)


def _given(actor: Actor, grant: NewGrant, *, at: dt.datetime, reason: str) -> Grant:
    position = organisations.position(grant.position)
    on = clock.day(at)
    _check_reach(actor, grant, position.unit_id, on)
    _check_shape(grant)
    _check_units(set(grant.units))
    role = Role.objects.filter(code=grant.role).first()
    if role is None:
        raise NotFound(_("Không có vai trò này."))
    legal.bump(EDITION)
    made = _grant(actor, position, role, grant, at=at, reason=reason)
    made.save(force_insert=True)
    _tell(actor, made, at=at, reason=reason)
    return made


@transaction.atomic
def grant_many(
    actor: Actor, *, grants: Sequence[NewGrant], at: dt.datetime, reason: str = ""
) -> int:
    """Give many roles to positions, each as `grant` would; return how many.

    For the system the number of statements does not grow with the grants. Raises what `grant`
    raises, and then none is made.
    """
    places = {
        place.id: place
        for place in organisations.Position.objects.filter(
            id__in={wanted.position for wanted in grants}
        )
    }
    roles = {role.code: role for role in Role.objects.all()}
    _check_units({unit for wanted in grants for unit in wanted.units})
    made = []
    for wanted in grants:
        place, role = places.get(wanted.position), roles.get(wanted.role)
        if place is None or role is None:
            raise NotFound
        _check_reach(actor, wanted, place.unit_id, clock.day(at))
        _check_shape(wanted)
        made.append(_grant(actor, place, role, wanted, at=at, reason=reason))
    legal.bump(EDITION)
    Grant.objects.bulk_create(made)
    for one in made:
        _tell(actor, one, at=at, reason=reason)
    return len(made)


def _grant(
    actor: Actor,
    position: organisations.Position,
    role: Role,
    wanted: NewGrant,
    *,
    at: dt.datetime,
    reason: str,
) -> Grant:
    return Grant(
        position=position,
        role=role,
        scope=wanted.scope,
        units=sorted(set(wanted.units)),
        groups=None if wanted.groups is None else sorted(set(wanted.groups)),
        valid_from=wanted.valid_from,
        valid_to=wanted.valid_to,
        made_at=at,
        made_by=actor.account,
        reason=reason,
    )


def _tell(actor: Actor, made: Grant, *, at: dt.datetime, reason: str) -> None:
    role, position = made.role.code, made.position_id
    audit.record(
        actor,
        "access.grant.made",
        subject=audit.Subject(kind="access.grant", id=made.id, code=role),
        at=at,
        reason=reason,
        fields={"position": str(position), "role": role, "scope": str(made.scope)},
    )
    events.publish(GrantMade(grant=made.id, position=position, role=role), record=made.id, at=at)


def _check_reach(actor: Actor, grant: NewGrant, unit: UUID, on: dt.date) -> None:
    check(actor, MANAGE_GRANTS, unit=unit)
    if actor.is_system:
        return
    reached = {unit, *grant.units}
    if grant.scope == Scope.BELOW:
        reached.update(organisations.below(unit, on))
    own = rights(actor, on=on)
    if grant.position in own.positions or not reached <= set(own.units(MANAGE_GRANTS)):
        raise NotAllowed


def _check_shape(grant: NewGrant) -> None:
    if (grant.scope == Scope.LIST) != bool(grant.units):
        raise Invalid(_("Chọn các đơn vị khi, và chỉ khi, phạm vi là một danh sách đơn vị."))
    if grant.groups is not None and not grant.groups:
        raise Invalid(_("Chọn ít nhất một nhóm thủ tục, hoặc không giới hạn nhóm."))
    if grant.valid_to is not None and grant.valid_to < grant.valid_from:
        raise Invalid(_("Ngày kết thúc phải từ ngày bắt đầu trở đi."))


def _check_units(units: set[UUID]) -> None:
    if units and organisations.Unit.objects.filter(id__in=units).count() != len(units):
        raise NotFound(_("Có đơn vị không tồn tại."))


@transaction.atomic
def revoke(actor: Actor, *, grant: UUID, at: dt.datetime, reason: str = "") -> Grant:
    """Take a role back from a position; the next request of its holders goes without it.

    Raises NotFound, NotAllowed unless the actor may grant in the unit of the position, Conflict
    when it was taken back before.
    """
    taken = _held(actor, grant)
    if taken.revoked_at is not None:
        raise Conflict(_("Quyền này đã được thu hồi."))
    legal.bump(EDITION)
    taken.revoked_at, taken.revoked_by, taken.revoked_reason = at, actor.account, reason
    taken.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
    audit.record(
        actor,
        "access.grant.revoked",
        subject=_subject(taken),
        at=at,
        reason=reason,
        fields={"position": str(taken.position_id), "role": taken.role.code},
    )
    events.publish(
        GrantRevoked(grant=taken.id, position=taken.position_id, role=taken.role.code),
        record=taken.id,
        at=at,
    )
    return taken


@transaction.atomic
def end_grant(
    actor: Actor, *, grant: UUID, last_day: dt.date, at: dt.datetime, reason: str = ""
) -> Grant:
    """Let a role end after a day, today at the earliest; until then it holds.

    Raises NotFound, NotAllowed unless the actor may grant in the unit of the position, Conflict
    where it is over or taken back, Invalid for a day before today or before its first.
    """
    held, today = _held(actor, grant), clock.day(at)
    if held.revoked_at is not None or (held.valid_to is not None and held.valid_to < today):
        raise Conflict(_("Quyền này đã kết thúc."))
    if last_day < max(today, held.valid_from):
        raise Invalid(fields={"last_day": [_("Ngày cuối phải từ hôm nay và từ ngày bắt đầu.")]})
    if held.valid_to is not None and last_day > held.valid_to:
        said = _("Muốn kéo dài, hãy giao lại vai trò với ngày kết thúc mới.")
        raise Invalid(fields={"last_day": [said]})
    legal.bump(EDITION)
    held.valid_to = last_day
    held.save(update_fields=["valid_to"])
    audit.record(
        actor,
        "access.grant.ended",
        subject=_subject(held),
        at=at,
        reason=reason,
        fields={"position": str(held.position_id), "valid_to": last_day},
    )
    return held


@transaction.atomic
def grant_again(actor: Actor, *, grant: UUID, at: dt.datetime, reason: str = "") -> Grant:
    """Give a role once more as it was before it was taken back or ended; from today, a new grant.

    It reaches the same units and groups, and has the same last day where that is still to come.
    Raises NotFound, what `grant` raises, and Conflict where it still holds.
    """
    former, today = _held(actor, grant), clock.day(at)
    is_over = former.valid_to is not None and former.valid_to < today
    if former.revoked_at is None and not is_over:
        raise Conflict(_("Vị trí vẫn đang có vai trò này."))
    wanted = NewGrant(
        position=former.position_id,
        role=former.role.code,
        scope=Scope(former.scope),
        units=former.units,
        groups=former.groups,
        valid_from=max(today, former.valid_from),
        valid_to=None if is_over else former.valid_to,
    )
    return _given(actor, wanted, at=at, reason=reason)


def _held(actor: Actor, grant: UUID) -> Grant:
    """Return a grant, locked, in a unit in which the actor may grant."""
    found = (
        Grant.objects.select_for_update(of=("self",))
        .select_related("position", "role")
        .filter(id=grant)
        .first()
    )
    if found is None:
        raise NotFound
    check(actor, MANAGE_GRANTS, unit=found.position.unit_id)
    return found


def _subject(grant: Grant) -> audit.Subject:
    return audit.Subject(kind="access.grant", id=grant.id, code=grant.role.code)


@transaction.atomic
def follow_merger(pairs: Sequence[tuple[UUID, UUID]]) -> int:
    """Let grants that list old units list the new ones; return how many changed.

    Grants of positions that ended are left as they are: who works where next is a decision of
    its own.
    """
    successor = dict(pairs)
    rows = list(
        Grant.objects.select_for_update()
        .filter(units__overlap=list(successor), revoked_at=None)
        .order_by("id")
    )
    for row in rows:
        row.units = sorted({successor.get(unit, unit) for unit in row.units})
    if rows:
        legal.bump(EDITION)
        Grant.objects.bulk_update(rows, ["units"])
    return len(rows)


@transaction.atomic
def seed(at: dt.datetime, *, positions: Collection[UUID] | None = None) -> None:
    """Bring in the roles of the systems and give them to the positions that they name.

    For a demonstration and for units that are set up anew; positions that have or once had a role
    are left alone, so that what an administrator took back stays so. positions: these alone.
    """
    sync_roles(COMMAND, at=at)
    on = clock.day(at)
    held = set(Grant.objects.values_list("position_id", "role__code"))
    missing = [
        NewGrant(
            position=position.id,
            role=template.code,
            scope=template.scope,
            valid_from=position.valid_from,
        )
        for template in registry.roles().values()
        for position in organisations.positions(on=on).filter(code__in=template.positions)
        if (position.id, template.code) not in held
        and (positions is None or position.id in positions)
    ]
    grant_many(COMMAND, grants=missing, at=at)
