"""The reads of signing: certificates in force, trusted roots, requests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from uuid import UUID

from django.db.models import Count, Min, Q

from sen.base.actor import Actor
from sen.base.errors import NotFound
from sen.kernel.database.public import Joined
from sen.kernel.signing.choices import RequestState
from sen.kernel.signing.data import SignerRef
from sen.kernel.signing.models import Authority, Certificate, SignatureRequest, TrustRoot

_CERTIFICATE = Joined(
    (
        Certificate,
        tuple(
            field.attname
            for field in Certificate._meta.concrete_fields  # noqa: SLF001 - Django's way to them
            if field.attname != "image"
        ),
    ),
    Authority,
)


@cache
def _latest_sql() -> str:
    return f"""
        SELECT {_CERTIFICATE.columns} FROM signing_certificate
        JOIN signing_authority ON signing_authority.id = signing_certificate.issuer_id
        WHERE holder = %s AND signing_certificate.holder_kind = %s
        ORDER BY signing_certificate.valid_from DESC, signing_certificate.id DESC LIMIT 1"""


def waiting() -> tuple[int, dt.datetime | None]:
    """Return how many signatures are asked for and not made, and since when the first waits."""
    found = SignatureRequest.objects.filter(state=RequestState.PENDING).aggregate(
        number=Count("id"), first=Min("requested_at")
    )
    return found["number"], found["first"]


def latest_certificate(signer: SignerRef) -> Certificate | None:
    """Return the holder's newest certificate with its issuer, in force or not; its image deferred.

    One statement.
    """
    certificate: Certificate
    for certificate, issuer in _CERTIFICATE.rows(_latest_sql(), [signer.id, signer.kind]):
        certificate.issuer = issuer
        return certificate
    return None


def certificates(holder: UUID) -> list[Certificate]:
    """Return every certificate that a person or unit ever held, newest first."""
    return list(
        Certificate.objects.filter(holder=holder).defer("image").order_by("-valid_from", "-id")
    )


def trusted_roots(at: dt.datetime) -> list[bytes]:
    """Return the DER of each root that Sen trusts at a moment."""
    rows = TrustRoot.objects.filter(
        Q(trusted_to__isnull=True) | Q(trusted_to__gt=at), trusted_from__lte=at
    ).order_by("id")
    return [bytes(root) for root in rows.values_list("certificate", flat=True)]


def revocations(fingerprints: Iterable[bytes]) -> dict[bytes, dt.datetime | None]:
    """Return when certificates of the local authority were withdrawn, None for those that were not.

    A certificate that is not there was issued by somebody else.
    """
    rows = Certificate.objects.filter(fingerprint__in=list(fingerprints))
    return {
        bytes(fingerprint): revoked_at
        for fingerprint, revoked_at in rows.values_list("fingerprint", "revoked_at")
    }


def signature_request(request_id: UUID) -> SignatureRequest:
    """Return a request with its certificate and issuer. Raises NotFound."""
    found = (
        SignatureRequest.objects.select_related("certificate__issuer")
        .defer("certificate__image")
        .filter(id=request_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def requests_of(subject: UUID) -> list[SignatureRequest]:
    """Return the requests on a record, newest first."""
    return list(SignatureRequest.objects.filter(subject=subject).order_by("-id"))


def may_read_file(actor: Actor, request_id: UUID, _file: UUID) -> bool:
    """Tell whether an actor may read a signed file that nobody has taken over yet: who asked may.

    One statement.
    """
    return (
        actor.account is not None
        and SignatureRequest.objects.filter(id=request_id, requested_by=actor.account).exists()
    )
