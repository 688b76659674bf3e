"""Checking signatures: what the bytes show, held against trusted roots and the register."""

from __future__ import annotations

import datetime as dt

from sen.kernel.signing import queries, rules
from sen.kernel.signing.data import Report


def verify(data: bytes, *, at: dt.datetime) -> Report:
    """Check every signature of a PDF at a moment; never valid when anything is unsure.

    Times are those that the signers claim: no time stamps are asked for yet, and the report says
    so. Withdrawal is known for certificates of the local authority; for others it is unchecked and
    the verdict is unknown. Two statements.
    """
    from sen.kernel.signing.adapters import pdf  # heavy: see there

    try:
        facts = pdf.verification.examine(data, queries.trusted_roots(at))
    except pdf.verification.Unreadable:
        return rules.unreadable(at)
    withdrawn = queries.revocations({one.fingerprint for one in facts}) if facts else {}
    return rules.judge_file(
        facts,
        revocations={
            one.fingerprint: rules.revocation_of(
                withdrawn.get(one.fingerprint),
                one.signed_at,
                is_known=one.fingerprint in withdrawn,
            )
            for one in facts
        },
        at=at,
    )
