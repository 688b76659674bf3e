"""The door of the audit trail: record, read, keep old values, seal."""

from __future__ import annotations

from sen.kernel.audit.data import Change, Entry, InclusionProof, Subject, VerifyReport
from sen.kernel.audit.queries import revisions, trail
from sen.kernel.audit.rules import check_proof, proof_from_json, proof_to_json
from sen.kernel.audit.services import erase_revisions, prove, record, revise, seal, verify

__all__ = [
    "Change", "Entry", "InclusionProof", "Subject", "VerifyReport", "check_proof",
    "erase_revisions", "proof_from_json", "proof_to_json", "prove", "record", "revise",
    "revisions", "seal", "trail", "verify",
]  # fmt: skip
