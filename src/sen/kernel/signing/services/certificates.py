"""The local certification authority: made once, issues and withdraws certificates.

It is for demonstration and training; each name it writes says THỬ NGHIỆM. A province in service
has its certificates from the authorities that the law names, and trusts their roots by
`trust_root`. Nguồn: Luật Giao dịch điện tử 20/2023/QH15; Nghị định 68/2024/NĐ-CP.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from sen.base import locks
from sen.base.actor import COMMAND, Actor
from sen.base.errors import Conflict, Invalid, NotFound
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.signing.adapters import authority as x509
from sen.kernel.signing.adapters import keys
from sen.kernel.signing.choices import HolderKind
from sen.kernel.signing.data import Holder
from sen.kernel.signing.models import Authority, Certificate, TrustRoot
from sen.kernel.signing.permissions import MANAGE_CERTIFICATES

KIND = "signing.certificate"
_ROOT_YEARS, _ISSUING_YEARS, _HOLDER_YEARS = 20, 15, 10
_BACK = dt.timedelta(days=400)
"""Certificates of a demonstration hold from before it, so that its past can be signed too."""


def home() -> Path:
    """Return the folder of the keys."""
    return Path(settings.SIGNING_HOME)


def _after(start: dt.datetime, years: int) -> dt.datetime:
    return start + dt.timedelta(days=365 * years)


@transaction.atomic
def ensure_authority(*, at: dt.datetime) -> Authority:
    """Return the local authority whose key is on this machine; make root and issuer if none is.

    The root is entered among the trusted ones. Whoever calls is a command or a seed: no right is
    asked for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [locks.AUTHORITY])
    for found in Authority.objects.filter(valid_to__gt=at).order_by("-id"):
        if (home() / f"{found.key}.pem").exists():
            return found
    start = at - _BACK
    ids = new_id(), new_id()
    names = (
        "Sen – Tổ chức chứng thực gốc (THỬ NGHIỆM)",
        "Sen – Tổ chức chứng thực (THỬ NGHIỆM)",
    )
    root_key = keys.make(home(), f"root-{ids[0].hex}")
    root = x509.issue_authority(
        names[0], root_key, issuer=None, valid_from=start, valid_to=_after(start, _ROOT_YEARS)
    )
    key = keys.make(home(), f"authority-{ids[1].hex}")
    issuing = x509.issue_authority(
        names[1],
        key,
        issuer=x509.Issuer(root, root_key),
        valid_from=start,
        valid_to=_after(start, _ISSUING_YEARS),
    )
    trusted = _trust(x509.der(root), name=names[0], source="Sen", trusted_from=start, key=ids[0])
    made = Authority.objects.create(
        id=ids[1],
        name=names[1],
        root=trusted,
        certificate=x509.der(issuing),
        key=f"authority-{ids[1].hex}",
        valid_from=start,
        valid_to=_after(start, _ISSUING_YEARS),
    )
    audit.record(
        COMMAND,
        "signing.make_authority",
        subject=audit.Subject("signing.authority", made.id),
        at=at,
    )
    return made


def _trust(
    certificate: bytes, *, name: str, source: str, trusted_from: dt.datetime, key: UUID
) -> TrustRoot:
    return TrustRoot.objects.create(
        id=key,
        name=name,
        certificate=certificate,
        fingerprint=x509.fingerprint(certificate),
        trusted_from=trusted_from,
        source=source,
    )


@transaction.atomic
def trust_root(
    *, actor: Actor, certificate: bytes, name: str, source: str, at: dt.datetime
) -> TrustRoot:
    """Trust the certificates below a root from now on.

    certificate: DER. source: the decision or paper by which it is trusted.
    Raises NotAllowed, Invalid if it is no certificate of an authority, Conflict if it is trusted.
    """
    access.check(actor, MANAGE_CERTIFICATES)
    if not x509.is_authority(certificate):
        raise Invalid(_("Tệp không phải là chứng thư số của tổ chức chứng thực."))
    if TrustRoot.objects.filter(fingerprint=x509.fingerprint(certificate)).exists():
        raise Conflict(_("Tổ chức chứng thực này đã có trong danh sách tin cậy."))
    made = _trust(certificate, name=name, source=source, trusted_from=at, key=new_id())
    audit.record(
        actor, "signing.trust_root", subject=audit.Subject("signing.trust_root", made.id), at=at,
        reason=source,
    )  # fmt: skip
    return made


