"""The door: who a request comes from, and the steps by which a browser is signed in.

These functions take the request, because a browser's session is what a sign-in writes; the
decisions are in `sign_in`, `sessions`, `tokens`, which know no HTTP.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, login, logout
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import ANONYMOUS, Actor, Channel, Strength
from sen.base.errors import NotAllowed, SignInNeeded
from sen.kernel.audit import public as audit
from sen.kernel.identity import queries, rules
from sen.kernel.identity.adapters import national_identity
from sen.kernel.identity.adapters.sessions import EMPLOYMENT, REPRESENTATION, STRENGTH
from sen.kernel.identity.data import Enrolment, Origin, Pending, Step
from sen.kernel.identity.models import Account, ApiToken, Employment, Session
from sen.kernel.identity.services import accounts, sessions, sign_in, tokens

PENDING, SECRET, HANDSHAKE = "sen_pending", "sen_totp_secret", "sen_national_identity"
PASSKEY = "sen_passkey"
NEXT = "sen_next"
BEARER = "Bearer "


# -- Who is it


def actor(request: HttpRequest) -> Actor:
    """Return who acts in a request: by bearer token, else by the browser's session.

    One SELECT for a token; one for a session (it carries account, person, position and whom the
    actor acts for) and none without a cookie. `request.user` becomes the account.
    Raises the failures of `check_token`; a browser that is not signed in is ANONYMOUS.
    """
    at = clock.now()
    header = request.headers.get("Authorization", "")
    if header.startswith(BEARER):
        return _actor_of_token(request, tokens.check_token(header[len(BEARER) :].strip(), at=at))
    row = current_session(request)
    if row is None or row.account is None:
        return ANONYMOUS if channel(request) is Channel.WEB else Actor(channel=channel(request))
    return _actor_of_session(row, clock.day(at), channel(request))


def channel(request: HttpRequest) -> Channel:
    """Return by which way the request came."""
    return Channel.API if request.path.startswith("/api/") else Channel.WEB


def _actor_of_token(request: HttpRequest, token: ApiToken) -> Actor:
    request.user = token.owner
    request.scopes = frozenset(token.scopes)  # type: ignore[attr-defined]  # read by `require_scope`
    return Actor(
        account=token.owner_id,
        person=token.owner.person_id,
        position=token.position_id,
        unit=token.position.unit_id if token.position else None,
        token=token.pk,
        strength=Strength.TOKEN,
        channel=Channel.API,
    )


def current_session(request: HttpRequest) -> Session | None:
    """Return the row of the browser's session if an active account is signed in by it."""
    store: Any = request.session
    if store.get("_auth_user_id") is None:
        return None
    row: Session | None = store.row
    if row is None or row.account is None or not row.account.is_active:
        return None
    request.user = row.account
    return row


