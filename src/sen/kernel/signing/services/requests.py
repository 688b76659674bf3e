"""Requests for signatures: taken in the caller's transaction, signed after it, outside of any."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import SYSTEM, Actor
from sen.base.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.audit.public import Subject
from sen.kernel.database import public as database
from sen.kernel.events import public as events
from sen.kernel.files import public as files
from sen.kernel.signing import queries
from sen.kernel.signing.adapters import keys
from sen.kernel.signing.adapters.cms import Envelope
from sen.kernel.signing.choices import HolderKind, RequestState
from sen.kernel.signing.data import SIGNED_FILES, DocumentToSign, NotPrepared, SignerRef
from sen.kernel.signing.events import SigningCompleted
from sen.kernel.signing.models import Certificate, SignatureRequest
from sen.kernel.signing.permissions import USE_SEAL
from sen.kernel.signing.services.certificates import home

if TYPE_CHECKING:
    from sen.kernel.signing.adapters.appearance import Picture

MOST_DOCUMENTS = 50
MOST_TRIES = 5
_TAKEN_UP_AFTER = dt.timedelta(seconds=10)
_NEVER_AFTER = dt.timedelta(minutes=10)
"""No request waits for so long: one that does was written while the clock was ahead."""

log = structlog.get_logger(__name__)


class NoCertificate(DomainError):
    """The signer has no certificate that can sign now; the message says why."""

    code = "no_certificate"
    status = 409
    default = "Người ký chưa có chứng thư số."


class CannotSign(Conflict):
    """A paper cannot be signed with the key that is here; the message says why."""

    code = "cannot_sign"
    default = "Không ký được văn bản này."


# -- Signing at once, where the key is here


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A paper signed in memory, by which certificate and how; nothing is written yet."""

    data: bytes
    certificate: Certificate
    document: DocumentToSign
    is_certifying: bool


def key_at_hand(actor: Actor, signer: SignerRef, *, at: dt.datetime) -> Certificate | None:
    """Return the certificate by which somebody can sign at once, None where the key is not here.

    One SELECT. Raises NotAllowed, NoCertificate (none, expired, withdrawn).
    """
    signer = SignerRef(HolderKind(signer.kind), signer.id)
    _check_right(actor, signer)
    certificate = _usable_certificate(signer, at)
    return certificate if certificate.key else None


def sign_now(
    certificate: Certificate,
    *,
    data: bytes,
    document: DocumentToSign,
    at: dt.datetime,
    certify: bool = False,
) -> Made:
    """Sign a prepared paper by `key_at_hand`, in memory and outside any transaction.

    The act that it belongs to writes it down in its own transaction (`record_made`), or throws it
    away where that act turns out not to be possible any more. data: the bytes of the document.
    certify: as in `request`. Raises CannotSign for an unusable key and for an unprepared paper.
    """
    try:
        pen = _pen_of(certificate.id, str(home()))
        signed = _signed(data, _as_plain(document), pen, certify=certify, at=at)
    except (keys.KeyUnusable, NotPrepared) as problem:
        raise CannotSign(_said(problem)) from problem
    return Made(data=signed, certificate=certificate, document=document, is_certifying=certify)


def record_made(
    actor: Actor, made: Made, *, file: UUID, subject: Subject, purpose: str, at: dt.datetime
) -> None:
    """Write down a signature made by `sign_now`, with what else the act's transaction writes.

    file: the signed paper, as the act keeps it.
    """
    database.insert(
        SignatureRequest(
            state=RequestState.COMPLETED,
            purpose=purpose,
            certificate=made.certificate,
            subject_kind=subject.kind,
            subject=subject.id,
            documents=[_as_plain(made.document)],
            is_certifying=made.is_certifying,
            signed=[file],
            requested_by=actor.account,
            requested_at=at,
            ended_at=at,
            next_try_at=at,
        )
    )
    _record(actor, made.certificate, [made.document], subject, at)


