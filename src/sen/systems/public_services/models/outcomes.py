"""What came of a dossier: our papers, requests for supplement, the decision, the ending."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from sen.base.identifiers import new_id
from sen.systems.public_services.choices import (
    ClosingKind,
    DecisionKind,
    FormCode,
    HandOverMethod,
    SigningState,
)
from sen.systems.public_services.models.dossiers import Dossier


class IssuedForm(models.Model):
    """A prescribed paper that we issued in a dossier (Mẫu 01, 02, 03, 05), signed by the unit.

    record: the supplement request or the closing that it speaks of, None for a receipt.
    number: of the unit's register of this form in the year. A draft has its number and waits for
    its paper to be made; a failed one without a file waits for its unit's certificate.
    told_at: when the parties were told what it speaks of.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="issued_forms")
    form = models.TextField(choices=FormCode.choices)
    record = models.UUIDField(null=True, blank=True)
    number = models.PositiveIntegerField()
    state = models.TextField(choices=SigningState.choices, default=SigningState.REQUESTED)
    file = models.ForeignKey(
        "files.File", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "form", "record"],
                name="issuedform_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.number}"


class SupplementRequest(models.Model):
    """A request to add or correct ("yêu cầu bổ sung, hoàn thiện hồ sơ"), item by item.

    stage: "reception" or "processing"; each may ask once. items: list of `SupplementItem`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="supplements")
    stage = models.TextField()
    items = models.JSONField()
    guide = models.TextField(blank=True)
    requested_by = models.UUIDField()
    requested_at = models.DateTimeField()
    respond_by = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "stage"], name="supplement_once_a_stage"),
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(answered_at__isnull=True),
                name="supplement_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.dossier_id}"


class Decision(models.Model):
    """The answer of the competent agency, from its draft to the sealed paper.

    draft: the paper with empty signature fields; signed: with the leader's signature; sealed: with
    number, date and the organisation's signature. ground: the legal ground of a refusal.
    signer: the account of the leader who is to sign; null where the draft bears the name of a unit
    that merged meanwhile, so that nobody signs it. round: rises when the leader returns it for
    rework. result_key: 128 bits, the address in the QR code by which anybody verifies the paper.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.OneToOneField(Dossier, on_delete=models.CASCADE, related_name="decision")
    kind = models.TextField(choices=DecisionKind.choices)
    reason = models.TextField(blank=True)
    ground = models.TextField(blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    result_key = models.TextField(unique=True)
    state = models.TextField(choices=SigningState.choices, default=SigningState.DRAFT)
    draft = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")
    signed = models.ForeignKey(
        "files.File", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sealed = models.ForeignKey(
        "files.File", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    number = models.PositiveIntegerField(null=True, blank=True)
    notation = models.TextField(blank=True)
    decided_on = models.DateField(null=True, blank=True)
    signer = models.UUIDField(null=True)
    proposed_by = models.UUIDField()
    signed_by = models.UUIDField(null=True, blank=True)
    issued_by = models.UUIDField(null=True, blank=True)
    failure = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=DecisionKind.RESULT) | ~Q(ground=""),
                name="decision_refusal_has_ground",
            ),
            models.CheckConstraint(
                condition=~Q(state=SigningState.SEALED)
                | Q(number__isnull=False, sealed__isnull=False),
                name="decision_sealed_has_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dossier_id}"


class Closing(models.Model):
    """How a dossier ended without a result, with its reason and its ground."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.OneToOneField(Dossier, on_delete=models.CASCADE, related_name="closing")
    kind = models.TextField(choices=ClosingKind.choices)
    reason = models.TextField()
    ground = models.TextField(blank=True)
    competent_agency = models.TextField(blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    closed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ClosingKind.WITHDRAWN) | ~Q(ground=""),
                name="closing_refusal_has_ground",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dossier_id}"


class HandOver(models.Model):
    """The handing over of the result, with its evidence.

    evidence: what proves it: the signed slip's file, the sign-in by which it was taken, the post
    number; receiver: the name of whoever took it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.OneToOneField(Dossier, on_delete=models.CASCADE, related_name="hand_over")
    method = models.TextField(choices=HandOverMethod.choices)
    receiver = models.TextField()
    evidence = models.TextField()
    file = models.ForeignKey(
        "files.File", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    handed_by = models.UUIDField(null=True, blank=True)
    handed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.method} {self.dossier_id}"