def session_ended(request: HttpRequest) -> bool:
    """Tell whether the browser holds the key of a session that is over, of whoever it was.

    Ended by time, from another device, or with the account; who signs out keeps no key.
    """
    has_key = bool(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    return has_key and current_session(request) is None and request.session.is_empty()


def _actor_of_session(row: Session, on: dt.date, way: Channel) -> Actor:
    employment, represented = row.employment, row.representation
    if employment is not None and not rules.holds_on(employment, on):
        employment = None
    if represented is not None and not rules.holds_on(represented, on):
        represented = None
    return Actor(
        account=row.account_id,
        person=row.account.person_id if row.account else None,
        position=employment.position_id if employment else None,
        unit=employment.position.unit_id if employment else None,
        acting_for=(represented.person_id or represented.enterprise_id) if represented else None,
        strength=Strength(row.strength),
        channel=way,
    )


def actor_for(
    account_id: UUID,
    *,
    position_id: UUID | None = None,
    channel: Channel = Channel.JOB,
    strength: Strength = Strength.NONE,
) -> Actor:
    """Return an account as an actor outside a request, for jobs, commands and seeds.

    position_id: one it holds today; its default one if not named. Raises NotFound, NotAllowed.
    """
    account = queries.account(account_id)
    held = queries.employments(account_id, clock.day(clock.now()))
    chosen = [one for one in held if position_id in {None, one.position_id}][:1]
    if position_id is not None and not chosen:
        raise NotAllowed
    return Actor(
        account=account.pk,
        person=account.person_id,
        position=chosen[0].position_id if chosen else None,
        unit=chosen[0].position.unit_id if chosen else None,
        strength=strength,
        channel=channel,
    )


def require_scope(request: HttpRequest, scope: str) -> None:
    """Let a token pass only with the scope, such as `dossiers:act`; a browser has all scopes.

    Raises NotAllowed, naming the scope that is missing.
    """
    scopes = getattr(request, "scopes", None)
    if scopes is not None and scope not in scopes:
        raise NotAllowed(_("Khóa truy cập không có phạm vi %(scope)s.") % {"scope": scope})


def origin(request: HttpRequest) -> Origin:
    """Return where a request comes from; what proxies say was judged at the entry."""
    address = request.META.get("REMOTE_ADDR") or None
    return Origin(address=address, agent=request.headers.get("User-Agent", "")[:200])


# -- Officials: password, code, and before anything else what a new account has to do


def give_password(
    request: HttpRequest, *, username: str, password: str, at: dt.datetime
) -> Step | None:
    """Take user name and password; return the step that comes next.

    Raises TooMany, WrongPassword, AccountDisabled.
    """
    account = sign_in.check_password(
        username=username, password=password, origin=origin(request), at=at
    )
    following = request.session.get(NEXT)
    request.session.flush()
    if following:
        request.session[NEXT] = following
    return proceed(request, account, second_factor_given=False, since=at, at=at)


def pending(request: HttpRequest, *, at: dt.datetime) -> Pending | None:
    """Return the sign-in under way in this browser, None if there is none or it waited too long."""
    kept = request.session.get(PENDING)
    if kept is None:
        return None
    since = dt.datetime.fromisoformat(kept["since"])
    if at - since > rules.PENDING:
        return None
    return Pending(account=UUID(kept["account"]), since=since, step=Step(kept["step"]))


def expected(request: HttpRequest, step: Step, at: dt.datetime) -> Pending:
    """Return the sign-in under way if it is at this step. Raises SignInNeeded."""
    found = pending(request, at=at)
    if found is None or found.step is not step:
        raise SignInNeeded(_("Lượt đăng nhập đã hết hạn. Vui lòng nhập lại mật khẩu."))
    return found


def give_code(request: HttpRequest, *, code: str, at: dt.datetime) -> Step | None:
    """Take the one-time code; return the step that comes next, None once signed in.

    Raises SignInNeeded (no password before it), TooMany, WrongCode, CodeUsed.
    """
    found = expected(request, Step.CODE, at)
    account = sign_in.check_code(account_id=found.account, code=code, at=at)
    return proceed(request, account, second_factor_given=True, since=found.since, at=at)


def give_new_password(request: HttpRequest, *, password: str, at: dt.datetime) -> Step | None:
    """Take the new password of a first sign-in; return the step that comes next.

    Raises SignInNeeded, Invalid.
    """
    found = expected(request, Step.CHANGE_PASSWORD, at)
    given = bool(request.session[PENDING]["second_factor"])
    account = accounts.change_password(
        Actor(account=found.account, strength=found.strength),
        account_id=found.account,
        password=password,
        at=at,
    )
    return proceed(request, account, second_factor_given=given, since=found.since, at=at)


def enrolment(request: HttpRequest, *, at: dt.datetime) -> Enrolment:
    """Return what a new official puts into the authenticator; the same until it is enrolled.

    Raises SignInNeeded if enrolment is not the step this browser is at.
    """
    found = expected(request, Step.ENROL, at)
    secret = request.session.get(SECRET)
    if secret is None:
        secret = request.session[SECRET] = sign_in.new_totp_secret()
    username = queries.account(found.account).username
    address = rules.totp_address(secret, account=username, issuer=settings.MFA_TOTP_ISSUER)
    return Enrolment(secret=secret, address=address)


def enrol(request: HttpRequest, *, code: str, at: dt.datetime) -> Step | None:
    """Take the first code of the new authenticator and complete the sign-in.

    Raises SignInNeeded, WrongCode.
    """
    found = expected(request, Step.ENROL, at)
    secret = enrolment(request, at=at).secret
    account = sign_in.enrol_totp(account_id=found.account, secret=secret, code=code, at=at)
    return proceed(request, account, second_factor_given=True, since=found.since, at=at)


def proceed(
    request: HttpRequest,
    account: Account,
    *,
    second_factor_given: bool,
    since: dt.datetime,
    at: dt.datetime,
    means: str = "",
) -> Step | None:
    """Go on to the next step, or sign in where none is left. means: see `note_sign_in`."""
    step = rules.next_step(
        has_second_factor=second_factor_given or sign_in.has_second_factor(account.pk),
        second_factor_given=second_factor_given,
        must_change_password=account.must_change_password,
    )
    if step is None:
        complete(request, account, strength=Strength.MULTI_FACTOR, at=at, means=means)
        return None
    request.session[PENDING] = {
        "account": str(account.pk),
        "since": since.isoformat(),
        "step": step,
        "second_factor": second_factor_given,
    }
    return step


def complete(
    request: HttpRequest,
    account: Account,
    *,
    strength: Strength,
    at: dt.datetime,
    means: str = "",
) -> None:
    """Sign the browser in: new session key, default position, audit; nothing old is kept."""
    held = queries.employments(account.pk, clock.day(at)) if account.is_official else []
    employment = held[0] if held else None
    sign_in.note_sign_in(
        account,
        strength=strength,
        position=employment.position_id if employment else None,
        unit=employment.position.unit_id if employment else None,
        at=at,
        means=means,
    )
    for key in (PENDING, SECRET, HANDSHAKE, PASSKEY):
        request.session.pop(key, None)
    following = request.session.get(NEXT)
    store: Any = request.session
    store.origin = origin(request)
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[STRENGTH] = int(strength)
    request.session[EMPLOYMENT] = str(employment.pk) if employment else None
    request.session[REPRESENTATION] = None
    if following:
        request.session[NEXT] = following


# -- Citizens: the national electronic identity


def _provider() -> national_identity.Provider:
    return national_identity.Provider(
        url=settings.NATIONAL_IDENTITY_URL,
        client=settings.NATIONAL_IDENTITY_CLIENT,
        secret=settings.NATIONAL_IDENTITY_SECRET,
    )


def leave_for_national_identity(
    request: HttpRequest, *, callback: str, strength: Strength, hint: str = ""
) -> str:
    """Return the address at which the citizen identifies; remember what the answer must match.

    callback: the absolute address that the provider sends the browser back to.
    Raises ProviderUnavailable.
    """
    level = next(name for name, value in rules.NATIONAL_IDENTITY_CLAIMS.levels if value == strength)
    address, handshake = national_identity.begin(
        _provider(), callback=callback, level=level, hint=hint
    )
    store: Any = request.session
    store.origin = origin(request)
    request.session[HANDSHAKE] = handshake.to_session()
    return address


def return_from_national_identity(
    request: HttpRequest, *, callback: str, at: dt.datetime
) -> Account:
    """Take the provider's answer from the address and sign the citizen in.

    Each answer is good once. Raises SignInCancelled, SignInExpired, AnswerRefused,
    ProviderUnavailable, IdentityMismatch, AccountDisabled.
    """
    kept = request.session.pop(HANDSHAKE, None)
    if kept is None or request.GET.get("state") != kept["state"]:
        raise national_identity.SignInExpired
    if request.GET.get("error") == "access_denied":
        raise national_identity.SignInCancelled
    if "error" in request.GET or "code" not in request.GET:
        raise national_identity.ProviderUnavailable
    identity = national_identity.finish(
        _provider(),
        callback=callback,
        handshake=national_identity.Handshake(**kept),
        code=request.GET["code"],
        at=at,
    )
    account = sign_in.recognise(identity, at=at)
    complete(request, account, strength=identity.strength, at=at)
    return account


# -- Signed in: as whom, and out again


def switch_position(request: HttpRequest, position: UUID, *, at: dt.datetime) -> Employment:
    """Act in another position that the account holds. Raises NotAllowed."""
    employment = sessions.switched_position(actor(request), position=position, at=at)
    request.session[EMPLOYMENT] = str(employment.pk)
    return employment


def switch_representation(
    request: HttpRequest, representation: UUID | None, *, at: dt.datetime
) -> None:
    """Act for a child, a principal or an enterprise; None is for oneself again.

    Raises NotAllowed.
    """
    if representation is None:
        request.session[REPRESENTATION] = None
        return
    sessions.switched_representation(actor(request), representation=representation, at=at)
    request.session[REPRESENTATION] = str(representation)


def renew_password(request: HttpRequest, *, old: str, password: str, at: dt.datetime) -> None:
    """Change one's own password with the old one at hand; all other sessions end.

    Raises NotAllowed (not signed in by a password), TooMany, WrongPassword, Invalid.
    """
    row = current_session(request)
    if row is None or row.account is None or not row.account.is_official:
        raise NotAllowed
    sign_in.check_password(
        username=row.account.username, password=old, origin=origin(request), at=at
    )
    accounts.change_password(
        actor(request), account_id=row.account.pk, password=password, at=at, keep=row.pk
    )
    changed = queries.account(row.account.pk)
    request.session[HASH_SESSION_KEY] = changed.get_session_auth_hash()


def sign_out(request: HttpRequest, *, at: dt.datetime) -> None:
    """End the browser's session, here and in the database."""
    known = actor(request)
    if known.account is not None:
        subject = audit.Subject("identity.account", known.account)
        audit.record(known, "identity.sign_out", subject=subject, at=at)
    logout(request)


def at_work(request: HttpRequest) -> Actor | None:
    """Return the official who is signed in, in their position; None where nobody works here.

    For the request that signs in or changes the position as well: its session is not yet written.
    """
    chosen = request.session.get(EMPLOYMENT)
    if not chosen:
        return None
    held = Employment.objects.select_related("position").filter(pk=chosen).first()
    if held is None:
        return None
    return Actor(account=held.account_id, position=held.position_id, unit=held.position.unit_id)


def remember_next(request: HttpRequest, address: str) -> None:
    """Remember where the person wanted to go; the caller has checked that it is here."""
    request.session[NEXT] = address


def take_next(request: HttpRequest) -> str:
    """Return and forget where the person wanted to go, empty if nowhere."""
    return str(request.session.pop(NEXT, None) or "")