def _record(
    actor: Actor,
    certificate: Certificate,
    documents: Sequence[DocumentToSign],
    subject: Subject,
    at: dt.datetime,
) -> None:
    audit.record(
        actor,
        "signing.request",
        subject=subject,
        at=at,
        fields={
            "certificate": certificate.serial,
            "files": [str(document.file) for document in documents],
        },
    )


# -- Asking


@transaction.atomic
def request(
    actor: Actor,
    *,
    documents: Sequence[DocumentToSign],
    signer: SignerRef,
    subject: Subject,
    purpose: str,
    at: dt.datetime,
    certify: bool = False,
) -> SignatureRequest:
    """Ask for signatures on prepared files, within the caller's transaction.

    After the commit a key on this machine signs them at once, outside any transaction; then
    `SigningCompleted` tells, and what was returned here knows its state and failure. With a key
    elsewhere the request waits for it.
    certify: the first signature, after which only prepared fields may be filled. A person's key
    signs for that person only; a unit's for whoever holds the right to its seal there, and for the
    system.
    Raises NotAllowed, NoCertificate (none, expired, withdrawn), Invalid for none or more than 50.
    Nguồn: Nghị định 30/2020/NĐ-CP, Điều 13, 17, 32 (thứ tự và người ký).
    """
    if not 0 < len(documents) <= MOST_DOCUMENTS:
        raise Invalid(_("Mỗi lần ký được từ 1 đến %(most)d văn bản.") % {"most": MOST_DOCUMENTS})
    signer = SignerRef(HolderKind(signer.kind), signer.id)
    _check_right(actor, signer)
    certificate = _usable_certificate(signer, at)
    made = SignatureRequest.objects.create(
        purpose=purpose,
        certificate=certificate,
        subject_kind=subject.kind,
        subject=subject.id,
        documents=[_as_plain(document) for document in documents],
        is_certifying=certify,
        requested_by=actor.account,
        requested_at=at,
        next_try_at=at + _TAKEN_UP_AFTER,
    )
    _record(actor, certificate, documents, subject, at)
    transaction.on_commit(_signing(made, at), robust=True)
    return made


def _signing(made: SignatureRequest, at: dt.datetime) -> Callable[[], None]:
    """Return what signs after the commit; Django logs its name if that fails, so it needs one."""

    def sign() -> None:
        _sign(made, at)

    return sign


def _as_plain(document: DocumentToSign) -> dict[str, object]:
    return {**asdict(document), "file": str(document.file), "fill": dict(document.fill)}


def _check_right(actor: Actor, signer: SignerRef) -> None:
    if signer.kind is HolderKind.PERSON:
        if actor.person is None or actor.person != signer.id:
            raise NotAllowed(_("Chỉ người giữ chứng thư số mới được ký bằng chứng thư số đó."))
    elif not actor.is_system:
        access.check(actor, USE_SEAL, unit=signer.id)


def _usable_certificate(signer: SignerRef, at: dt.datetime) -> Certificate:
    found = queries.latest_certificate(signer)
    if found is None:
        raise NoCertificate(_("Người ký chưa có chứng thư số."))
    _check_usable(found, at)
    return found


def _check_usable(found: Certificate, at: dt.datetime) -> None:
    if found.revoked_at is not None and found.revoked_at <= at:
        raise NoCertificate(
            _("Chứng thư số của %(name)s đã bị thu hồi ngày %(day)s.")
            % {"name": found.name, "day": _day(found.revoked_at)}
        )
    if at >= found.valid_to:
        raise NoCertificate(
            _("Chứng thư số của %(name)s đã hết hạn ngày %(day)s.")
            % {"name": found.name, "day": _day(found.valid_to)}
        )
    if at < found.valid_from:
        raise NoCertificate(
            _("Chứng thư số của %(name)s có hiệu lực từ ngày %(day)s.")
            % {"name": found.name, "day": _day(found.valid_from)}
        )


def _day(at: dt.datetime) -> str:
    return date_format(clock.day(at), "d/m/Y")


