"""The door of the audit trail: record, read, keep old values, seal."""

from __future__ import annotations

from sen.kernel.audit.data import Change, Entry, InclusionProof, Subject, VerifyReport
from sen.kernel.audit.models import AuditEntry, PendingEntry
from sen.kernel.audit.queries import count_unsealed, find, revisions, trail, unsealed
from sen.kernel.audit.rules import check_proof, leaf_hash, proof_from_json, proof_to_json
from sen.kernel.audit.services import (
    PastSeals,
    erase_revisions,
    line_of,
    past,
    prove,
    record,
    record_once,
    revise,
    seal,
    verify,
)

__all__ = [
    "AuditEntry", "Change", "Entry", "InclusionProof", "PastSeals", "PendingEntry", "Subject",
    "VerifyReport", "check_proof", "count_unsealed", "erase_revisions", "find", "leaf_hash",
    "line_of", "past", "proof_from_json", "proof_to_json", "prove", "record",
    "record_once", "revise", "revisions", "seal", "trail", "unsealed",
    "verify",
]  # fmt: skip
