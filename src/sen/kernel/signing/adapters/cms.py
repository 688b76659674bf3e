"""CMS signatures of the PAdES baseline, put together from parts encoded once.

A signature of the same key differs from the last one in two places only: the digest and the
signature value. Everything else (certificates, attributes, names) is encoded when the key is first
used; one signature is then a few joined byte strings. Nguồn: RFC 5652, mục 5; RFC 5035, mục 3;
RFC 6211; ETSI EN 319 142-1, mục 6.3 (no signing-time attribute: the PDF carries the time).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from asn1crypto import x509

_SEQUENCE = 0x30
_SET = 0x31
_OCTET_STRING = 0x04
_CONTEXT_0 = 0xA0
_CONTEXT_1 = 0xA1
_LONG_LENGTH = 0x80

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
_SIGNING_CERTIFICATE_V2 = bytes.fromhex("060b2a864886f70d010910022f")
_ALGORITHM_PROTECTION = bytes.fromhex("06092a864886f70d010934")
_SHA_256 = bytes.fromhex("300b0609608648016503040201")
_ECDSA_SHA_256 = bytes.fromhex("300a06082a8648ce3d040302")
_VERSION_1 = bytes.fromhex("020101")
_LONGEST_ECDSA_P256 = 72


def der(tag: int, *contents: bytes) -> bytes:
    """Return one DER value: tag, definite length, contents."""
    body = b"".join(contents)
    size = len(body)
    if size < _LONG_LENGTH:
        return bytes((tag, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, _LONG_LENGTH | len(length))) + length + body


class Envelope:
    """The unchanging parts of the signatures of one certificate (P-256 with SHA-256)."""

    def __init__(self, certificate: bytes, chain: Sequence[bytes]) -> None:
        """Encode what does not change.

        certificate: the signer's, DER. chain: the issuing ones, DER, without the root.
        """
        tbs = x509.Certificate.load(certificate)["tbs_certificate"]
        issuer_and_serial = der(_SEQUENCE, tbs["issuer"].dump(), tbs["serial_number"].dump())
        self._attributes = (
            der(_SEQUENCE, _CONTENT_TYPE, der(_SET, _DATA)),
            der(
                _SEQUENCE,
                _ALGORITHM_PROTECTION,
                # signatureAlgorithm is [1] IMPLICIT: the tag replaces that of the sequence
                der(
                    _SET,
                    der(_SEQUENCE, _SHA_256, bytes((_CONTEXT_1,)) + _ECDSA_SHA_256[1:]),
                ),
            ),
            der(
                _SEQUENCE,
                _SIGNING_CERTIFICATE_V2,
                der(_SET, der(_SEQUENCE, der(_SEQUENCE, _certificate_id(certificate, tbs)))),
            ),
        )
        self._certificates = der(_CONTEXT_0, certificate, *chain)
        self._signer = _VERSION_1 + issuer_and_serial + _SHA_256
        self.most_bytes = len(self.assemble(bytes(32), bytes(_LONGEST_ECDSA_P256)))

    def _sorted_attributes(self, digest: bytes) -> bytes:
        digest_attribute = der(_SEQUENCE, _MESSAGE_DIGEST, der(_SET, der(_OCTET_STRING, digest)))
        return b"".join(sorted((*self._attributes, digest_attribute)))

    def to_sign(self, digest: bytes) -> bytes:
        """Return the bytes that the key signs for a file with this SHA-256 digest."""
        return der(_SET, self._sorted_attributes(digest))

    def assemble(self, digest: bytes, signature: bytes) -> bytes:
        """Return the whole CMS message around a signature over `to_sign(digest)`."""
        signer_info = der(
            _SEQUENCE,
            self._signer,
            der(_CONTEXT_0, self._sorted_attributes(digest)),
            _ECDSA_SHA_256,
            der(_OCTET_STRING, signature),
        )
        signed_data = der(
            _SEQUENCE,
            _VERSION_1,
            der(_SET, _SHA_256),
            der(_SEQUENCE, _DATA),
            self._certificates,
            der(_SET, signer_info),
        )
        return der(_SEQUENCE, _SIGNED_DATA, der(_CONTEXT_0, signed_data))


def _certificate_id(certificate: bytes, tbs: x509.TbsCertificate) -> bytes:
    """Return an ESSCertIDv2 with the default digest (SHA-256) and the issuer's name and serial."""
    general_names = der(_SEQUENCE, der(0xA4, tbs["issuer"].dump()))
    return der(
        _SEQUENCE,
        der(_OCTET_STRING, hashlib.sha256(certificate).digest()),
        der(_SEQUENCE, general_names, tbs["serial_number"].dump()),
    )
