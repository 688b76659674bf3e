"""The national electronic identity as an OpenID Connect provider; the protocol, no more.

Code flow with PKCE (S256), state and nonce; the ID token's signature is verified although it comes
over TLS; user info must be of the same subject. Times out instead of waiting, follows no redirect.
joserfc is imported where it is used: a command starts without its 0.06 s.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlencode, urlsplit

import requests
import structlog
from django.utils.translation import gettext_noop

from sen.base import tracing
from sen.base.errors import Conflict, DomainError, Unavailable
from sen.kernel.identity import rules
from sen.kernel.identity.data import VerifiedIdentity

if TYPE_CHECKING:
    from joserfc import jwt
    from joserfc.jwk import KeySet

TIMEOUT = (3.05, 6.0)
"""Seconds to connect and to wait for bytes."""
AT_ONCE, PATIENCE_SECONDS = 4, 1.0
"""How many threads of a process may wait for the provider, and how long others wait for a place."""
_places = threading.BoundedSemaphore(AT_ONCE)
METADATA_SECONDS = 600
ALGORITHMS = ["ES256", "PS256", "RS256"]
LEEWAY = 60
"""Seconds by which the provider's clock may differ."""
_log = structlog.get_logger(__name__)
_metadata: dict[str, tuple[float, Metadata]] = {}


class ProviderUnavailable(Unavailable):
    """The provider does not answer, or answers with its own failure."""

    code = "identity_unavailable"
    default = gettext_noop(
        "Hệ thống định danh điện tử quốc gia chưa phản hồi. Bạn chưa đăng nhập; vui lòng thử lại "
        "sau ít phút."
    )


class AnswerRefused(DomainError):
    """The provider's answer does not hold; nobody is signed in by it."""

    code = "identity_answer_refused"
    status = 403
    default = gettext_noop(
        "Không xác minh được kết quả định danh nên hệ thống chưa cho đăng nhập. Vui lòng thử lại; "
        "nếu vẫn gặp lỗi, hãy báo bộ phận hỗ trợ."
    )


class SignInCancelled(DomainError):
    """The person said no, or left, at the provider."""

    code = "identity_cancelled"
    default = gettext_noop(
        "Bạn đã hủy đăng nhập bằng định danh điện tử. Khi cần, bạn có thể đăng nhập lại."
    )


class SignInExpired(Conflict):
    """The answer does not belong to a sign-in that is under way in this browser."""

    code = "identity_expired"
    default = gettext_noop(
        "Lượt đăng nhập đã hết hạn hoặc đã được dùng. Vui lòng đăng nhập lại từ đầu."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Where the provider is and as whom Sen is known there."""

    url: str
    client: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What discovery says."""

    issuer: str
    authorization: str
    token: str
    userinfo: str
    keys: KeySet


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """What a browser's session keeps between leaving for the provider and coming back."""

    state: str
    nonce: str
    verifier: str

    def to_session(self) -> dict[str, str]:
        """Return plain values for the session."""
        return asdict(self)


def begin(provider: Provider, *, callback: str, level: str, hint: str) -> tuple[str, Handshake]:
    """Return the address to send the browser to, and what has to be remembered till it is back.

    level: the wanted level of assurance, in the provider's words. hint: whom the provider may
    suggest. Raises ProviderUnavailable.
    """
    handshake = Handshake(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
    )
    challenge = hashlib.sha256(handshake.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": provider.client,
        "redirect_uri": callback,
        "scope": "openid",
        "acr_values": level,
        "state": handshake.state,
        "nonce": handshake.nonce,
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "prompt": "login",
    }
    if hint:
        query["login_hint"] = hint
    return f"{_discover(provider).authorization}?{urlencode(query)}", handshake


def finish(
    provider: Provider, *, callback: str, handshake: Handshake, code: str, at: dt.datetime
) -> VerifiedIdentity:
    """Return whom the provider vouches for, everything checked.

    Raises ProviderUnavailable, SignInExpired (the code is old or used), AnswerRefused.
    """
    metadata = _discover(provider)
    answer = _token(provider, metadata, callback=callback, handshake=handshake, code=code)
    token = answer.get("id_token")
    if not isinstance(token, str) or not isinstance(answer.get("access_token"), str):
        _refuse("no token")
    claims = _verified(provider, metadata, token=token, nonce=handshake.nonce, at=at)
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    userinfo = _json(_get(metadata.userinfo, headers=headers))
    if userinfo.get("sub") != claims["sub"]:
        _refuse("another subject in user info")
    try:
        return rules.read_claims(
            {**userinfo, **claims},
            issuer=metadata.issuer,
            mapping=rules.NATIONAL_IDENTITY_CLAIMS,
        )
    except rules.ClaimsRefused as error:
        _refuse(str(error))


def _token(
    provider: Provider, metadata: Metadata, *, callback: str, handshake: Handshake, code: str
) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback,
        "client_id": provider.client,
        "client_secret": provider.secret,
        "code_verifier": handshake.verifier,
    }
    with _asking("POST", metadata.token):
        response = requests.post(metadata.token, data=form, timeout=TIMEOUT, allow_redirects=False)
    if response.status_code == requests.codes.bad_request:
        _log.warning("national_identity.code_refused")
        raise SignInExpired
    return _json(response)


