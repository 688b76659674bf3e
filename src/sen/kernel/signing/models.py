"""Tables of signing: whom to trust, who holds which certificate, what is to be signed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from sen.base.identifiers import new_id
from sen.kernel.signing.choices import HolderKind, RequestState


class TrustRoot(models.Model):
    """A certification authority whose certificates are trusted ("tổ chức chứng thực tin cậy").

    certificate: DER. trusted_from, trusted_to: when Sen trusts it, whatever its own dates say.
    source: the paper or decision by which it is trusted.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    certificate = models.BinaryField()
    fingerprint = models.BinaryField(unique=True)
    trusted_from = models.DateTimeField()
    trusted_to = models.DateTimeField(null=True)
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signing_root_dates",
                condition=Q(trusted_to__isnull=True) | Q(trusted_to__gt=F("trusted_from")),
            )
        ]


class Authority(models.Model):
    """The local authority that issues certificates, below a trusted root.

    key: name of the key's file on the machine that issues.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    root = models.ForeignKey(TrustRoot, on_delete=models.PROTECT, related_name="+")
    certificate = models.BinaryField()
    key = models.CharField(max_length=60, unique=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signing_authority_dates", condition=Q(valid_to__gt=F("valid_from"))
            )
        ]


class Certificate(models.Model):
    """A certificate ("chứng thư số") of a person or a unit, and where its key is.

    holder: the person's or the unit's id. key: name of the key's file, empty where the key is not
    on this machine. image: PNG of the signature or seal as it is drawn into papers; empty until it
    is first needed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    holder_kind = models.CharField(max_length=10, choices=HolderKind)
    holder = models.UUIDField()
    name = models.CharField(max_length=200)
    organisation = models.CharField(max_length=300)
    issuer = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    serial = models.CharField(max_length=64)
    certificate = models.BinaryField()
    fingerprint = models.BinaryField(unique=True)
    key = models.CharField(max_length=60, unique=True)
    image = models.BinaryField(default=bytes)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revocation_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signing_certificate_dates", condition=Q(valid_to__gt=F("valid_from"))
            ),
            models.UniqueConstraint(fields=["issuer", "serial"], name="signing_certificate_serial"),
            models.CheckConstraint(
                name="signing_certificate_kind", condition=Q(holder_kind__in=HolderKind.values)
            ),
        ]
        indexes = [models.Index(fields=["holder", "valid_from"], name="signing_certificate_holder")]


class SignatureRequest(models.Model):
    """What is to be signed by whom and what became of it ("yêu cầu ký số").

    documents: list of `{"file", "field", "fill", "lock_fields"}`. signed: the files with the
    signatures, in that order. requested_by: the account that asked, none for the system.
    next_try_at: when a sweeper may take it up, should the process that signs it have died.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.PENDING)
    purpose = models.CharField(max_length=100)
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=100)
    subject = models.UUIDField()
    documents = models.JSONField()
    is_certifying = models.BooleanField()
    signed = ArrayField(models.UUIDField(), default=list)
    failure = models.CharField(max_length=500, blank=True)
    requested_by = models.UUIDField(null=True)
    requested_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signing_request_state", condition=Q(state__in=RequestState.values)
            ),
            models.CheckConstraint(
                name="signing_request_ended",
                condition=Q(state=RequestState.PENDING, ended_at__isnull=True)
                | Q(~Q(state=RequestState.PENDING), ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="signing_request_failure",
                condition=Q(state=RequestState.FAILED) & ~Q(failure="")
                | ~Q(state=RequestState.FAILED) & Q(failure=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state=RequestState.PENDING),
                name="signing_request_pending",
            ),
            models.Index(fields=["subject"], name="signing_request_subject"),
        ]
