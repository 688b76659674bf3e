"""Verbs on bearer tokens of the API."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Invalid, NotFound, SignInNeeded
from sen.base.identifiers import new_secret
from sen.base.vietnamese import nfc
from sen.kernel.audit import public as audit
from sen.kernel.identity import queries, rules
from sen.kernel.identity.models import Account, ApiToken

PREFIX = "sen_"


class TokenUnknown(SignInNeeded):
    """No such token."""

    code = "token_unknown"
    default = gettext_noop("Khóa truy cập không đúng.")


class TokenExpired(SignInNeeded):
    """The token's last day is past."""

    code = "token_expired"
    default = gettext_noop("Khóa truy cập đã hết hạn. Vui lòng tạo khóa mới.")


class TokenRevoked(SignInNeeded):
    """The token was revoked, or its owner's account is switched off."""

    code = "token_revoked"
    default = gettext_noop("Khóa truy cập đã bị thu hồi.")


class TokenPositionEnded(SignInNeeded):
    """The owner holds the position no more in which the token acts."""

    code = "token_position_ended"
    default = gettext_noop("Chủ khóa truy cập không còn giữ chức vụ gắn với khóa này.")


def token_digest(secret: str) -> bytes:
    """Return what is kept of a secret of 128 random bits; it needs no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


@transaction.atomic
def create_token(
    actor: Actor,
    *,
    owner: Account,
    name: str,
    scopes: Sequence[str],
    expires_at: dt.datetime,
    at: dt.datetime,
    position: UUID | None = None,
) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which is shown this once.

    position: in which the owner acts by it; an official's default one if not named.
    Raises Invalid: no name, unknown form of scope, an end in the past or over a year ahead, a
    position that the owner does not hold.
    """
    held = [one.position_id for one in queries.employments(owner.pk, clock.day(at))]
    chosen = position or next(iter(held), None)
    problems: dict[str, list[str]] = {}
    if not nfc(name):
        problems["name"] = [_("Cần đặt tên cho khóa truy cập.")]
    if not scopes or any(not re.fullmatch(r"[a-z_]+:[a-z_]+", scope) for scope in scopes):
        problems["scopes"] = [_("Phạm vi phải có dạng tên:việc, ví dụ dossiers:read.")]
    if not at < expires_at <= at + rules.LONGEST_TOKEN:
        problems["expires_at"] = [_("Thời hạn phải trong vòng một năm kể từ hôm nay.")]
    if chosen is not None and chosen not in held:
        problems["position"] = [_("Chủ khóa không giữ chức vụ này.")]
    if problems:
        raise Invalid(fields=problems)
    secret = PREFIX + new_secret()
    token = ApiToken.objects.create(
        owner=owner,
        name=nfc(name),
        digest=token_digest(secret),
        scopes=sorted(set(scopes)),
        position_id=chosen,
        created_at=at,
        expires_at=expires_at,
    )
    fields = {"scopes": token.scopes, "expires_at": expires_at, "position": chosen}
    audit.record(actor, "identity.token.add", subject=_subject(token), at=at, fields=fields)
    return token, secret


def _subject(token: ApiToken) -> audit.Subject:
    return audit.Subject("identity.token", token.pk)


@transaction.atomic
def revoke_token(actor: Actor, *, token: UUID, at: dt.datetime) -> ApiToken:
    """End a token; it is refused from the next request on. Raises NotFound."""
    found = ApiToken.objects.select_for_update().filter(pk=token).first()
    if found is None:
        raise NotFound
    if found.revoked_at is None:
        found.revoked_at = at
        found.save(update_fields=["revoked_at"])
        audit.record(actor, "identity.token.revoke", subject=_subject(found), at=at)
    return found


def check_token(secret: str, *, at: dt.datetime) -> ApiToken:
    """Return the token of a secret with its owner and position; one SELECT.

    Its last day of use is written at most once a day.
    Raises TokenUnknown, TokenRevoked, TokenExpired, TokenPositionEnded, each saying so.
    """
    today = clock.day(at)
    found = queries.token_of(token_digest(secret), today)
    if found is None:
        raise TokenUnknown
    token, is_held = found
    if token.revoked_at is not None or not token.owner.is_active:
        raise TokenRevoked
    if at >= token.expires_at:
        raise TokenExpired
    if token.position_id is not None and not is_held:
        raise TokenPositionEnded
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
    return token
