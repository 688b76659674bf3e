"""Verbs on passkeys: an official adds, names and removes them, and signs in by them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound
from sen.base.vietnamese import nfc
from sen.kernel.audit import public as audit
from sen.kernel.identity import queries, rules
from sen.kernel.identity.adapters import passkeys as protocol
from sen.kernel.identity.choices import FactorChange
from sen.kernel.identity.data import Origin, Passkey
from sen.kernel.identity.models import Account
from sen.kernel.identity.services.accounts import subject_of, tell_change
from sen.kernel.identity.services.attempts import Limit, forget_attempts, note_attempt
from sen.kernel.identity.services.sign_in import (
    WINDOW,
    AccountDisabled,
    note_refusal,
    second_factor_limit,
)

NAME_LENGTH = 60


class TooManyPasskeys(Conflict):
    """The account has as many passkeys as it may have."""

    code = "too_many_passkeys"
    default = gettext_noop(
        "Tài khoản đã có đủ số khóa đăng nhập cho phép. Vui lòng gỡ khóa không còn dùng trước."
    )


def _site() -> protocol.Site:
    return protocol.site(settings.PUBLIC_URL, name=settings.MFA_TOTP_ISSUER)


def _kept(account_id: UUID) -> list[Authenticator]:
    found = Authenticator.objects.filter(user=account_id, type=Authenticator.Type.WEBAUTHN)
    return list(found.order_by("id"))


def _credentials(kept: list[Authenticator]) -> list[Mapping[str, Any]]:
    return [row.data["credential"] for row in kept]


def note_asking(origin: Origin, *, at: dt.datetime) -> None:
    """Count that a browser asks for a challenge or answers one without a password before it.

    Raises TooMany above 200 in a quarter of an hour from one address.
    """
    limit = Limit(what="passkey-address", who=origin.address or "", most=200, window=WINDOW)
    note_attempt([limit], at=at)


def asked_to_add(actor: Actor, *, at: dt.datetime) -> tuple[dict[str, Any], str]:
    """Return what to ask the browser for a new key of the actor's, and the challenge.

    Raises NotAllowed for whoever is no official, TooMany, TooManyPasskeys.
    """
    account = _official(actor)
    limit = Limit(what="passkey-add", who=str(account.pk), most=20, window=WINDOW)
    note_attempt([limit], at=at)
    kept = _kept(account.pk)
    if len(kept) >= rules.MOST_PASSKEYS:
        raise TooManyPasskeys
    owner = protocol.Owner(
        handle=account.pk.hex.encode(),
        username=account.username,
        full_name=account.person.full_name if account.person else account.username,
    )
    return protocol.begin_adding(_site(), owner=owner, kept=_credentials(kept))


def _official(actor: Actor) -> Account:
    account = queries.account(actor.account) if actor.account else None
    if account is None or not account.is_official:
        raise NotAllowed
    return account


def _name(name: str) -> str:
    said = nfc(name)
    if not said or len(said) > NAME_LENGTH:
        raise Invalid(fields={"name": [_("Vui lòng đặt tên cho khóa, không quá 60 ký tự.")]})
    return said


@transaction.atomic
def add_passkey(
    actor: Actor, *, name: str, answer: str, challenge: str, at: dt.datetime
) -> Passkey:
    """Keep the key that a browser made for the actor; its owner is told.

    Raises NotAllowed, Invalid without a name, PasskeyRefused, TooManyPasskeys.
    """
    account = _official(actor)
    Account.objects.select_for_update().get(pk=account.pk)
    said = _name(name)
    proof = protocol.finish_adding(_site(), challenge=challenge, answer=protocol.read(answer))
    if len(_kept(account.pk)) >= rules.MOST_PASSKEYS:
        raise TooManyPasskeys
    row = Authenticator.objects.create(
        user=account,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": said, "credential": proof.credential, "counter": proof.counter},
        created_at=at,
    )
    audit.record(actor, "identity.passkey.add", subject=subject_of(account), at=at)
    tell_change(account.pk, FactorChange.PASSKEY_ADDED, at=at)
    return queries.passkey(row)


def _own(actor: Actor, passkey: int) -> Authenticator:
    found = Authenticator.objects.select_for_update().filter(
        pk=passkey, user=actor.account, type=Authenticator.Type.WEBAUTHN
    )
    row = found.first() if actor.account else None
    if row is None:
        raise NotFound
    return row


@transaction.atomic
def rename_passkey(actor: Actor, *, passkey: int, name: str, at: dt.datetime) -> None:
    """Give one of the actor's keys another name. Raises NotFound, Invalid."""
    row, said = _own(actor, passkey), _name(name)
    row.data["name"] = said
    row.save(update_fields=["data"])
    subject = audit.Subject("identity.account", row.user_id)
    audit.record(actor, "identity.passkey.rename", subject=subject, at=at, fields={"name": said})


