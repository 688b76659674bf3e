"""Verbs on accounts and employments; the caller has asked `access` whether the actor may."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid
from sen.base.identifiers import new_id, to_base32
from sen.kernel.audit import public as audit
from sen.kernel.events import public as events
from sen.kernel.identity import queries
from sen.kernel.identity.choices import AccountKind, FactorChange
from sen.kernel.identity.events import SecondFactorChanged
from sen.kernel.identity.models import Account, Employment, Person, Session
from sen.kernel.legal import public as legal


def subject_of(account: Account) -> audit.Subject:
    """Return the account as the audit trail names it."""
    return audit.Subject("identity.account", account.pk, account.username)


def tell_change(account_id: UUID, change: FactorChange, *, at: dt.datetime) -> None:
    """Publish that an account's second factors changed; the last thing a verb does."""
    events.publish(SecondFactorChanged(account=account_id, change=change), record=account_id, at=at)


@transaction.atomic
def add_official(
    actor: Actor, *, username: str, person: Person, password: str, at: dt.datetime
) -> Account:
    """Open an official's account; at the first sign-in the password is changed, a factor enrolled.

    Raises Conflict if the user name or the person's official account exists, Invalid for a weak
    password.
    """
    name = username.lower()
    taken = Account.objects.filter(username=name).exists()
    if taken or person.accounts.filter(kind=AccountKind.OFFICIAL).exists():
        raise Conflict(_("Tên đăng nhập đã có hoặc người này đã có tài khoản cán bộ."))
    account = Account(
        username=name,
        kind=AccountKind.OFFICIAL,
        person=person,
        must_change_password=True,
        created_at=at,
    )
    _set_password(account, password)
    account.save(force_insert=True)
    audit.record(actor, "identity.account.add", subject=subject_of(account), at=at)
    return account


@transaction.atomic
def add_service(actor: Actor, *, username: str, at: dt.datetime) -> Account:
    """Open an account for a connected system: it has no password and works by tokens only."""
    if Account.objects.filter(username=username.lower()).exists():
        raise Conflict(_("Tên đăng nhập đã có."))
    account = Account(username=username.lower(), kind=AccountKind.SERVICE, created_at=at)
    account.set_unusable_password()
    account.save(force_insert=True)
    audit.record(actor, "identity.account.add", subject=subject_of(account), at=at)
    return account


def new_citizen(person: Person, *, at: dt.datetime) -> Account:
    """Open a citizen's account; it has no password, the national identity is its only door."""
    account = Account(
        id=(made := new_id()),
        username=f"cd-{to_base32(made)}",
        kind=AccountKind.CITIZEN,
        person=person,
        created_at=at,
    )
    account.set_unusable_password()
    account.save(force_insert=True)
    return account


def _set_password(account: Account, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Invalid(fields={"password": error.messages}) from error
    account.set_password(password)


@transaction.atomic
def change_password(
    actor: Actor, *, account_id: UUID, password: str, at: dt.datetime, keep: UUID | None = None
) -> Account:
    """Set an account's own new password and end its sessions but `keep`.

    Raises Invalid for a weak password and for the old one once more.
    """
    account = (
        Account.objects.select_related("person").select_for_update(of=("self",)).get(pk=account_id)
    )
    if account.check_password(password):
        raise Invalid(fields={"password": [_("Mật khẩu mới phải khác mật khẩu cũ.")]})
    _set_password(account, password)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    Session.objects.filter(account=account).exclude(pk=keep or account.pk).delete()
    audit.record(actor, "identity.password.change", subject=subject_of(account), at=at)
    return account


@transaction.atomic
def reset_access(actor: Actor, *, account_id: UUID, password: str, at: dt.datetime) -> None:
    """Give an official who lost password or phone a new start: all factors and sessions end.

    Authenticator app, passkeys and recovery codes are gone; the owner is told.

    password: for the first sign-in only; it has to be changed and a factor enrolled again.
    """
    account = (
        Account.objects.select_related("person").select_for_update(of=("self",)).get(pk=account_id)
    )
    _set_password(account, password)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])
    Authenticator.objects.filter(user=account).delete()
    Session.objects.filter(account=account).delete()
    audit.record(actor, "identity.access.reset", subject=subject_of(account), at=at)
    tell_change(account.pk, FactorChange.ACCESS_RESET, at=at)


@transaction.atomic
def set_active(
    actor: Actor, *, account_id: UUID, is_active: bool, reason: str, at: dt.datetime
) -> None:
    """Disable or enable an account; disabling ends its sessions, its tokens answer 401 at once."""
    account = Account.objects.select_for_update().get(pk=account_id)
    account.is_active = is_active
    account.last_active_at = at if is_active else account.last_active_at
    account.save(update_fields=["is_active", "last_active_at"])
    if not is_active:
        Session.objects.filter(account=account).delete()
    legal.bump("grants")
    action = "identity.account.enable" if is_active else "identity.account.disable"
    audit.record(actor, action, subject=subject_of(account), at=at, reason=reason)


def set_language(actor: Actor, *, account_id: UUID, language: str) -> None:
    """Remember in which language an account reads Sen; a preference, not audited."""
    del actor
    Account.objects.filter(pk=account_id).update(language=language)


@transaction.atomic
def employ(
    actor: Actor,
    *,
    account: Account,
    position: UUID,
    valid_from: dt.date,
    at: dt.datetime,
    valid_to: dt.date | None = None,
) -> Employment:
    """Give an official a position from a day; the first one is taken at sign-in by default.

    Raises Invalid for another kind of account.
    """
    if not account.is_official:
        raise Invalid(_("Chỉ tài khoản cán bộ mới giữ chức vụ."))
    employment = Employment.objects.create(
        account=account,
        position_id=position,
        valid_from=valid_from,
        valid_to=valid_to,
        is_default=not account.employments.filter(is_default=True).exists(),
    )
    legal.bump("grants")
    audit.record(
        actor,
        "identity.employment.add",
        subject=subject_of(account),
        at=at,
        fields={"position": position, "valid_from": valid_from, "valid_to": valid_to},
    )
    return employment


@transaction.atomic
def end_employment(
    actor: Actor, *, employment: UUID, last_day: dt.date, at: dt.datetime
) -> Employment:
    """End a position after a day; from the day after, sessions and tokens act in it no more."""
    row = (
        Employment.objects.select_related("account")
        .select_for_update(of=("self",))
        .get(pk=employment)
    )
    row.valid_to, row.is_default = max(last_day, row.valid_from), False
    row.save(update_fields=["valid_to", "is_default"])
    legal.bump("grants")
    audit.record(
        actor,
        "identity.employment.end",
        subject=subject_of(row.account),
        at=at,
        fields={"valid_to": row.valid_to},
    )
    return row


@transaction.atomic
def disable_idle(actor: Actor, *, at: dt.datetime) -> int:
    """Disable the officials' accounts that nobody used for 45 days; return how many.

    Nguồn: TCVN 14423:2026, 5.6 (hệ thống cấp độ 3).
    """
    idle = list(queries.idle_officials(at).select_for_update().order_by("id"))
    for account in idle:
        audit.record(
            actor,
            "identity.account.disable",
            subject=subject_of(account),
            at=at,
            reason=_("Không sử dụng trong 45 ngày."),
        )
    Account.objects.filter(pk__in=[account.pk for account in idle]).update(is_active=False)
    Session.objects.filter(account__in=idle).delete()
    if idle:
        legal.bump("grants")
    return len(idle)
