"""Verbs on recovery codes: ten words on paper for the day on which phone and key are lost."""

from __future__ import annotations

import datetime as dt
import secrets
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from sen.base.actor import Actor, Strength
from sen.base.errors import Invalid, NotAllowed
from sen.base.sealing import sealer
from sen.kernel.audit import public as audit
from sen.kernel.identity import queries, rules
from sen.kernel.identity.choices import FactorChange
from sen.kernel.identity.models import Account
from sen.kernel.identity.services.accounts import subject_of, tell_change
from sen.kernel.identity.services.attempts import forget_attempts, note_attempt
from sen.kernel.identity.services.sign_in import (
    AccountDisabled,
    note_refusal,
    second_factor_limit,
)

_PLACE = ("mfa_authenticator", "recovery_codes")


class WrongRecoveryCode(Invalid):
    """The code is none of the account's, or was used before; which of both is not said."""

    code = "wrong_recovery_code"
    default = gettext_noop("Mã dự phòng chưa đúng hoặc đã được dùng. Mỗi mã chỉ dùng được một lần.")


def _digest(account_id: UUID, code: str) -> str:
    letters = rules.recovery_letters(code)
    return sealer(settings.FIELD_KEY).digest(letters, *_PLACE, str(account_id)).hex()


def _new_code() -> str:
    letters = "".join(secrets.choice(rules.RECOVERY_LETTERS) for _ in range(rules.RECOVERY_LENGTH))
    half = rules.RECOVERY_LENGTH // 2
    return f"{letters[:half]}-{letters[half:]}"


@transaction.atomic
def make_recovery_codes(actor: Actor, *, at: dt.datetime) -> list[str]:
    """Return ten new codes of the actor's, shown this once; those before count no more.

    Only their keyed digests are kept; the owner is told. Raises NotAllowed for whoever is no
    official.
    """
    if actor.account is None:
        raise NotAllowed
    found = Account.objects.select_for_update().get(pk=actor.account)
    if not found.is_official:
        raise NotAllowed
    codes = [_new_code() for _ in range(rules.RECOVERY_CODES)]
    Authenticator.objects.update_or_create(
        user=found,
        type=Authenticator.Type.RECOVERY_CODES,
        defaults={
            "data": {"digests": [_digest(found.pk, code) for code in codes]},
            "created_at": at,
            "last_used_at": None,
        },
    )
    audit.record(actor, "identity.recovery_codes.make", subject=subject_of(found), at=at)
    tell_change(found.pk, FactorChange.RECOVERY_CODES_MADE, at=at)
    return codes


def check_recovery_code(*, account_id: UUID, code: str, at: dt.datetime) -> Account:
    """Return the account whose unused recovery code it is; the code is used up by it.

    Counted together with tries at the one-time code. Raises TooMany after five tries in five
    minutes, WrongRecoveryCode, AccountDisabled.
    """
    limit = second_factor_limit(account_id)
    note_attempt([limit], at=at)
    account = queries.account(account_id)
    if not account.is_active:
        raise AccountDisabled
    if not _use(account, code, at):
        note_refusal(account, "recovery_code", at)
        raise WrongRecoveryCode
    forget_attempts([limit])
    return account


@transaction.atomic
def _use(account: Account, code: str, at: dt.datetime) -> bool:
    """Take a code out of those that are left; tell whether it was among them."""
    kept = Authenticator.objects.select_for_update().filter(
        user=account, type=Authenticator.Type.RECOVERY_CODES
    )
    row, digest = kept.first(), _digest(account.pk, code)
    if row is None or digest not in row.data["digests"]:
        return False
    row.data["digests"].remove(digest)
    row.last_used_at = at
    row.save(update_fields=["data", "last_used_at"])
    actor = Actor(account=account.pk, person=account.person_id, strength=Strength.PASSWORD)
    audit.record(actor, "identity.recovery_code.use", subject=subject_of(account), at=at)
    tell_change(account.pk, FactorChange.RECOVERY_CODE_USED, at=at)
    return True
