"""Values that cross the door of signing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sen.kernel.signing.choices import (
    Coverage,
    Finding,
    HolderKind,
    Modification,
    Revocation,
    TimeSource,
    Trust,
    Verdict,
)

LEADER_FIELD = "NguoiKy"
"""The field of the person with authority ("người có thẩm quyền")."""
SEAL_FIELD = "CoQuan"
"""The field of the organisation's signature, drawn as its seal."""
SIGNED_FILES = "signing.request"
"""The kind of record that signed files belong to until whoever asked for them takes them over."""


class NotPrepared(ValueError):
    """The file is not one that can be signed so; the text says why, in English, for the log."""


@dataclass(frozen=True, slots=True)
class SignerRef:
    """Whose key is to sign: a person's (person id) or a unit's (unit id)."""

    kind: HolderKind
    id: UUID


@dataclass(frozen=True, slots=True)
class DocumentToSign:
    """One prepared file and what happens to it in one revision.

    file: a stored PDF whose fields were made by `prepare`. fill: prepared digit fields written
    before signing ("so", "ngay", "thang"). field: the signature field to sign. lock_fields: digit
    fields locked beside those the prepared field locks by itself.
    """

    file: UUID
    fill: Mapping[str, str] = field(default_factory=dict)
    field: str = LEADER_FIELD
    lock_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureFacts:
    """What the bytes of one signature show, before anything is judged.

    fingerprint: SHA-256 of the signer's certificate. valid_from, valid_to: its dates. trust: where
    its chain leads, dates aside. is_canonical: the container holds the signature and zeros only,
    written in one way.
    """

    field: str
    signer_name: str
    organisation: str
    fingerprint: bytes
    signed_at: dt.datetime | None
    valid_from: dt.datetime
    valid_to: dt.datetime
    is_intact: bool
    is_genuine: bool
    is_canonical: bool
    trust: Trust
    coverage: Coverage
    modification: Modification
    algorithm: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureReport:
    """One signature, judged.

    intact: the signed bytes are unchanged. covers_whole: nothing at all follows what it signed.
    findings: why the verdict is not better, and what limits it.
    """

    field: str
    signer_name: str
    organisation: str
    signed_at: dt.datetime | None
    time_source: TimeSource
    trust: Trust
    revocation: Revocation
    intact: bool
    covers_whole: bool
    coverage: Coverage
    modification: Modification
    verdict: Verdict
    findings: tuple[Finding, ...]
    algorithm: str = ""

    @property
    def messages(self) -> tuple[str, ...]:
        """The findings in the reader's language."""
        return tuple(str(finding.label) for finding in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a check of a file's signatures came to, at one moment."""

    verdict: Verdict
    signatures: tuple[SignatureReport, ...]
    findings: tuple[Finding, ...]
    checked_at: dt.datetime

    @property
    def messages(self) -> tuple[str, ...]:
        """The findings on the whole file in the reader's language."""
        return tuple(str(finding.label) for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who stands in a certificate: the name, and the organisation it belongs to."""

    kind: HolderKind
    name: str
    organisation: str
