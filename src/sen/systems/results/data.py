"""Values that cross the door of this system."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sen.kernel.signing.public import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class NewResult:
    """A result to keep.

    key: 128 bits in base32, the address in its QR code. result_type: the national code of the kind
    of result, such as KQ.G15.000031. source_kind, source, source_code: the record it came of.
    file, sha256: the sealed paper and the digest of its bytes, in hexadecimal.
    holders: the persons it belongs to. data: the facts on it that the next filing may use, each
    under the key by which prefill asks.
    """

    key: str
    result_type: str
    title: str
    number: str
    issued_on: dt.date
    unit: UUID
    source_kind: str
    source: UUID
    source_code: str
    file: UUID
    sha256: str
    holders: tuple[UUID, ...]
    data: Mapping[str, str] = field(default_factory=dict)
    valid_to: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptResult:
    """A result as its holder and the next filing see it."""

    key: str
    result_type: str
    title: str
    number: str
    issued_on: dt.date
    unit: UUID
    state: str
    file: UUID
    valid_to: dt.date | None
    source_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What anybody may know of a paper: whether it is ours and whole, and what it is.

    result: None where no kept result matches. report: on the signatures of the bytes examined.
    """

    verdict: str
    result: KeptResult | None
    unit_name: str
    report: Report | None
