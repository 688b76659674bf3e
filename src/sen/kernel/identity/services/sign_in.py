"""The verbs at the door: password, one-time code, enrolment, national identity."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sen.base.actor import Actor, Strength
from sen.base.errors import Invalid, NotAllowed
from sen.kernel.audit import public as audit
from sen.kernel.identity import queries, rules
from sen.kernel.identity.adapters.allauth import MfaAdapter
from sen.kernel.identity.choices import FactorChange
from sen.kernel.identity.data import Origin, PersonFacts, TotpCode, VerifiedIdentity
from sen.kernel.identity.models import Account, NationalIdentity
from sen.kernel.identity.services.accounts import new_citizen, subject_of, tell_change
from sen.kernel.identity.services.attempts import Limit, forget_attempts, note_attempt
from sen.kernel.identity.services.persons import keep_person

WINDOW = dt.timedelta(minutes=15)


class WrongPassword(Invalid):
    """User name and password do not belong together; which one is wrong is not said."""

    code = "wrong_password"
    default = gettext_noop("Tên đăng nhập hoặc mật khẩu chưa đúng.")


class WrongCode(Invalid):
    """The one-time code is not the present one."""

    code = "wrong_code"
    default = gettext_noop("Mã xác thực chưa đúng. Vui lòng nhập mã 6 số đang hiện trên ứng dụng.")


class CodeUsed(Invalid):
    """The one-time code was used before; each is good once."""

    code = "code_used"
    default = gettext_noop(
        "Mã này đã được dùng. Vui lòng đợi ứng dụng hiện mã mới (không quá 30 giây)."
    )


class AccountDisabled(NotAllowed):
    """The account is switched off."""

    code = "account_disabled"
    default = gettext_noop("Tài khoản đang bị khóa. Vui lòng liên hệ quản trị viên của cơ quan.")


class IdentityMismatch(NotAllowed):
    """What the national identity says contradicts what Sen knows of that person."""

    code = "identity_mismatch"
    default = gettext_noop(
        "Thông tin định danh không khớp với tài khoản đã có. Để bảo vệ bạn, hệ thống chưa cho đăng "
        "nhập. Vui lòng liên hệ bộ phận hỗ trợ hoặc nơi tiếp nhận hồ sơ."
    )


def _known(account: Account, strength: Strength) -> Actor:
    return Actor(account=account.pk, person=account.person_id, strength=strength)


def _password_limits(username: str, origin: Origin) -> list[Limit]:
    return [
        Limit(what="password", who=username.lower(), most=10, window=WINDOW),
        Limit(what="password-address", who=origin.address or "", most=200, window=WINDOW),
    ]


def check_password(*, username: str, password: str, origin: Origin, at: dt.datetime) -> Account:
    """Return the official whose password it is; the sign-in is not complete with it.

    Guessing is counted before anything is hashed. An unknown user name costs the same time.
    Raises TooMany, WrongPassword, AccountDisabled (only to whoever knows the password).
    """
    limits = _password_limits(username, origin)
    note_attempt(limits, at=at)
    account = queries.account_named(username)
    if account is None or not account.is_official:
        make_password(password)
        raise WrongPassword
    if not account.check_password(password):
        note_refusal(account, "password", at)
        raise WrongPassword
    if not account.is_active:
        note_refusal(account, "disabled", at)
        raise AccountDisabled
    forget_attempts(limits[:1])
    return account


def note_refusal(account: Account, reason: str, at: dt.datetime) -> None:
    """Keep in the audit trail that a sign-in with an account was refused, and why."""
    audit.record(
        _known(account, Strength.NONE),
        "identity.sign_in.refuse",
        subject=subject_of(account),
        at=at,
        reason=reason,
    )


def has_second_factor(account_id: UUID) -> bool:
    """Tell whether an account has enrolled a second factor."""
    second = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=account_id, type__in=second).exists())


def totp_secret(account_id: UUID) -> str | None:
    """Return an account's one-time code secret in base32, None if it has none."""
    found = Authenticator.objects.filter(user=account_id, type=Authenticator.Type.TOTP).first()
    return MfaAdapter().decrypt(found.data["secret"]) if found else None


def current_totp(account: Account, *, at: dt.datetime) -> TotpCode | None:
    """Return the code that an account's authenticator shows, in a demo only.

    Once the present code is used up it is the next one, which the tolerance takes already.
    None outside a demo, and for an account without a secret.
    """
    secret = totp_secret(account.pk) if settings.DEMO else None
    return rules.shown_code(secret, at, used=account.totp_counter) if secret else None


def second_factor_limit(account_id: UUID) -> Limit:
    """Return the limit on tries at an account's second factor, whichever it is."""
    return Limit(what="code", who=str(account_id), most=5, window=dt.timedelta(minutes=5))


def check_code(*, account_id: UUID, code: str, at: dt.datetime) -> Account:
    """Return the account whose present one-time code it is; the code is used up by it.

    Raises TooMany after five tries in five minutes, WrongCode, CodeUsed.
    """
    limit = second_factor_limit(account_id)
    note_attempt([limit], at=at)
    account = queries.account(account_id)
    if not account.is_active:
        raise AccountDisabled
    secret = totp_secret(account_id)
    counter = None if secret is None else rules.matching_counter(secret, code, at, used=0)
    if counter is None:
        note_refusal(account, "code", at)
        raise WrongCode
    newer = Account.objects.filter(pk=account_id, totp_counter__lt=counter)
    if not newer.update(totp_counter=counter):
        note_refusal(account, "code_used", at)
        raise CodeUsed
    forget_attempts([limit])
    return account


