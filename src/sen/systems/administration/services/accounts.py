"""Verbs on the accounts of officials: open, give a new start, disable, tokens."""

from __future__ import annotations

import datetime as dt
import secrets
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid, NotAllowed
from sen.base.identifiers import NationalNumber
from sen.base.vietnamese import nfc
from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.administration import permissions
from sen.systems.administration.data import NewOfficial, NewToken
from sen.systems.administration.queries import people

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Those that nobody takes for another when reading them out."""
_GROUPS, _GROUP = 4, 4


def one_time_password() -> str:
    """Return a password of 80 random bits that can be read out over the telephone."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


@transaction.atomic
def add_official(
    *, actor: Actor, official: NewOfficial, at: dt.datetime
) -> tuple[identity.Account, str]:
    """Open an official's account with a first position; return it with its one-time password.

    The password is changed and a second factor enrolled at the first sign-in.
    Raises NotAllowed outside the actor's units, Invalid, Conflict for a user name or person that
    has an account.
    """
    position, person = _checked(actor, official, at)
    password = one_time_password()
    account = identity.add_official(
        actor, username=official.username, person=person, password=password, at=at
    )
    identity.employ(
        actor, account=account, position=position.id, valid_from=official.valid_from, at=at
    )
    return account, password


@transaction.atomic
def check_official(*, actor: Actor, official: NewOfficial, at: dt.datetime) -> None:
    """Say whether an account could be opened, without the slow hashing of a password.

    Raises as `add_official` does.
    """
    _position, person = _checked(actor, official, at)
    taken = identity.account_named(official.username) is not None
    if taken or person.accounts.filter(kind=identity.AccountKind.OFFICIAL).exists():
        raise Conflict(_("Tên đăng nhập đã có hoặc người này đã có tài khoản cán bộ."))


def _checked(
    actor: Actor, official: NewOfficial, at: dt.datetime
) -> tuple[organisations.Position, identity.Person]:
    position = organisations.position(official.position)
    access.check(actor, permissions.ACCOUNTS.name, unit=position.unit_id)
    _check(official)
    person = identity.ensure_person(
        actor,
        national_number=official.national_number,
        full_name=nfc(official.full_name),
        birth_date=official.birth_date,
        at=at,
    )
    return position, person


def _check(official: NewOfficial) -> None:
    problems = {}
    if not official.username.strip():
        problems["username"] = [_("Vui lòng đặt tên đăng nhập.")]
    if not nfc(official.full_name):
        problems["full_name"] = [_("Vui lòng ghi họ, chữ đệm, tên.")]
    try:
        NationalNumber.parse(official.national_number)
    except ValueError:
        problems["national_number"] = [_("Số định danh cá nhân gồm 12 chữ số.")]
    if problems:
        raise Invalid(fields=problems)


@transaction.atomic
def reset_access(*, actor: Actor, account: UUID, at: dt.datetime) -> str:
    """Give an official who lost password or phone a new start; return the one-time password.

    Sessions and factors end. Raises NotAllowed for one's own account, NotFound.
    """
    held = _of_another(actor, account, at)
    password = one_time_password()
    identity.reset_access(actor, account_id=held.pk, password=password, at=at)
    return password


@transaction.atomic
def set_active(
    *, actor: Actor, account: UUID, is_active: bool, reason: str, at: dt.datetime
) -> None:
    """Disable or enable an account; disabled, its sessions and tokens are refused at once.

    Raises NotAllowed for one's own account, NotFound, Invalid without a reason.
    """
    held = _of_another(actor, account, at)
    if not nfc(reason):
        raise Invalid(fields={"reason": [_("Vui lòng ghi lý do.")]})
    identity.set_active(actor, account_id=held.pk, is_active=is_active, reason=nfc(reason), at=at)


@transaction.atomic
def add_token(
    *, actor: Actor, account: UUID, token: NewToken, at: dt.datetime
) -> tuple[identity.ApiToken, str]:
    """Make a token of an account; return it with its secret, which is shown this once.

    Raises NotAllowed, NotFound, Invalid for a missing name or scope or an end over a year ahead.
    """
    held = _looked_after(actor, account, at)
    return identity.create_token(
        actor,
        owner=held,
        name=token.name,
        scopes=token.scopes,
        expires_at=at + dt.timedelta(days=token.days),
        at=at,
    )


@transaction.atomic
def revoke_token(*, actor: Actor, account: UUID, token: UUID, at: dt.datetime) -> None:
    """End a token of an account; it is refused from the next request on.

    Raises NotAllowed, NotFound, also where the token is another account's.
    """
    held = _looked_after(actor, account, at)
    if all(one.pk != token for one in identity.tokens(held.pk)):
        raise NotAllowed(_("Khóa truy cập này không thuộc tài khoản đang mở."))
    identity.revoke_token(actor, token=token, at=at)


def _looked_after(actor: Actor, account: UUID, at: dt.datetime) -> identity.Account:
    access.check(actor, permissions.ACCOUNTS.name)
    return people.account(actor, account, on=clock.day(at))


def _of_another(actor: Actor, account: UUID, at: dt.datetime) -> identity.Account:
    held = _looked_after(actor, account, at)
    if held.pk == actor.account:
        raise NotAllowed(_("Việc này phải do quản trị viên khác làm với tài khoản của bạn."))
    return held