def able_to_sign(*, at: dt.datetime) -> set[tuple[HolderKind, UUID]]:
    """Return every holder whose certificate of the local authority can sign now; one statement.

    For seeds, which ask `ensure_certificate` for the others alone.
    """
    kept = {path.stem for path in home().glob("*.pem")}
    held = Certificate.objects.filter(revoked_at__isnull=True, valid_to__gt=at)
    return {
        (HolderKind(kind), holder)
        for kind, holder, key in held.values_list("holder_kind", "holder", "key")
        if key in kept
    }


@transaction.atomic
def ensure_certificate(
    *, holder_kind: HolderKind | str, holder_id: UUID, name: str, unit_name: str, at: dt.datetime
) -> Certificate:
    """Return the holder's certificate of the local authority; issue one if none can sign.

    name: of the person, or of the unit itself. unit_name: the organisation it is used in; for a
    unit the text in the middle of its seal ("Tỉnh Nghệ An"), or empty. For commands and seeds: no
    right is asked for.
    """
    kind = HolderKind(holder_kind)
    held = Certificate.objects.filter(
        holder=holder_id, holder_kind=kind, revoked_at__isnull=True, valid_to__gt=at
    ).order_by("-valid_from", "-id")
    for found in held:
        if (home() / f"{found.key}.pem").exists():
            return found
    issuer = ensure_authority(at=at)
    certificate_id = new_id()
    key_name = f"{kind}-{certificate_id.hex}"
    organisation = unit_name if kind is HolderKind.PERSON else name
    valid_to = min(_after(at, _HOLDER_YEARS), issuer.valid_to)
    issued = x509.issue_to(
        Holder(kind, name, organisation),
        keys.make(home(), key_name),
        issuer=x509.Issuer(x509.read(bytes(issuer.certificate)), keys.load(home(), issuer.key)),
        valid_from=issuer.valid_from,
        valid_to=valid_to,
    )
    made = Certificate.objects.create(
        id=certificate_id,
        holder_kind=kind,
        holder=holder_id,
        name=name,
        organisation=unit_name,
        issuer=issuer,
        serial=f"{issued.serial_number:x}",
        certificate=x509.der(issued),
        fingerprint=x509.fingerprint(x509.der(issued)),
        key=key_name,
        valid_from=issuer.valid_from,
        valid_to=valid_to,
    )
    audit.record(COMMAND, "signing.issue_certificate", subject=audit.Subject(KIND, made.id), at=at)
    return made


@transaction.atomic
def revoke_certificate(
    *, actor: Actor, certificate: UUID, reason: str, at: dt.datetime
) -> Certificate:
    """Withdraw a certificate: it signs no more, and what it signs from now on is invalid.

    Raises NotAllowed, NotFound, Conflict if it is withdrawn, Invalid without a reason.
    """
    access.check(actor, MANAGE_CERTIFICATES)
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Vui lòng nêu lý do thu hồi.")]})
    held = Certificate.objects.select_for_update().defer("image").filter(id=certificate).first()
    if held is None:
        raise NotFound
    if held.revoked_at is not None:
        raise Conflict(_("Chứng thư số này đã bị thu hồi."))
    held.revoked_at, held.revocation_reason = at, reason.strip()
    held.save(update_fields=["revoked_at", "revocation_reason"])
    audit.record(
        actor, "signing.revoke_certificate", subject=audit.Subject(KIND, held.id), at=at,
        reason=held.revocation_reason,
    )  # fmt: skip
    return held
