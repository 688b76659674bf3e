"""Certificates of the local certification authority: root, issuing, and those of holders."""

from __future__ import annotations

import datetime as dt
import hashlib
import warnings
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sen.kernel.signing.data import Holder

_COMMON_NAME_MOST = 64
"""X.520 gives a common name and an organisation 64 characters."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """A certificate that issues others, with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def der(certificate: x509.Certificate) -> bytes:
    """Return the certificate's DER bytes."""
    return certificate.public_bytes(serialization.Encoding.DER)


def read(certificate: bytes) -> x509.Certificate:
    """Return the certificate in these DER bytes. Raises ValueError."""
    return x509.load_der_x509_certificate(certificate)


def issue_authority(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    *,
    issuer: Issuer | None,
    valid_from: dt.datetime,
    valid_to: dt.datetime,
) -> x509.Certificate:
    """Return the certificate of an authority: a root without issuer, else one below it."""
    subject = _name(organisation="Sen – THỬ NGHIỆM", common_name=name)
    builder = _builder(subject, key, issuer, valid_from, valid_to)
    builder = builder.add_extension(
        x509.BasicConstraints(ca=True, path_length=1 if issuer is None else 0), critical=True
    ).add_extension(_usage(is_authority=True), critical=True)
    return builder.sign(issuer.key if issuer else key, hashes.SHA256())


def issue_to(
    holder: Holder,
    key: ec.EllipticCurvePrivateKey,
    *,
    issuer: Issuer,
    valid_from: dt.datetime,
    valid_to: dt.datetime,
) -> x509.Certificate:
    """Return a holder's certificate: for signing, and for binding oneself by it."""
    subject = _name(organisation=holder.organisation, common_name=holder.name)
    builder = _builder(subject, key, issuer, valid_from, valid_to)
    builder = builder.add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    ).add_extension(_usage(is_authority=False), critical=True)
    return builder.sign(issuer.key, hashes.SHA256())


def _name(*, organisation: str, common_name: str) -> x509.Name:
    parts = [
        (NameOID.COUNTRY_NAME, "VN"),
        (NameOID.ORGANIZATION_NAME, organisation[:_COMMON_NAME_MOST]),
        (NameOID.COMMON_NAME, common_name[:_COMMON_NAME_MOST]),
    ]
    with warnings.catch_warnings():
        # RFC 5280 counts characters (ub-organization-name: 64), the library counts bytes
        warnings.simplefilter("ignore", UserWarning)
        return x509.Name([x509.NameAttribute(kind, text, _validate=False) for kind, text in parts])


def _builder(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: Issuer | None,
    valid_from: dt.datetime,
    valid_to: dt.datetime,
) -> x509.CertificateBuilder:
    issuer_key = (issuer.key if issuer else key).public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(valid_to)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False
        )
    )


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def fingerprint(certificate: bytes) -> bytes:
    """Return the SHA-256 of a certificate's DER bytes."""
    return hashlib.sha256(certificate).digest()


def is_authority(certificate: bytes) -> bool:
    """Tell whether these bytes are the certificate of an authority that may issue others."""
    try:
        extension = read(certificate).extensions.get_extension_for_class(x509.BasicConstraints)
    except (ValueError, x509.ExtensionNotFound):
        return False
    return extension.value.ca
