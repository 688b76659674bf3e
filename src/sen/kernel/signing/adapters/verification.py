"""What the signatures in a PDF show: read by pyHanko, difference analysis on, nothing judged here.

Whatever a hostile or broken file makes the readers raise, the answer is a fact that cannot lead to
"valid"; no certificate, list or time is fetched from outside.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import threading
from collections.abc import Sequence
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from sen.kernel.signing.choices import Coverage, Modification, Trust
from sen.kernel.signing.data import SignatureFacts

_COVERAGE: dict[SignatureCoverageLevel | None, Coverage] = {
    SignatureCoverageLevel.ENTIRE_FILE: Coverage.WHOLE,
    SignatureCoverageLevel.ENTIRE_REVISION: Coverage.REVISION,
}
_MODIFICATION: dict[ModificationLevel | None, Modification] = {
    ModificationLevel.NONE: Modification.NONE,
    ModificationLevel.LTA_UPDATES: Modification.ALLOWED,
    ModificationLevel.FORM_FILLING: Modification.ALLOWED,
}


_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
_MOST_REMEMBERED = 256
_remembering = threading.Lock()
_remembered: dict[tuple[bytes, tuple[bytes, ...]], tuple[SignatureFacts, ...]] = {}


class Unreadable(ValueError):
    """The bytes are no PDF, or no longer one."""


def examine(data: bytes, roots: Sequence[bytes]) -> tuple[SignatureFacts, ...]:
    """Return the facts on each signature of a PDF in the order of signing.

    roots: the trusted certificates, DER. The facts of the files looked at last are remembered: a
    code on a paper is scanned more than once. Raises Unreadable.
    """
    key = hashlib.sha256(data).digest(), tuple(roots)
    facts = _remembered.get(key)
    if facts is None:
        facts = _examine(data, [x509.Certificate.load(root) for root in roots])
        with _remembering:
            _remembered[key] = facts
            while len(_remembered) > _MOST_REMEMBERED:
                del _remembered[next(iter(_remembered))]
    return facts


def _examine(data: bytes, roots: list[x509.Certificate]) -> tuple[SignatureFacts, ...]:
    try:
        signatures = PdfFileReader(io.BytesIO(data)).embedded_regular_signatures
    except Exception as problem:
        raise Unreadable(str(problem)) from problem
    return tuple(_facts(data, signature, roots) for signature in signatures)


def _facts(
    data: bytes, signature: EmbeddedPdfSignature, roots: list[x509.Certificate]
) -> SignatureFacts:
    try:
        return _read_facts(data, signature, roots)
    except Exception:  # noqa: BLE001 - a file that breaks its reader is never valid
        return SignatureFacts(
            field=str(signature.field_name or ""),
            signer_name="",
            organisation="",
            fingerprint=b"",
            signed_at=None,
            valid_from=_NEVER,
            valid_to=_NEVER,
            is_intact=False,
            is_genuine=False,
            is_canonical=False,
            trust=Trust.UNTRUSTED,
            coverage=Coverage.PARTIAL,
            modification=Modification.FORBIDDEN,
        )


def _read_facts(
    data: bytes, signature: EmbeddedPdfSignature, roots: list[x509.Certificate]
) -> SignatureFacts:
    certificate = signature.signer_cert
    signed_at = _aware(signature.self_reported_timestamp)
    context = ValidationContext(
        trust_roots=roots,
        moment=_within(signed_at, certificate),
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    status = validate_pdf_signature(signature, signer_validation_context=context)
    allowed = status.docmdp_ok is not False
    level = _MODIFICATION.get(status.modification_level) if allowed else None
    return SignatureFacts(
        field=str(signature.field_name),
        signer_name=_subject(certificate, "common_name"),
        organisation=_subject(certificate, "organization_name"),
        fingerprint=bytes(certificate.sha256),
        signed_at=signed_at,
        valid_from=certificate.not_valid_before,
        valid_to=certificate.not_valid_after,
        is_intact=bool(status.intact),
        is_genuine=bool(status.valid),
        is_canonical=_is_canonical(data, signature.byte_range),
        trust=_trust(status),
        coverage=_COVERAGE.get(status.coverage, Coverage.PARTIAL),
        modification=level or Modification.FORBIDDEN,
        algorithm=f"{status.md_algorithm} {status.pkcs7_signature_mechanism}",
    )


def _aware(moment: Any) -> dt.datetime | None:
    if not isinstance(moment, dt.datetime):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _within(signed_at: dt.datetime | None, certificate: x509.Certificate) -> dt.datetime:
    """Return when the certificate was in force, as near to the signature as can be.

    So the question who issued it is answered apart from the question when it was used.
    """
    first: dt.datetime = certificate.not_valid_before
    last: dt.datetime = certificate.not_valid_after
    return min(max(signed_at or first, first), last)


def _trust(status: Any) -> Trust:
    if status.trusted:
        return Trust.TRUSTED
    unsuited = status.trust_problem_indic is AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE
    return Trust.UNSUITED if unsuited else Trust.UNTRUSTED


def _subject(certificate: x509.Certificate, part: str) -> str:
    value = certificate.subject.native.get(part, "")
    return value if isinstance(value, str) else ", ".join(value)


def _is_canonical(data: bytes, byte_range: Sequence[int]) -> bool:
    """Tell whether the signed gap holds one DER value, zeros after it, in one kind of letters."""
    start, end = int(byte_range[1]), int(byte_range[2])
    written = data[start:end].strip(b"<>")
    packed = bytes.fromhex(written.decode("ascii"))
    head = packed[1]
    size = 2 + head
    if head & 0x80:
        octets = head & 0x7F
        size = 2 + octets + int.from_bytes(packed[2 : 2 + octets])
    return not any(packed[size:]) and written in {
        packed.hex().encode(),
        packed.hex().upper().encode(),
    }
