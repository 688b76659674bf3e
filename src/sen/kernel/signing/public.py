"""The door of signing: prepare, request, verify, certificates."""

from __future__ import annotations

from sen.kernel.signing.choices import (
    Coverage,
    Finding,
    HolderKind,
    Modification,
    RequestState,
    Revocation,
    TimeSource,
    Trust,
    Verdict,
)
from sen.kernel.signing.data import (
    LEADER_FIELD,
    SEAL_FIELD,
    SIGNED_FILES,
    DocumentToSign,
    NotPrepared,
    Report,
    SignatureReport,
    SignerRef,
)
from sen.kernel.signing.events import SigningCompleted
from sen.kernel.signing.models import Authority, Certificate, SignatureRequest, TrustRoot
from sen.kernel.signing.permissions import MANAGE_CERTIFICATES, USE_SEAL
from sen.kernel.signing.queries import (
    certificates,
    may_read_file,
    requests_of,
    signature_request,
    waiting,
)
from sen.kernel.signing.services.certificates import (
    able_to_sign,
    ensure_authority,
    ensure_certificate,
    revoke_certificate,
    trust_root,
)
from sen.kernel.signing.services.checking import verify
from sen.kernel.signing.services.preparing import prepare, warm_up
from sen.kernel.signing.services.requests import (
    CannotSign,
    Made,
    NoCertificate,
    cancel,
    fulfil,
    key_at_hand,
    record_made,
    request,
    sign_now,
    sweep,
)

__all__ = [
    "LEADER_FIELD", "MANAGE_CERTIFICATES", "SEAL_FIELD", "SIGNED_FILES", "USE_SEAL", "Authority",
    "CannotSign", "Certificate", "Coverage", "DocumentToSign", "Finding", "HolderKind", "Made",
    "Modification",
    "NoCertificate", "NotPrepared", "Report", "RequestState", "Revocation", "SignatureReport",
    "SignatureRequest", "SignerRef", "SigningCompleted", "TimeSource", "Trust", "TrustRoot",
    "Verdict", "able_to_sign", "cancel", "certificates", "ensure_authority", "ensure_certificate",
    "fulfil",
    "key_at_hand", "may_read_file", "prepare", "record_made", "request", "requests_of",
    "revoke_certificate", "sign_now", "signature_request", "sweep", "trust_root", "verify",
    "waiting", "warm_up",
]  # fmt: skip