@transaction.atomic
def cancel(*, actor: Actor, request_id: UUID, at: dt.datetime) -> SignatureRequest:
    """Take back a request that has not been signed. Raises NotFound, NotAllowed, Conflict."""
    held = SignatureRequest.objects.select_for_update().filter(id=request_id).first()
    if held is None:
        raise NotFound
    if not actor.is_system and held.requested_by != actor.account:
        raise NotAllowed
    if held.state != RequestState.PENDING:
        raise Conflict(_("Văn bản đã được ký hoặc yêu cầu ký đã kết thúc."))
    held.state, held.ended_at = RequestState.CANCELLED, at
    held.save(update_fields=["state", "ended_at"])
    subject = Subject(held.subject_kind, held.subject)
    audit.record(actor, "signing.cancel", subject=subject, at=at)
    return held


# -- Signing


@dataclass(frozen=True, slots=True)
class _Pen:
    """What signs for one certificate, kept in the process: key, envelope, image."""

    key: ec.EllipticCurvePrivateKey
    envelope: Envelope
    shown: Picture
    name: str

    def sign(self, digest: bytes) -> bytes:
        """Return the CMS message over a file's digest."""
        signature = keys.sign(self.key, self.envelope.to_sign(digest))
        return self.envelope.assemble(digest, signature)


@lru_cache(maxsize=512)
def _pen_of(certificate_id: UUID, folder: str) -> _Pen:  # noqa: ARG001 - part of what is kept
    """Return the pen of a certificate; its image is drawn and kept when it is first needed."""
    held = Certificate.objects.select_related("issuer").get(id=certificate_id)
    from sen.kernel.signing.adapters import pdf  # heavy: see there

    key = keys.load(home(), held.key)
    image = bytes(held.image)
    if not image:
        if held.holder_kind == HolderKind.PERSON:
            image = pdf.stamps.handwriting(held.name)
        else:
            image = pdf.stamps.seal(held.name, place=held.organisation)
        Certificate.objects.filter(id=held.id, image=b"").update(image=image)
    return _Pen(
        key=key,
        envelope=Envelope(bytes(held.certificate), [bytes(held.issuer.certificate)]),
        shown=pdf.appearance.picture(image),
        name=held.name,
    )


def fulfil(request_id: UUID, *, at: dt.datetime) -> SignatureRequest:
    """Sign what a pending request asks for, outside any transaction; one already ended stays so.

    A withdrawn or expired certificate, an unusable key or a file that is not prepared ends the
    request as failed, with the reason. Raises NotFound.
    """
    held = queries.signature_request(request_id)
    if held.state == RequestState.PENDING:
        _sign(held, at)
        held.refresh_from_db()
    return held


def _sign(held: SignatureRequest, at: dt.datetime) -> None:
    """Sign what is asked for and end the request; one whose key is elsewhere goes on waiting."""
    failure, signed = "", list[UUID]()
    try:
        _check_usable(held.certificate, at)
        if not held.certificate.key:
            return
        signed = _signed_files(held, _pen_of(held.certificate_id, str(home())), at)
    except (keys.KeyUnusable, NotPrepared) as problem:
        failure = _said(problem)
    except (files.NoSpace, files.StorageAway):
        log.warning("signing_waits_for_room", request=str(held.id))
        return  # it stays pending, and the sweep comes to it again
    except DomainError as problem:
        failure = problem.message
    if failure:
        log.warning("signing_failed", request=str(held.id), failure=failure)
    _end(held, signed=signed, failure=failure, at=at)


def _said(problem: keys.KeyUnusable | NotPrepared) -> str:
    if isinstance(problem, keys.KeyUnusable):
        return _("Không dùng được khóa ký trên máy chủ này.")
    return _("Văn bản không có sẵn ô ký hoặc đã có chữ ký khác.")


