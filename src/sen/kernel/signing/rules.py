"""How a signature is judged: pure functions that never say valid when unsure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sen.kernel.signing.choices import (
    Coverage,
    Finding,
    Modification,
    Revocation,
    TimeSource,
    Trust,
    Verdict,
)
from sen.kernel.signing.data import Report, SignatureFacts, SignatureReport

CLOCKS_MAY_DIFFER = dt.timedelta(minutes=5)
"""How far a signer's clock may be ahead of ours before its time is doubted."""

_INVALID = frozenset(
    {
        Finding.BROKEN,
        Finding.NOT_GENUINE,
        Finding.CONTAINER,
        Finding.FORBIDDEN_CHANGE,
        Finding.NOT_YET_VALID,
        Finding.EXPIRED_AT_SIGNING,
        Finding.UNSUITED,
        Finding.REVOKED,
        Finding.UNREADABLE,
    }
)
_REMARKS = frozenset({Finding.CLAIMED_TIME})
_BY_TRUST = {
    Trust.UNTRUSTED: Finding.UNTRUSTED,
    Trust.NOT_YET_VALID: Finding.NOT_YET_VALID,
    Trust.EXPIRED_AT_SIGNING: Finding.EXPIRED_AT_SIGNING,
    Trust.EXPIRED_SINCE: Finding.EXPIRED_SINCE,
    Trust.UNSUITED: Finding.UNSUITED,
}
_BY_REVOCATION = {
    Revocation.REVOKED: Finding.REVOKED,
    Revocation.REVOKED_SINCE: Finding.REVOKED_SINCE,
    Revocation.UNCHECKED: Finding.REVOCATION_UNCHECKED,
}


def verdict_of(findings: Sequence[Finding]) -> Verdict:
    """Return the verdict that findings lead to: any doubt is UNKNOWN, any breach INVALID."""
    if any(finding in _INVALID for finding in findings):
        return Verdict.INVALID
    if any(finding not in _REMARKS for finding in findings):
        return Verdict.UNKNOWN
    return Verdict.VALID


def revocation_of(
    revoked_at: dt.datetime | None, signed_at: dt.datetime | None, *, is_known: bool
) -> Revocation:
    """Return what the register of certificates says of one signature.

    is_known: the certificate stands in the register of the authority that answers for it. A
    signature that names no time counts as made after the withdrawal.
    """
    if not is_known:
        return Revocation.UNCHECKED
    if revoked_at is None:
        return Revocation.GOOD
    if signed_at is None or signed_at >= revoked_at:
        return Revocation.REVOKED
    return Revocation.REVOKED_SINCE


def trust_of(facts: SignatureFacts, at: dt.datetime) -> Trust:
    """Return the trust in a signature: where its chain leads, then when its certificate held.

    A signature without time counts as made at the moment of the check.
    """
    if facts.trust is not Trust.TRUSTED:
        return facts.trust
    signed_at = facts.signed_at or at
    if signed_at < facts.valid_from:
        return Trust.NOT_YET_VALID
    if signed_at > facts.valid_to:
        return Trust.EXPIRED_AT_SIGNING
    return Trust.EXPIRED_SINCE if at > facts.valid_to else Trust.TRUSTED


def judge_signature(
    facts: SignatureFacts, *, revocation: Revocation, at: dt.datetime
) -> SignatureReport:
    """Judge one signature from what its bytes show and what is known of its certificate."""
    findings = [*_findings_in_bytes(facts), *_findings_on_time(facts, at)]
    trust = trust_of(facts, at)
    if trust in _BY_TRUST:
        findings.append(_BY_TRUST[trust])
    if revocation in _BY_REVOCATION:
        findings.append(_BY_REVOCATION[revocation])
    return SignatureReport(
        field=facts.field,
        signer_name=facts.signer_name,
        organisation=facts.organisation,
        signed_at=facts.signed_at,
        time_source=TimeSource.MISSING if facts.signed_at is None else TimeSource.CLAIMED,
        trust=trust,
        revocation=revocation,
        intact=facts.is_intact,
        covers_whole=facts.coverage is Coverage.WHOLE,
        coverage=facts.coverage,
        modification=facts.modification,
        verdict=verdict_of(findings),
        findings=tuple(findings),
        algorithm=facts.algorithm,
    )


def _findings_in_bytes(facts: SignatureFacts) -> list[Finding]:
    found = {
        Finding.BROKEN: not facts.is_intact,
        Finding.NOT_GENUINE: facts.is_intact and not facts.is_genuine,
        Finding.CONTAINER: not facts.is_canonical,
        Finding.PARTIAL: facts.coverage is Coverage.PARTIAL,
        Finding.FORBIDDEN_CHANGE: facts.modification is Modification.FORBIDDEN,
    }
    return [finding for finding, is_so in found.items() if is_so]


def _findings_on_time(facts: SignatureFacts, at: dt.datetime) -> list[Finding]:
    if facts.signed_at is None:
        return [Finding.NO_TIME]
    if facts.signed_at > at + CLOCKS_MAY_DIFFER:
        return [Finding.FUTURE]
    return [Finding.CLAIMED_TIME]


def judge_file(
    facts: Sequence[SignatureFacts],
    *,
    revocations: Mapping[bytes, Revocation],
    at: dt.datetime,
) -> Report:
    """Judge a file: valid only if each signature is, and the last one covers every byte.

    revocations: by the fingerprint of the signer's certificate; one that is not there is
    unchecked. Facts stand in the order of signing.
    """
    signatures = tuple(
        judge_signature(
            one, revocation=revocations.get(one.fingerprint, Revocation.UNCHECKED), at=at
        )
        for one in facts
    )
    findings: list[Finding] = []
    if not signatures:
        findings.append(Finding.NO_SIGNATURE)
    elif not signatures[-1].covers_whole:
        findings.append(Finding.UNPROTECTED_TAIL)
    verdicts = {verdict_of(findings), *(signature.verdict for signature in signatures)}
    worst = next(v for v in (Verdict.INVALID, Verdict.UNKNOWN, Verdict.VALID) if v in verdicts)
    return Report(verdict=worst, signatures=signatures, findings=tuple(findings), checked_at=at)


def unreadable(at: dt.datetime) -> Report:
    """Return the report on bytes that are no PDF, or no longer one."""
    return Report(
        verdict=Verdict.INVALID, signatures=(), findings=(Finding.UNREADABLE,), checked_at=at
    )