def new_totp_secret() -> str:
    """Return a fresh secret of 160 bits in base32 (RFC 4226 asks for as much)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


@transaction.atomic
def enrol_totp(
    *, account_id: UUID, secret: str, code: str, at: dt.datetime, replaces: bool = False
) -> Account:
    """Keep a one-time code secret, sealed, once its owner has shown a code of it.

    replaces: it takes the place of the one before, which counts no more; the owner is told.
    Raises WrongCode, and NotAllowed if there is a secret already and none is to be replaced.
    """
    account = (
        Account.objects.select_related("person").select_for_update(of=("self",)).get(pk=account_id)
    )
    counter = rules.matching_counter(secret, code, at, used=0)
    if counter is None:
        raise WrongCode
    kept = Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP)
    if replaces:
        kept.delete()
    elif kept.exists():
        raise NotAllowed(_("Tài khoản đã có mã xác thực hai lớp."))
    Authenticator.objects.create(
        user=account,
        type=Authenticator.Type.TOTP,
        data={"secret": MfaAdapter().encrypt(secret)},
        created_at=at,
    )
    account.totp_counter = counter
    account.save(update_fields=["totp_counter"])
    actor = _known(account, Strength.MULTI_FACTOR if replaces else Strength.PASSWORD)
    audit.record(actor, "identity.second_factor.add", subject=subject_of(account), at=at)
    if replaces:
        tell_change(account.pk, FactorChange.APP_REPLACED, at=at)
    return account


def give_demo_factor(*, account_id: UUID, at: dt.datetime) -> None:
    """Give an invented official a second factor whose codes the demo page can show.

    Raises NotAllowed outside a demo.
    """
    if not settings.DEMO:
        raise NotAllowed
    secret = new_totp_secret()
    code = rules.totp_code(secret, rules.totp_counter(at))
    enrol_totp(account_id=account_id, secret=secret, code=code, at=at)
    Account.objects.filter(pk=account_id).update(totp_counter=0)


@transaction.atomic
def note_sign_in(
    account: Account, *, strength: Strength, position: UUID | None, unit: UUID | None,
    at: dt.datetime, means: str = "",
) -> None:  # fmt: skip
    """Keep that somebody is signed in: the account's last use and the audit trail.

    means: by what, where it was not the usual way: "passkey", "recovery_code".
    """
    Account.objects.filter(pk=account.pk).update(last_active_at=at)
    actor = Actor(
        account=account.pk,
        person=account.person_id,
        position=position,
        unit=unit,
        strength=strength,
    )
    audit.record(actor, "identity.sign_in", subject=subject_of(account), at=at, reason=means)


def recognise(identity: VerifiedIdentity, *, at: dt.datetime) -> Account:
    """Return the citizen's account of a verified national identity, opened at the first visit.

    Issuer and subject find the account; the verified number must be that person's. At the first
    visit the number finds or makes the person. A name or an e-mail address never links anything.
    Raises IdentityMismatch, AccountDisabled; a refusal stands in the audit trail.
    """
    try:
        return _recognised(identity, at)
    except (IdentityMismatch, AccountDisabled) as refusal:
        tie = queries.national_identity(identity.issuer, identity.subject)
        person = queries.find_person(identity.national_number)
        account = tie.account if tie else queries.citizen_account(person.pk) if person else None
        if account is not None:
            note_refusal(account, refusal.code, at)
        raise


@transaction.atomic
def _recognised(identity: VerifiedIdentity, at: dt.datetime) -> Account:
    facts = PersonFacts(
        full_name=identity.full_name,
        national_number=identity.national_number,
        birth_date=identity.birth_date,
        sex=identity.sex,
        phone=identity.phone,
        email=identity.email,
    )
    tie = queries.national_identity(identity.issuer, identity.subject)
    if tie is not None:
        account = tie.account
        known = account.person.national_number_digest if account.person else None
        if known is None or bytes(known) != queries.number_digest(identity.national_number):
            raise IdentityMismatch
    if tie is None:
        account = _first_visit(identity, facts, at)
    elif not account.is_active:
        raise AccountDisabled
    else:
        actor = _known(account, identity.strength)
        account.person = keep_person(actor, facts=facts, at=at, update=True)
    return account


def _first_visit(identity: VerifiedIdentity, facts: PersonFacts, at: dt.datetime) -> Account:
    person = keep_person(Actor(strength=identity.strength), facts=facts, at=at, update=True)
    account = queries.citizen_account(person.pk)
    if account is None:
        account = new_citizen(person, at=at)
    elif not account.is_active:
        raise AccountDisabled
    elif NationalIdentity.objects.filter(account=account).exists():
        raise IdentityMismatch
    account.person = person
    NationalIdentity.objects.create(
        account=account, issuer=identity.issuer, subject=identity.subject, created_at=at
    )
    audit.record(
        _known(account, identity.strength),
        "identity.account.link",
        subject=subject_of(account),
        at=at,
        fields={"issuer": identity.issuer},
    )
    return account
