"""Verbs on roles of one's own, and on roles of all positions of a kind at once."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid
from sen.base.vietnamese import nfc
from sen.kernel.access import public as access
from sen.kernel.organisations import public as organisations
from sen.systems.administration.data import KindDone, KindEnd, KindGrant, RoleDraft
from sen.systems.administration.queries import roles
from sen.systems.administration.services.rights import check_province

OWN = "own."
"""How the codes of roles begin that were made here; the others begin with their system's code."""
_CODE = re.compile(r"own\.[a-z0-9_]{2,60}")


@transaction.atomic
def add_role(*, actor: Actor, draft: RoleDraft, at: dt.datetime) -> access.Role:
    """Make a role of one's own.

    Raises NotAllowed outside the whole province, Invalid for a malformed code, no name or no right,
    Conflict for a code that is used.
    """
    check_province(actor, access.permissions()[access.MANAGE_ROLES], at=at)
    if not _CODE.fullmatch(draft.code):
        said = _("Mã gồm chữ thường không dấu, số, gạch dưới, bắt đầu bằng “own.”.")
        raise Invalid(fields={"code": [said]})
    if access.Role.objects.filter(code=draft.code).exists():
        raise Conflict(_("Đã có vai trò mang mã này."))
    return _save(actor, draft, at)


@transaction.atomic
def change_role(*, actor: Actor, draft: RoleDraft, at: dt.datetime) -> access.Role:
    """Change a role of one's own; whoever has it has the new rights with the next request.

    Raises NotAllowed outside the whole province and for a role of the own position, NotFound,
    Invalid without a name or a right, Conflict for a role that a system brings along.
    """
    check_province(actor, access.permissions()[access.MANAGE_ROLES], at=at)
    roles.role(draft.code)
    return _save(actor, draft, at)


def _save(actor: Actor, draft: RoleDraft, at: dt.datetime) -> access.Role:
    faults = {}
    if not nfc(draft.title):
        faults["title"] = [_("Vui lòng ghi tên.")]
    if not draft.permissions:
        faults["permissions"] = [_("Vui lòng chọn ít nhất một quyền.")]
    if faults:
        raise Invalid(fields=faults)
    texts = {"vi": nfc(draft.title), "en": nfc(draft.title_en)}
    return access.save_role(
        actor,
        code=draft.code,
        title={language: text for language, text in texts.items() if text},
        permissions=draft.permissions,
        at=at,
    )


@transaction.atomic
def give_by_kind(
    *, actor: Actor, wanted: KindGrant, at: dt.datetime, dry_run: bool = False
) -> KindDone:
    """Give a role to every position of a code in units of a kind that lacks it.

    Units are those in which the actor may grant; positions that have it, and the actor's own, are
    left alone. dry_run: try it and take it back. Raises NotAllowed, NotFound, Invalid.
    """
    on = clock.day(at)
    role, places = _places(actor, wanted, on)
    _reasoned(wanted.reason)
    own = access.rights(actor, on=on).positions
    lacking = [one for one in places if one.grant is None and one.position.id not in own]
    access.grant_many(
        actor,
        grants=[
            access.NewGrant(
                position=one.position.id,
                role=role.code,
                scope=access.Scope(wanted.scope),
                valid_from=max(wanted.valid_from, one.position.valid_from),
                valid_to=wanted.valid_to,
            )
            for one in lacking
        ],
        at=at,
        reason=nfc(wanted.reason),
    )
    touched = {one.position.id for one in lacking}
    return _done(places, touched, dry_run=dry_run)


@transaction.atomic
def end_by_kind(
    *, actor: Actor, wanted: KindEnd, at: dt.datetime, dry_run: bool = False
) -> KindDone:
    """Take a role back from every position of a code in units of a kind; it works at once.

    The actor's own position is left alone. dry_run: try it and take it back. Raises NotAllowed,
    NotFound, Invalid.
    """
    _role, places = _places(actor, wanted, clock.day(at))
    _reasoned(wanted.reason)
    own = access.rights(actor, on=clock.day(at)).positions
    held = [one for one in places if one.grant is not None and one.position.id not in own]
    for one in held:
        if one.grant is not None:
            access.revoke(actor, grant=one.grant.id, at=at, reason=nfc(wanted.reason))
    return _done(places, {one.position.id for one in held}, dry_run=dry_run)


def _places(
    actor: Actor, wanted: KindGrant | KindEnd, on: dt.date
) -> tuple[access.Role, list[roles.Place]]:
    access.check(actor, access.MANAGE_GRANTS)
    role = roles.role(wanted.role)
    places = roles.places_of_kind(
        role,
        position=wanted.position,
        kind=wanted.kind,
        units=access.rights(actor, on=on).units(access.MANAGE_GRANTS),
        on=on,
    )
    if not places:
        said = _("Không có vị trí nào như vậy ở loại đơn vị này, trong phạm vi của bạn.")
        raise Invalid(fields={"position": [said]})
    return role, places


def _reasoned(reason: str) -> None:
    if not nfc(reason):
        raise Invalid(fields={"reason": [_("Vui lòng ghi lý do.")]})


def _done(places: list[roles.Place], touched: set[UUID], *, dry_run: bool) -> KindDone:
    if dry_run:
        transaction.set_rollback(True)
    every: list[organisations.Position] = [one.position for one in places]
    return KindDone(
        touched=[one for one in every if one.id in touched],
        left=[one for one in every if one.id not in touched],
    )
