"""Passkeys (WebAuthn): what a browser is asked and what its answer proves; the protocol, no more.

A key belongs to the host of Sen's own address and is taken from that one origin. It must be kept
by the device and unlocked by its owner (finger, face, PIN), so that a key alone is two factors.
fido2 is imported where it is used: a command starts without its 0.3 s.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import structlog
from django.utils.translation import gettext_noop

from sen.base.errors import Invalid

if TYPE_CHECKING:
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestedCredentialData

LONGEST_ANSWER = 16 * 1024
"""Characters of a browser's answer; real ones have some 2,000."""
_MALFORMED = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, RecursionError,
    OverflowError, NotImplementedError, struct.error,
)  # fmt: skip
"""What the library raises for answers that no browser gives."""
_PORTS = {"https": 443, "http": 80}
_log = structlog.get_logger(__name__)


class PasskeyRefused(Invalid):
    """The browser's answer does not hold, or came too late."""

    code = "passkey_refused"
    default = gettext_noop(
        "Khóa đăng nhập chưa được chấp nhận. Vui lòng thử lại hoặc đăng nhập bằng cách khác."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where keys are valid: the host they belong to, the one origin they are taken from."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose key it is, as the device shows it. handle: tells the account at a sign-in by key."""

    handle: bytes
    username: str
    full_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a right answer proves. counter: of the device's signatures, 0 where it counts none.

    credential: the browser's answer as it is kept, in the shape in which allauth keeps it.
    """

    key: bytes
    counter: int
    credential: Mapping[str, Any]


def site(url: str, *, name: str) -> Site:
    """Return the site of Sen's public address."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = "" if parts.port in {None, _PORTS.get(parts.scheme)} else f":{parts.port}"
    return Site(host=host, origin=f"{parts.scheme}://{host}{port}", name=name)


def begin_adding(
    place: Site, *, owner: Owner, kept: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, Any], str]:
    """Return what to ask the browser for a new key, and the challenge to remember.

    kept: the owner's keys so far; a device that holds one of them makes no second.
    """
    from fido2.webauthn import (
        PublicKeyCredentialUserEntity,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options, state = _server(place).register_begin(
        PublicKeyCredentialUserEntity(
            id=owner.handle, name=owner.username, display_name=owner.full_name
        ),
        credentials=[_credential(one) for one in kept],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), state["challenge"]


def begin_giving(place: Site, *, kept: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], str]:
    """Return what to ask the browser for a sign-in, and the challenge to remember.

    kept: the keys that may answer; none of them means any key that the device has for this site.
    """
    from fido2.webauthn import UserVerificationRequirement

    options, state = _server(place).authenticate_begin(
        [_credential(one) for one in kept] or None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), state["challenge"]


def read(answer: str) -> dict[str, Any]:
    """Return a browser's answer as JSON. Raises PasskeyRefused."""
    try:
        found = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise PasskeyRefused
    return found


def handle_of(answer: Mapping[str, Any]) -> str:
    """Return the owner's handle that a key answered with. Raises PasskeyRefused without one."""
    from fido2.utils import websafe_decode

    try:
        return websafe_decode(answer["response"]["userHandle"]).decode()
    except _MALFORMED as error:
        raise PasskeyRefused from error


def finish_adding(place: Site, *, challenge: str, answer: Mapping[str, Any]) -> Proof:
    """Return the new key that the browser made. Raises PasskeyRefused."""
    try:
        made = _server(place).register_complete(_state(challenge), answer)
        key = _credential(answer).credential_id
    except _MALFORMED as error:
        raise _refused("add", error) from error
    return Proof(key=key, counter=made.counter, credential=answer)


def finish_giving(
    place: Site, *, challenge: str, answer: Mapping[str, Any], kept: Sequence[Mapping[str, Any]]
) -> Proof:
    """Return which of the kept keys signed the challenge. Raises PasskeyRefused."""
    from fido2.webauthn import AuthenticationResponse

    credentials = {(one := _credential(each)).credential_id: (one, each) for each in kept}
    try:
        given = AuthenticationResponse.from_dict(answer)
        signed = _server(place).authenticate_complete(
            _state(challenge), [one for one, _each in credentials.values()], given
        )
        counter = given.response.authenticator_data.counter
    except _MALFORMED as error:
        raise _refused("give", error) from error
    key = signed.credential_id
    return Proof(key=key, counter=counter, credential=credentials[key][1])


def _server(place: Site) -> Fido2Server:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    return Fido2Server(
        PublicKeyCredentialRpEntity(id=place.host, name=place.name),
        verify_origin=lambda origin: origin == place.origin,
    )


def _state(challenge: str) -> dict[str, str]:
    return {"challenge": challenge, "user_verification": "required"}


def _credential(kept: Mapping[str, Any]) -> AttestedCredentialData:
    from fido2.webauthn import RegistrationResponse

    made = RegistrationResponse.from_dict(kept).response.attestation_object.auth_data
    return cast("AttestedCredentialData", made.credential_data)  # a key was accepted with it


def _refused(what: str, error: Exception) -> PasskeyRefused:
    """Return the refusal; the log says why, people read that the key was not accepted."""
    _log.warning("passkey.refused", what=what, why=type(error).__name__)
    return PasskeyRefused()
