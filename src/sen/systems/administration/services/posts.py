"""Verbs on the positions that officials hold: give another one, end one, take one by default."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound
from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.administration import permissions
from sen.systems.administration.data import NewPost
from sen.systems.administration.queries import people


@transaction.atomic
def add_post(*, actor: Actor, post: NewPost, at: dt.datetime) -> identity.Employment:
    """Give an official one more position from a day on.

    Raises NotAllowed outside the actor's units and for one's own account, NotFound, Invalid for
    days in the wrong order or outside the position's, Conflict where it is held on one of them.
    """
    held = _of_another(actor, post.account, at)
    position = organisations.position(post.position)
    access.check(actor, permissions.ACCOUNTS.name, unit=position.unit_id)
    _check_days(position, post)
    identity.Account.objects.select_for_update().get(pk=held.pk)
    if _overlaps(post):
        raise Conflict(_("Tài khoản đã giữ vị trí này trong thời gian đó."))
    return identity.employ(
        actor,
        account=held,
        position=position.id,
        valid_from=post.valid_from,
        valid_to=post.valid_to,
        at=at,
    )


def _check_days(position: organisations.Position, post: NewPost) -> None:
    if post.valid_to is not None and post.valid_to < post.valid_from:
        raise Invalid(fields={"valid_to": [_("Ngày kết thúc phải sau ngày bắt đầu.")]})
    is_over = position.valid_to is not None and (
        post.valid_to is None or position.valid_to < post.valid_to
    )
    if post.valid_from < position.valid_from or is_over:
        said = _("Vị trí việc làm không tồn tại suốt thời gian đó.")
        raise Invalid(fields={"position": [said]})


def _overlaps(post: NewPost) -> bool:
    rows = identity.Employment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=post.valid_from),
        account=post.account,
        position=post.position,
    )
    if post.valid_to is not None:
        rows = rows.filter(valid_from__lte=post.valid_to)
    return rows.exists()


@transaction.atomic
def end_post(
    *, actor: Actor, account: UUID, post: UUID, last_day: dt.date, at: dt.datetime
) -> identity.Employment:
    """Let a position end after a day, today at the earliest.

    Raises NotAllowed, NotFound, Invalid for a day that is over or before the first one, Conflict
    for a position that has ended.
    """
    held = _post(actor, account, post, at)
    if held.valid_to is not None and held.valid_to < clock.day(at):
        raise Conflict(_("Vị trí này đã kết thúc."))
    if last_day < max(clock.day(at), held.valid_from):
        raise Invalid(fields={"last_day": [_("Ngày cuối phải từ hôm nay trở đi.")]})
    return identity.end_employment(actor, employment=held.pk, last_day=last_day, at=at)


@transaction.atomic
def make_default(
    *, actor: Actor, account: UUID, post: UUID, at: dt.datetime
) -> identity.Employment:
    """Let a position be the one taken at sign-in.

    Raises NotAllowed, NotFound, Conflict for a position that is not held today.
    """
    held = _post(actor, account, post, at)
    return identity.make_default(actor, employment=held.pk, at=at)


def _post(actor: Actor, account: UUID, post: UUID, at: dt.datetime) -> identity.Employment:
    """Return a position of another's account, which lies in the actor's units."""
    _of_another(actor, account, at)
    held = (
        identity.Employment.objects.select_related("position")
        .select_for_update(of=("self",))
        .filter(pk=post, account=account)
        .first()
    )
    if held is None:
        raise NotFound
    access.check(actor, permissions.ACCOUNTS.name, unit=held.position.unit_id)
    return held


def _of_another(actor: Actor, account: UUID, at: dt.datetime) -> identity.Account:
    access.check(actor, permissions.ACCOUNTS.name)
    held = people.account(actor, account, on=clock.day(at))
    if held.pk == actor.account:
        raise NotAllowed(_("Việc này phải do quản trị viên khác làm với tài khoản của bạn."))
    return held