def _verified(
    provider: Provider, metadata: Metadata, *, token: str, nonce: str, at: dt.datetime
) -> dict[str, Any]:
    from joserfc import jwt
    from joserfc.errors import JoseError

    registry = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": metadata.issuer},
        aud={"essential": True, "value": provider.client},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        decoded = _decoded(provider, metadata, token)
        registry.validate(decoded.claims)
    except (JoseError, ValueError) as error:
        _refuse(type(error).__name__)
    return dict(decoded.claims)


def _decoded(provider: Provider, metadata: Metadata, token: str) -> jwt.Token:
    from joserfc import jwt
    from joserfc.errors import JoseError

    try:
        return jwt.decode(token, metadata.keys, algorithms=ALGORITHMS)
    except (JoseError, ValueError):
        _metadata.pop(provider.url, None)  # its keys may be new ones
        return jwt.decode(token, _discover(provider).keys, algorithms=ALGORITHMS)


def _discover(provider: Provider) -> Metadata:
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    if not provider.url:
        raise ProviderUnavailable
    kept = _metadata.get(provider.url)
    if kept is not None and time.monotonic() - kept[0] < METADATA_SECONDS:
        return kept[1]
    found = _json(_get(f"{provider.url.rstrip('/')}/.well-known/openid-configuration"))
    if found.get("issuer") != provider.url.rstrip("/"):
        _refuse("another issuer in discovery")
    try:
        metadata = Metadata(
            issuer=found["issuer"],
            authorization=found["authorization_endpoint"],
            token=found["token_endpoint"],
            userinfo=found["userinfo_endpoint"],
            keys=KeySet.import_key_set(_json(_get(found["jwks_uri"]))),  # type: ignore[arg-type]  # checked by joserfc
        )
    except (JoseError, KeyError, ValueError) as error:
        raise _unavailable(error) from error
    _metadata[provider.url] = (time.monotonic(), metadata)
    return metadata


def warm_up() -> None:
    """Load the library, so that the first sign-in of a process is not slower."""
    import joserfc.jwk
    import joserfc.jwt  # noqa: F401 - loading them is the work


def forget_metadata() -> None:
    """Read discovery and keys anew at the next sign-in."""
    _metadata.clear()


@contextmanager
def _asking(method: str, url: str) -> Iterator[None]:
    """Ask the provider, among the few who may at once; whoever finds no place hears it soon.

    Without it a provider that answers after seconds would take every thread, and pages that have
    nothing to do with it would wait too.
    """
    if not _places.acquire(timeout=PATIENCE_SECONDS):
        raise _unavailable(None)
    try:
        with tracing.call(method, urlsplit(url).hostname):
            yield
    except requests.RequestException as error:
        raise _unavailable(error) from error
    finally:
        _places.release()


def _get(url: str, headers: dict[str, str] | None = None) -> requests.Response:
    with _asking("GET", url):
        return requests.get(url, headers=headers, timeout=TIMEOUT, allow_redirects=False)


def _json(response: requests.Response) -> dict[str, Any]:
    try:
        response.raise_for_status()
        body = response.json()
    except requests.RequestException as error:
        raise _unavailable(error) from error
    if response.status_code != requests.codes.ok or not isinstance(body, dict):
        raise _unavailable(None)
    return body


def _unavailable(error: Exception | None) -> ProviderUnavailable:
    _log.warning("national_identity.unavailable", error=type(error).__name__)
    return ProviderUnavailable()


def _refuse(why: str) -> NoReturn:
    """Refuse the answer; the log says why, people read that it could not be verified."""
    _log.warning("national_identity.refused", why=why)
    raise AnswerRefused
