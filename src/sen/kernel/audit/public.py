"""The door of the audit trail: record, read, keep old values, seal."""

from __future__ import annotations

from sen.kernel.audit.data import Change, Entry, InclusionProof, Subject, VerifyReport
from sen.kernel.audit.queries import count_unsealed, find, revisions, trail
from sen.kernel.audit.rules import check_proof, proof_from_json, proof_to_json
from sen.kernel.audit.services import (
    erase_revisions,
    past,
    prove,
    record,
    record_once,
    revise,
    seal,
    verify,
)

__all__ = [
    "Change", "Entry", "InclusionProof", "Subject", "VerifyReport", "check_proof", "count_unsealed",
    "erase_revisions", "find", "past", "proof_from_json", "proof_to_json", "prove", "record",
    "record_once", "revise", "revisions", "seal", "trail", "verify",
]  # fmt: skip
