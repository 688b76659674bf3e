"""Values that identity hands out and takes in."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sen.base.actor import Strength


class Named(NamedTuple):
    """Somebody as a number, a name and a date of birth name them, whether or not Sen keeps them."""

    national_number: str
    full_name: str
    birth_date: dt.date | None = None

    @property
    def key(self) -> str:
        """The same for the same person named in the same way."""
        born = self.birth_date.isoformat() if self.birth_date else ""
        return f"{self.national_number} {born} {self.full_name}"


class Step(enum.StrEnum):
    """What a person at the door still has to do before the sign-in is complete."""

    CODE = "code"
    CHANGE_PASSWORD = "change_password"  # noqa: S105 - the name of a step
    ENROL = "enrol"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A sign-in under way: the password was right, steps are left.

    since: when the password was given; it is good for ten minutes.
    """

    account: UUID
    since: dt.datetime
    step: Step
    strength: Strength = Strength.PASSWORD


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMapping:
    """Under which names an identity provider hands out what Sen needs, and its level names."""

    subject: str
    national_number: str
    full_name: str
    birth_date: str
    sex: str
    phone: str
    email: str
    levels: tuple[tuple[str, Strength], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedIdentity:
    """A person as the national identity vouches for: signature, nonce and audience are checked."""

    issuer: str
    subject: str
    national_number: str
    full_name: str
    birth_date: dt.date | None
    sex: str
    phone: str
    email: str
    strength: Strength


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a request comes from: network address and the browser's own description."""

    address: str | None = None
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TotpCode:
    """A one-time code and the seconds until it is no longer shown.

    is_used: it was taken already; the next one comes when the seconds are over.
    """

    code: str
    seconds_left: int
    is_used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What is known of a person. national_number: twelve digits or empty. area: of residence."""

    full_name: str
    national_number: str = ""
    birth_date: dt.date | None = None
    sex: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    area: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What an authenticator needs: the secret to type, or the address to show as a QR code."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A key that a device keeps for signing in, as its owner knows it."""

    id: int
    name: str
    created_at: dt.datetime
    last_used_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactors:
    """What an account has beside its password.

    app_since: since when an authenticator app gives its codes, None if none does. codes_left:
    recovery codes not used yet, None if none were made.
    """

    app_since: dt.datetime | None
    passkeys: tuple[Passkey, ...]
    codes_left: int | None