@transaction.atomic
def remove_passkey(actor: Actor, *, passkey: int, at: dt.datetime) -> None:
    """Take a key of the actor's away; nobody signs in by it any more, its owner is told.

    Raises NotFound.
    """
    row = _own(actor, passkey)
    account_id = row.user_id
    row.delete()
    subject = audit.Subject("identity.account", account_id)
    audit.record(actor, "identity.passkey.remove", subject=subject, at=at)
    tell_change(account_id, FactorChange.PASSKEY_REMOVED, at=at)


def asked_to_give(
    *, account_id: UUID | None, origin: Origin, at: dt.datetime
) -> tuple[dict[str, Any], str]:
    """Return what to ask the browser for a sign-in by key, and the challenge.

    account_id: whose password was given before; None for a sign-in by the key alone.
    Raises TooMany.
    """
    note_asking(origin, at=at)
    kept = _kept(account_id) if account_id else []
    return protocol.begin_giving(_site(), kept=_credentials(kept))


def check_passkey(
    *, account_id: UUID | None, answer: str, challenge: str, origin: Origin, at: dt.datetime
) -> Account:
    """Return the official whose key signed the challenge.

    account_id: whose password was given before; None for a sign-in by the key alone.
    Tries are counted before anything is looked at. Raises TooMany, PasskeyRefused, AccountDisabled.
    """
    limit = second_factor_limit(account_id) if account_id else None
    if limit is None:
        note_asking(origin, at=at)
    else:
        note_attempt([limit], at=at)
    said = protocol.read(answer)
    account = _account_of(account_id, said)
    try:
        _use(account, said, challenge, at)
    except protocol.PasskeyRefused:
        note_refusal(account, "passkey", at)
        raise
    if not account.is_active:
        note_refusal(account, "disabled", at)
        raise AccountDisabled
    if limit is not None:
        forget_attempts([limit])
    return account


def _account_of(account_id: UUID | None, said: Mapping[str, Any]) -> Account:
    """Return the account whose password was given, else the one that the key names."""
    try:
        account = queries.account(account_id or UUID(protocol.handle_of(said)))
    except (ValueError, NotFound) as error:
        raise protocol.PasskeyRefused from error
    if not account.is_official:
        raise protocol.PasskeyRefused
    return account


@transaction.atomic
def _use(account: Account, said: Mapping[str, Any], challenge: str, at: dt.datetime) -> None:
    """Check the answer and keep that its key was used. Raises PasskeyRefused."""
    Account.objects.select_for_update().get(pk=account.pk)
    kept = _kept(account.pk)
    proof = protocol.finish_giving(
        _site(), challenge=challenge, answer=said, kept=_credentials(kept)
    )
    row = next(one for one in kept if one.data["credential"] is proof.credential)
    if not rules.is_counted_on(row.data["counter"], proof.counter):
        raise protocol.PasskeyRefused
    row.data["counter"], row.last_used_at = proof.counter, at
    row.save(update_fields=["data", "last_used_at"])
