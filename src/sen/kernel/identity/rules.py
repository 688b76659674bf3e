"""The law and the arithmetic of identity: one-time codes, session limits, claims."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import re
import struct
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote, urlencode

from sen.base.actor import Strength
from sen.base.identifiers import NationalNumber
from sen.base.vietnamese import nfc
from sen.kernel.identity.data import ClaimMapping, Step, TotpCode, VerifiedIdentity

IDLE_OFFICIAL = dt.timedelta(minutes=15)
IDLE_CITIZEN = dt.timedelta(minutes=30)
ABSOLUTE = dt.timedelta(hours=12)
PENDING = dt.timedelta(minutes=10)
"""How long a right password waits for the second factor."""
IDLE_ACCOUNT = dt.timedelta(days=45)
"""Nguồn: TCVN 14423:2026, 5.6 (hệ thống cấp độ 3); an account unused so long is disabled."""

RECENT = dt.timedelta(minutes=10)
"""How fresh a sign-in must be for whoever changes what the account signs in with."""
CHALLENGE = dt.timedelta(minutes=5)
"""How long a browser may take to answer for a passkey."""
MOST_PASSKEYS = 10

RECOVERY_CODES = 10
RECOVERY_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Those that nobody takes for another on paper; a code of ten has 50 random bits."""
RECOVERY_LENGTH = 10

LONGEST_TOKEN = dt.timedelta(days=366)
"""No bearer token lives longer."""

TOTP_SECONDS = 30
TOTP_DIGITS = 6
TOTP_TOLERANCE = 1
"""Time steps before and after the present one whose codes are taken, for clocks that differ."""

NATIONAL_IDENTITY_CLAIMS = ClaimMapping(
    subject="sub",
    national_number="SoDinhDanh",
    full_name="HoVaTen",
    birth_date="NgaySinh",
    sex="GioiTinh",
    phone="SoDienThoai",
    email="ThuDienTu",
    levels=(("LoA1", Strength.LEVEL_1), ("LoA2", Strength.LEVEL_2)),
)
"""Claim names as provincial portals use them. Nguồn: chưa xác nhận (tài liệu kết nối trực tiếp,
công văn 2116/TCTTKĐA06-QLHC, không công khai); sửa tại đây khi có văn bản chính thức."""


class Dated(Protocol):
    """Something that holds from a day until a day, both included."""

    valid_from: dt.date
    valid_to: dt.date | None


def holds_on(row: Dated, day: dt.date) -> bool:
    """Tell whether a dated row holds on a day."""
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)


class ClaimsRefused(Exception):
    """The provider's claims do not describe a person that Sen can recognise."""


def totp_counter(at: dt.datetime) -> int:
    """Return the number of the time step of a moment. Nguồn: RFC 6238, mục 4."""
    return int(at.timestamp()) // TOTP_SECONDS


def totp_code(secret: str, counter: int) -> str:
    """Return the one-time code of a base32 secret in a time step. Nguồn: RFC 4226, mục 5.3."""
    key = base64.b32decode(secret, casefold=True)
    digest = hmac.new(key, struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFF_FFFF
    return f"{number % 10**TOTP_DIGITS:0{TOTP_DIGITS}}"


def totp_address(secret: str, *, account: str, issuer: str) -> str:
    """Return the address that authenticators read from a QR code."""
    query = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{query}"


def matching_counter(secret: str, code: str, at: dt.datetime, *, used: int) -> int | None:
    """Return the time step whose code was typed, None if it is wrong, too old or used before.

    used: the latest time step whose code was taken; it and all before it count no more.
    """
    typed = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", typed):
        return None
    present = totp_counter(at)
    for counter in range(present - TOTP_TOLERANCE, present + TOTP_TOLERANCE + 1):
        if hmac.compare_digest(totp_code(secret, counter), typed) and counter > used:
            return counter
    return None


def shown_code(secret: str, at: dt.datetime, *, used: int) -> TotpCode:
    """Return the first code from now on that is not used up, and until when it can be typed.

    used: the latest time step whose code was taken.
    """
    present = totp_counter(at)
    counter = min(max(present, used + 1), present + TOTP_TOLERANCE)
    return TotpCode(
        code=totp_code(secret, counter),
        seconds_left=(counter + (counter > used)) * TOTP_SECONDS - int(at.timestamp()),
        is_used=counter <= used,
    )


def recovery_letters(typed: str) -> str:
    """Return a recovery code as it is digested: without case, spaces and hyphens."""
    return re.sub(r"[\s\u2010-\u2015-]", "", typed).lower()


def is_recent(signed_in_at: dt.datetime, at: dt.datetime) -> bool:
    """Tell whether a sign-in is fresh enough to change what the account signs in with."""
    return at - signed_in_at <= RECENT


def is_counted_on(kept: int, given: int) -> bool:
    """Tell whether a device's count of signatures went on since the last one.

    A count that did not go on means that the key was copied; a device that counts none says 0.
    Nguồn: W3C Web Authentication Level 2, mục 6.1.1.
    """
    return given > kept or given == kept == 0


def next_step(
    *, has_second_factor: bool, second_factor_given: bool, must_change_password: bool
) -> Step | None:
    """Return what an official still has to do after the password, None when signed in.

    Whoever has a second factor proves it before anything is changed; whoever has none sets a new
    password if asked to and then enrols: nothing else opens before.
    """
    if has_second_factor and not second_factor_given:
        return Step.CODE
    if must_change_password:
        return Step.CHANGE_PASSWORD
    return None if second_factor_given else Step.ENROL


def is_session_over(
    *, is_official: bool, last_seen_at: dt.datetime, expires_at: dt.datetime, at: dt.datetime
) -> bool:
    """Tell whether a session ended by idleness or by its absolute end."""
    idle = IDLE_OFFICIAL if is_official else IDLE_CITIZEN
    return at >= expires_at or at - last_seen_at >= idle


def read_claims(
    claims: Mapping[str, object], *, issuer: str, mapping: ClaimMapping
) -> VerifiedIdentity:
    """Return the person whom verified claims describe.

    Raises ClaimsRefused if the number is missing or disagrees with birth date or sex, or if the
    level of assurance is not one that Sen knows.
    """

    def text(name: str) -> str:
        value = claims.get(name)
        return nfc(str(value)) if value is not None else ""

    birth_date = _birth_date(text(mapping.birth_date))
    sex = {"nam": "male", "nữ": "female"}.get(text(mapping.sex).lower(), "")
    try:
        number = NationalNumber.parse(text(mapping.national_number))
    except ValueError as error:
        raise ClaimsRefused("no national number") from error
    if not number.fits(
        birth_year=birth_date.year if birth_date else None,
        is_male=sex == "male" if sex else None,
    ):
        raise ClaimsRefused("the number does not fit the person")
    strength = dict(mapping.levels).get(text("acr"))
    if strength is None:
        raise ClaimsRefused("unknown level of assurance")
    subject, full_name = text(mapping.subject), text(mapping.full_name)
    if not subject or not full_name:
        raise ClaimsRefused("no subject or no name")
    return VerifiedIdentity(
        issuer=issuer,
        subject=subject,
        national_number=number.digits,
        full_name=full_name,
        birth_date=birth_date,
        sex=sex,
        phone=text(mapping.phone),
        email=text(mapping.email),
        strength=strength,
    )


def _birth_date(text: str) -> dt.date | None:
    """Read 21/11/1990 or 1990-11-21; None if there is no full date."""
    slashed = re.fullmatch(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", text)
    try:
        if slashed:
            return dt.date(int(slashed[3]), int(slashed[2]), int(slashed[1]))
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
