"""What the stand-in remembers for a few minutes: codes and access tokens, each good once or short.

Everything is in memory and gone with the process.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
import time
from dataclasses import dataclass

from joserfc import jwt
from joserfc.jwk import ECKey, KeyParameters

from simulators.national_identity.people import Invented

CODE_SECONDS = 60
TOKEN_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A consent: who, at which level, for which request, with which planted fault."""

    person: Invented
    level: str
    redirect_uri: str
    nonce: str
    challenge: str
    fault: str
    made_at: float


class Grants:
    """Codes and tokens under one lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._codes: dict[str, Grant] = {}
        self._tokens: dict[str, Grant] = {}

    def keep(self, grant: Grant) -> str:
        """Return the code of a new consent; old ones are forgotten on the way."""
        code, now = secrets.token_urlsafe(24), time.monotonic()
        with self._lock:
            self._codes = {
                key: one for key, one in self._codes.items() if now - one.made_at < CODE_SECONDS
            }
            self._codes[code] = grant
        return code

    def redeem(self, code: str, *, redirect_uri: str, verifier: str) -> tuple[str, Grant] | None:
        """Return an access token and the consent; a code is good once, with its verifier."""
        with self._lock:
            grant = self._codes.pop(code, None)
            if grant is None or not self._fits(grant, redirect_uri, verifier):
                return None
            token = secrets.token_urlsafe(24)
            self._tokens[token] = grant
        return token, grant

    def _fits(self, grant: Grant, redirect_uri: str, verifier: str) -> bool:
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return (
            time.monotonic() - grant.made_at < CODE_SECONDS
            and grant.fault != "expired_code"
            and grant.redirect_uri == redirect_uri
            and hmac.compare_digest(grant.challenge, challenge)
        )

    def of_token(self, token: str) -> Grant | None:
        """Return the consent of an access token."""
        with self._lock:
            grant = self._tokens.get(token)
        if grant is None or time.monotonic() - grant.made_at > TOKEN_SECONDS:
            return None
        return grant


def claims(person: Invented) -> dict[str, str]:
    """Return what the provider says about somebody, under the names that portals report."""
    return {
        "sub": person.sub,
        "SoDinhDanh": person.national_number,
        "HoVaTen": person.full_name,
        "NgaySinh": person.birth_date,
        "GioiTinh": person.sex,
        "SoDienThoai": person.phone,
        "ThuDienTu": person.email,
        "LoaiTaiKhoan": "1",
    }


class Issuer:
    """Signs ID tokens with a P-256 key made at start; a second key signs wrongly on request."""

    def __init__(self) -> None:
        parameters: KeyParameters = {"use": "sig", "alg": "ES256", "kid": "mo-phong-1"}
        self._key = ECKey.generate_key("P-256", parameters)
        self._wrong = ECKey.generate_key("P-256", parameters)

    def keys(self) -> dict[str, object]:
        """Return the public key set."""
        return {"keys": [self._key.as_dict(private=False)]}

    def id_token(self, grant: Grant, *, issuer: str, client: str, at: int) -> str:
        """Return the ID token of a consent, spoilt where a fault was asked for."""
        body = {
            **claims(grant.person),
            "iss": issuer,
            "aud": "another-client" if grant.fault == "wrong_audience" else client,
            "iat": at,
            "exp": at + TOKEN_SECONDS,
            "auth_time": at,
            "nonce": "another-nonce" if grant.fault == "wrong_nonce" else grant.nonce,
            "acr": "LoA0" if grant.fault == "unknown_level" else grant.level,
        }
        if grant.fault == "no_number":
            del body["SoDinhDanh"]
        key = self._wrong if grant.fault == "wrong_signature" else self._key
        return jwt.encode({"alg": "ES256", "kid": "mo-phong-1"}, body, key)
