"""The door, second leaf: signing in by passkey or recovery code, and changing what one has.

As in `door`, these functions take the request; the decisions are in `passkeys`, `recovery_codes`
and `sign_in`. Whoever changes something has signed in within ten minutes.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_noop

from sen.base.actor import Actor
from sen.base.errors import NotAllowed
from sen.kernel.identity import rules
from sen.kernel.identity.adapters.passkeys import PasskeyRefused
from sen.kernel.identity.data import Enrolment, Passkey, Step
from sen.kernel.identity.models import Account, Session
from sen.kernel.identity.services import door, passkeys, recovery_codes, sign_in

ADD, GIVE = "add", "give"


class RecentSignInNeeded(NotAllowed):
    """The sign-in is too long ago to change what the account signs in with."""

    code = "recent_sign_in_needed"
    default = gettext_noop(
        "Để bảo vệ tài khoản, việc này chỉ làm được trong 10 phút sau khi đăng nhập. Vui lòng "
        "đăng nhập lại."
    )


def is_recent(session: Session, *, at: dt.datetime) -> bool:
    """Tell whether a session's sign-in is fresh enough to change what the account signs in with."""
    return rules.is_recent(session.started_at, at)


def _account(request: HttpRequest, at: dt.datetime) -> Account:
    """Return the official signed in here within ten minutes."""
    row = door.current_session(request)
    if row is None or row.account is None or not row.account.is_official:
        raise NotAllowed
    if not is_recent(row, at=at):
        raise RecentSignInNeeded
    return row.account


def _recent(request: HttpRequest, at: dt.datetime) -> Actor:
    _account(request, at)
    return door.actor(request)


def _remember(
    request: HttpRequest, purpose: str, challenge: str, account: UUID | None, at: dt.datetime
) -> None:
    request.session[door.PASSKEY] = {
        "purpose": purpose,
        "challenge": challenge,
        "account": str(account) if account else "",
        "since": at.isoformat(),
    }


def _challenge(request: HttpRequest, purpose: str, at: dt.datetime) -> tuple[str, UUID | None]:
    """Return the challenge that this browser was asked, once. Raises PasskeyRefused."""
    kept = request.session.pop(door.PASSKEY, None)
    if kept is None or kept["purpose"] != purpose:
        raise PasskeyRefused
    if at - dt.datetime.fromisoformat(kept["since"]) > rules.CHALLENGE:
        raise PasskeyRefused
    return kept["challenge"], UUID(kept["account"]) if kept["account"] else None


# -- Signing in


def ask_passkey(request: HttpRequest, *, is_second: bool, at: dt.datetime) -> dict[str, Any]:
    """Return what to ask the browser for a sign-in by key.

    is_second: after the password, for a key of that account; else any key tells who it is.
    Raises SignInNeeded (no password before it), TooMany.
    """
    account = door.expected(request, Step.CODE, at).account if is_second else None
    options, challenge = passkeys.asked_to_give(
        account_id=account, origin=door.origin(request), at=at
    )
    _remember(request, GIVE, challenge, account, at)
    return options


def give_passkey(request: HttpRequest, *, answer: str, at: dt.datetime) -> Step | None:
    """Take the browser's answer; return the step that comes next, None once signed in.

    Raises SignInNeeded, TooMany, PasskeyRefused, AccountDisabled.
    """
    challenge, known = _challenge(request, GIVE, at)
    since = at
    if known is not None:
        found = door.expected(request, Step.CODE, at)
        if found.account != known:
            raise PasskeyRefused
        since = found.since
    account = passkeys.check_passkey(
        account_id=known, answer=answer, challenge=challenge, origin=door.origin(request), at=at
    )
    return door.proceed(
        request, account, second_factor_given=True, since=since, at=at, means="passkey"
    )


def give_recovery_code(request: HttpRequest, *, code: str, at: dt.datetime) -> Step | None:
    """Take a recovery code in place of the one-time code; return the step that comes next.

    Raises SignInNeeded (no password before it), TooMany, WrongRecoveryCode.
    """
    found = door.expected(request, Step.CODE, at)
    account = recovery_codes.check_recovery_code(account_id=found.account, code=code, at=at)
    return door.proceed(
        request, account, second_factor_given=True, since=found.since, at=at, means="recovery_code"
    )


# -- Changing what one has; each raises NotAllowed and RecentSignInNeeded


def ask_new_passkey(request: HttpRequest, *, at: dt.datetime) -> dict[str, Any]:
    """Return what to ask the browser for a new key. Raises TooMany, TooManyPasskeys."""
    actor = _recent(request, at)
    options, challenge = passkeys.asked_to_add(actor, at=at)
    _remember(request, ADD, challenge, actor.account, at)
    return options


def add_passkey(request: HttpRequest, *, name: str, answer: str, at: dt.datetime) -> Passkey:
    """Keep the key that the browser made. Raises PasskeyRefused, Invalid, TooManyPasskeys."""
    actor = _recent(request, at)
    challenge, account = _challenge(request, ADD, at)
    if account != actor.account:
        raise PasskeyRefused
    return passkeys.add_passkey(actor, name=name, answer=answer, challenge=challenge, at=at)


def rename_passkey(request: HttpRequest, *, passkey: int, name: str, at: dt.datetime) -> None:
    """Give a key another name. Raises NotFound, Invalid."""
    passkeys.rename_passkey(_recent(request, at), passkey=passkey, name=name, at=at)


def remove_passkey(request: HttpRequest, *, passkey: int, at: dt.datetime) -> None:
    """Take a key away. Raises NotFound."""
    passkeys.remove_passkey(_recent(request, at), passkey=passkey, at=at)


def make_recovery_codes(request: HttpRequest, *, at: dt.datetime) -> list[str]:
    """Return new recovery codes, shown this once; those before count no more."""
    return recovery_codes.make_recovery_codes(_recent(request, at), at=at)


def new_enrolment(request: HttpRequest, *, at: dt.datetime) -> Enrolment:
    """Return what goes into a new authenticator; the same until one of its codes was given."""
    account = _account(request, at)
    secret = request.session.get(door.SECRET)
    if secret is None:
        secret = request.session[door.SECRET] = sign_in.new_totp_secret()
    address = rules.totp_address(secret, account=account.username, issuer=settings.MFA_TOTP_ISSUER)
    return Enrolment(secret=secret, address=address)


def replace_app(request: HttpRequest, *, code: str, at: dt.datetime) -> None:
    """Take the first code of the new authenticator; the one before counts no more.

    Raises WrongCode.
    """
    account = _account(request, at)
    secret = new_enrolment(request, at=at).secret
    sign_in.enrol_totp(account_id=account.pk, secret=secret, code=code, at=at, replaces=True)
    request.session.pop(door.SECRET)
