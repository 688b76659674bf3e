"""What the signatures in a PDF show: read by pyHanko, difference analysis on, nothing judged here.

Whatever a hostile or broken file makes the readers raise, the answer is a fact that cannot lead to
"valid"; no certificate, list or time is fetched from outside.
"""

from __future__ import annotations

import datetime as dt
import io
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


class Unreadable(ValueError):
    """The bytes are no PDF, or no longer one."""


def examine(data: bytes, *, roots: Sequence[bytes], at: dt.datetime) -> tuple[SignatureFacts, ...]:
    """Return the facts on each signature of a PDF in the order of signing.

    roots: the trusted certificates, DER. at: the moment of the check. Raises Unreadable.
    """
    try:
        signatures = PdfFileReader(io.BytesIO(data)).embedded_regular_signatures
    except Exception as problem:
        raise Unreadable(str(problem)) from problem
    trusted = [x509.Certificate.load(root) for root in roots]
    return tuple(_facts(data, signature, trusted, at) for signature in signatures)


def _facts(
    data: bytes,
    signature: EmbeddedPdfSignature,
    roots: list[x509.Certificate],
    at: dt.datetime,
) -> SignatureFacts:
    try:
        return _read_facts(data, signature, roots, at)
    except Exception:  # noqa: BLE001 - a file that breaks its reader is never valid
        return SignatureFacts(
            field=str(signature.field_name or ""),
            signer_name="",
            organisation="",
            fingerprint=b"",
            signed_at=None,
            is_intact=False,
            is_genuine=False,
            is_canonical=False,
            trust=Trust.UNTRUSTED,
            coverage=Coverage.PARTIAL,
            modification=Modification.FORBIDDEN,
        )


def _read_facts(
    data: bytes,
    signature: EmbeddedPdfSignature,
    roots: list[x509.Certificate],
    at: dt.datetime,
) -> SignatureFacts:
    certificate = signature.signer_cert
    signed_at = _aware(signature.self_reported_timestamp)
    context = ValidationContext(
        trust_roots=roots,
        moment=_within(signed_at or at, certificate),
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
        is_intact=bool(status.intact),
        is_genuine=bool(status.valid),
        is_canonical=_is_canonical(data, signature.byte_range),
        trust=_trust(status, certificate, signed_at or at, at),
        coverage=_COVERAGE.get(status.coverage, Coverage.PARTIAL),
        modification=level or Modification.FORBIDDEN,
        algorithm=f"{status.md_algorithm} {status.pkcs7_signature_mechanism}",
    )


def _aware(moment: Any) -> dt.datetime | None:
    if not isinstance(moment, dt.datetime):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _validity(certificate: x509.Certificate) -> tuple[dt.datetime, dt.datetime]:
    return certificate.not_valid_before, certificate.not_valid_after


def _within(moment: dt.datetime, certificate: x509.Certificate) -> dt.datetime:
    """Return the moment, or the nearest one at which the certificate was in force.

    So the question who issued it is answered apart from the question when it was used.
    """
    first, last = _validity(certificate)
    return min(max(moment, first), last)


def _trust(
    status: Any, certificate: x509.Certificate, signed_at: dt.datetime, at: dt.datetime
) -> Trust:
    first, last = _validity(certificate)
    if not status.trusted:
        unsuited = status.trust_problem_indic is AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE
        return Trust.UNSUITED if unsuited else Trust.UNTRUSTED
    if signed_at < first:
        return Trust.NOT_YET_VALID
    if signed_at > last:
        return Trust.EXPIRED_AT_SIGNING
    return Trust.EXPIRED_SINCE if at > last else Trust.TRUSTED


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
