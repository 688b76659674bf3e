"""The door of the audit trail: record, read, keep old values, seal."""

from __future__ import annotations

from sen.kernel.audit.data import Change, Entry, InclusionProof, Subject, VerifyReport
from sen.kernel.audit.queries import revisions, trail
from sen.kernel.audit.rules import check_proof
from sen.kernel.audit.services import erase_revisions, record, revise, seal

__all__ = [
    "Change", "Entry", "InclusionProof", "Subject", "VerifyReport", "check_proof",
    "erase_revisions", "record", "revise", "revisions", "seal", "trail",
]  # fmt: skip