def _signed_files(held: SignatureRequest, pen: _Pen, at: dt.datetime) -> list[UUID]:
    sources = files.files(UUID(document["file"]) for document in held.documents)
    signed = list[UUID]()
    for document in held.documents:
        source = sources.get(UUID(document["file"]))
        if source is None:
            raise NotFound(_("Tệp cần ký không còn."))
        stored = files.store(
            SYSTEM,
            name=source.name,
            data=_signed(files.read(source), document, pen, certify=held.is_certifying, at=at),
            media_type="application/pdf",
            owner=(SIGNED_FILES, held.id),
        )
        signed.append(stored.id)
    return signed


def _signed(
    data: bytes, document: Mapping[str, Any], pen: _Pen, *, certify: bool, at: dt.datetime
) -> bytes:
    """Return a paper with its fields filled and signed. Raises NotPrepared."""
    from sen.kernel.signing.adapters import pdf  # heavy: see there

    return pdf.filling.sign(
        data,
        pdf.filling.SignatureToMake(
            field=document["field"],
            fill=document["fill"],
            lock_fields=tuple(document["lock_fields"]),
            certify=certify,
            signer_name=pen.name,
            shown=pen.shown,
            signed_at=clock.local(at),
            most_bytes=pen.envelope.most_bytes,
            make=pen.sign,
        ),
    )


@transaction.atomic
def _end(held: SignatureRequest, *, signed: list[UUID], failure: str, at: dt.datetime) -> None:
    """End a request and tell; if another process was quicker, its files count and these go.

    The signed files are the request's own until whoever asked takes them over (`files.link` with
    `moved_from`), however long that takes.
    """
    state = RequestState.FAILED if failure else RequestState.COMPLETED
    is_ours = SignatureRequest.objects.filter(id=held.id, state=RequestState.PENDING).update(
        state=state, signed=signed, failure=failure, ended_at=at
    )
    if not is_ours:
        files.unlink(SYSTEM, signed, SIGNED_FILES, held.id, at)
        return
    held.state, held.failure = state, failure
    if failure or held.tries:
        _release(held, but=signed, at=at)
    events.publish(
        SigningCompleted(
            request=held.id,
            purpose=held.purpose,
            subject_kind=held.subject_kind,
            record=held.subject,
            files=tuple(signed),
            failure=failure,
        ),
        record=held.subject,
        at=at,
    )


def _release(held: SignatureRequest, *, but: list[UUID], at: dt.datetime) -> None:
    """Let go of what an earlier try, or one that failed half-way, has left behind."""
    left = files.files_of(SIGNED_FILES, held.id).exclude(id__in=but).values_list("id", flat=True)
    files.unlink(SYSTEM, list(left), SIGNED_FILES, held.id, at)


# -- Sweeping

_TAKE_UP = """
UPDATE signing_signaturerequest
SET tries = tries + 1, next_try_at = %s + (tries + 1) * interval '30 seconds'
WHERE id = ANY(ARRAY(
    SELECT id FROM signing_signaturerequest
    WHERE state = 'pending' AND (next_try_at <= %s OR next_try_at > %s) AND EXISTS (
        SELECT FROM signing_certificate own WHERE own.id = certificate_id AND own.key <> '')
    ORDER BY next_try_at LIMIT %s FOR UPDATE SKIP LOCKED))
RETURNING id, tries
"""


def sweep(*, at: dt.datetime, limit: int = 20) -> int:
    """Take up requests whose process died before it signed; return how many.

    One that has ended its process five times is failed, so that it cannot go on for ever.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_UP, [at, at, at + _NEVER_AFTER, limit])
        taken: list[tuple[UUID, int]] = cursor.fetchall()
    for request_id, tries in taken:
        held = queries.signature_request(request_id)
        if tries > MOST_TRIES:
            failure = _("Đã thử ký %(most)d lần nhưng không hoàn thành.") % {"most": MOST_TRIES}
            _end(held, signed=[], failure=failure, at=at)
            continue
        try:
            _sign(held, at)
        except Exception:
            log.exception("signing_broke", request=str(held.id))
    return len(taken)
