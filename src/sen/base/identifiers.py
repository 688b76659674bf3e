"""Identifiers: made here (UUIDv7, one-time codes) and checked here (national number, codes)."""

from __future__ import annotations

import base64
import datetime as dt
import os
import re
import secrets
import threading
import time
from dataclasses import dataclass
from random import Random
from uuid import UUID

_last = threading.local()


def new_id() -> UUID:
    """Return a new UUID version 7: milliseconds since 1970, then 74 random bits.

    Ids made by one thread in one millisecond stay in order: the twelve bits after the version are
    the fraction of the millisecond. Nguồn: RFC 9562, mục 5.7 và 6.2, phương pháp 3.
    """
    nanoseconds = time.time_ns()
    last: int = getattr(_last, "tick", 0)
    tick = max(
        (nanoseconds // 1_000_000 << 12) | (nanoseconds % 1_000_000 * 4096 // 1_000_000), last + 1
    )
    _last.tick = tick
    random = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    return UUID(int=(tick >> 12) << 80 | 0x7 << 76 | (tick & 0xFFF) << 64 | 0b10 << 62 | random)


class PastIds:
    """Makes ids of moments that are past, for what is laid down as if it had been written then.

    Ids of one maker are in the order in which they were asked for, however close their moments
    are; `random` gives the rest, so that the same seed makes the same ids.
    """

    __slots__ = ("_last", "_random")

    def __init__(self, random: Random) -> None:
        self._random = random
        self._last = 0

    def __call__(self, at: dt.datetime) -> UUID:
        """Return the next id, of this moment or just after the one before."""
        tick = max(int(at.timestamp() * 1000) << 12, self._last + 1)
        self._last = tick
        rest = self._random.getrandbits(62)
        return UUID(int=(tick >> 12) << 80 | 0x7 << 76 | (tick & 0xFFF) << 64 | 0b10 << 62 | rest)


def id_floor(at: dt.datetime) -> UUID:
    """Return the smallest UUID that an id made at `at` can have; cuts partitions and pages."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def made_at(value: UUID) -> dt.datetime:
    """Return when an id was made, to the millisecond."""
    return dt.datetime.fromtimestamp((value.int >> 80) / 1000, tz=dt.UTC)


def to_base32(value: UUID) -> str:
    """Return the id as 26 lower-case base32 letters, as it stands in addresses."""
    return base64.b32encode(value.bytes).decode().rstrip("=").lower()


def from_base32(text: str) -> UUID:
    """Return the id written by `to_base32`. Raises ValueError for anything else."""
    if not re.fullmatch(r"[a-z2-7]{26}", text):
        raise ValueError("not an id in base32")
    return UUID(bytes=base64.b32decode(text.upper() + "======"))


def new_secret() -> str:
    """Return 128 random bits as 26 lower-case base32 letters, for links that are their own key."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


@dataclass(frozen=True, slots=True)
class NationalNumber:
    """A personal identification number ("số định danh cá nhân"), twelve digits.

    Three digits of the place of birth registration, one of century and sex, two of the birth year,
    six at random; there is no check digit. Nguồn: Nghị định 137/2015/NĐ-CP, Điều 13.
    """

    digits: str

    @classmethod
    def parse(cls, text: str) -> NationalNumber:
        """Read a number, spaces and dots allowed. Raises ValueError unless it has twelve digits."""
        digits = re.sub(r"[\s.]", "", text)
        if not re.fullmatch(r"[0-9]{12}", digits):
            raise ValueError("a national number has twelve digits")
        return cls(digits)

    @property
    def is_male(self) -> bool:
        return int(self.digits[3]) % 2 == 0

    @property
    def birth_year(self) -> int:
        return 1900 + int(self.digits[3]) // 2 * 100 + int(self.digits[4:6])

    def fits(self, *, birth_year: int | None = None, is_male: bool | None = None) -> bool:
        """Tell whether the number agrees with a birth year and a sex, as far as they are known."""
        return (birth_year is None or birth_year == self.birth_year) and (
            is_male is None or is_male == self.is_male
        )


_AGENCY_CODE_LENGTH = 35
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def is_tax_code(text: str) -> bool:
    """Tell whether the text is a tax code: ten digits with a check digit, and perhaps -001…-999."""
    matched = re.fullmatch(r"([0-9]{10})(?:-?([0-9]{3}))?", text)
    if not matched or matched[2] == "000":
        return False
    digits = [int(digit) for digit in matched[1]]
    check = 10 - sum(w * d for w, d in zip(_TAX_WEIGHTS, digits[:9], strict=True)) % 11
    return check == digits[9]


def is_agency_code(text: str) -> bool:
    """Tell whether the text is an electronic agency code such as H41 or H41.9.12.

    Nguồn: Quyết định 20/2020/QĐ-TTg; at most 35 characters.
    """
    return (
        len(text) <= _AGENCY_CODE_LENGTH
        and re.fullmatch(r"[A-Z][0-9]{2}(\.[0-9]{1,4}){0,6}", text) is not None
    )
