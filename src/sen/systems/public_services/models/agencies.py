"""What several agencies do to one dossier: stages, the financial duty, passing on, apologies."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from sen.base.identifiers import new_id
from sen.systems.public_services.choices import MessageKind, MessageOutcome, PassageOutcome
from sen.systems.public_services.models.dossiers import Dossier


class Stage(models.Model):
    """A stretch of a dossier's way ("giai đoạn") that has its own holder and its own date.

    Made at reception from the version, and frozen with the dossier. steps: of the flow, while one
    of which is open the stage runs. unit: who holds it; agency: the name of whoever holds it
    outside, which unit watches. counts: whether its time is within that of the law; only then is a
    date promised. promised_at: as printed on the receipt. expected_at: the date that holds now.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField()
    key = models.TextField()
    title = models.JSONField()
    steps = models.JSONField()
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    agency = models.JSONField(default=dict)
    counts = models.BooleanField(default=True)
    allowance = models.JSONField(null=True)
    promised_at = models.DateTimeField(null=True)
    expected_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "position"], name="stage_position_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="stage_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(counts=True) | Q(promised_at=None), name="stage_promise_counts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.dossier_id}"


class FinancialDuty(models.Model):
    """What a dossier's owner owes the state before it goes on ("nghĩa vụ tài chính").

    The land office sends the facts (sent), the tax office states the amount (noticed), the person
    pays and shows it (paid). Every moment has who wrote it down.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.OneToOneField(Dossier, on_delete=models.CASCADE, related_name="duty")
    sheet = models.TextField()
    sent_at = models.DateTimeField()
    sent_by = models.UUIDField(null=True)
    notice = models.TextField(blank=True)
    noticed_on = models.DateField(null=True)
    amount_vnd = models.PositiveBigIntegerField(null=True)
    noticed_at = models.DateTimeField(null=True)
    noticed_by = models.UUIDField(null=True)
    paid_on = models.DateField(null=True)
    evidence = models.TextField(blank=True)
    paid_at = models.DateTimeField(null=True)
    paid_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(noticed_at=None) | (~Q(notice="") & Q(amount_vnd__isnull=False)),
                name="duty_notice_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(paid_at=None) | (~Q(evidence="") & Q(noticed_at__isnull=False)),
                name="duty_paid_has_evidence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.dossier_id}"


class Passage(models.Model):
    """A dossier that another system settles: passed on, watched until its answer comes.

    partner: whose system. foreign_code, foreign_state: as it calls and sees the dossier.
    next_look_at: when it is asked again, null while nothing is to be asked. failure: why the last
    message did not arrive. outcome, number, answered_on, words: its answer, once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.OneToOneField(Dossier, on_delete=models.CASCADE, related_name="passage")
    partner = models.TextField()
    ordered_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    foreign_code = models.TextField(blank=True)
    foreign_state = models.TextField(blank=True)
    looked_at = models.DateTimeField(null=True)
    next_look_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    outcome = models.TextField(choices=PassageOutcome.choices, blank=True)
    number = models.TextField(blank=True)
    answered_on = models.DateField(null=True)
    words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None) | (~Q(outcome="") & Q(next_look_at=None)),
                name="passage_answered_is_not_watched",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | ~Q(foreign_code=""), name="passage_sent_has_code"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_look_at"],
                name="passage_to_look_at",
                condition=Q(next_look_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.dossier_id}"


class SyncMessage(models.Model):
    """One message to the system that settles a dossier, and what came back; never changed.

    content: the names of what was sent, and the fingerprints of files; the values stand in the
    dossier. note: what the partner said, or why it did not arrive.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="sync_messages")
    kind = models.TextField(choices=MessageKind.choices)
    outcome = models.TextField(choices=MessageOutcome.choices)
    content = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    sent_at = models.DateTimeField()
    ordered_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.dossier_id}"


class Apology(models.Model):
    """The one letter of apology and new date that the law allows ("xin lỗi và hẹn lại").

    cause: whose delay it is, for the centre's record. Mẫu 04 speaks of it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.OneToOneField(Dossier, on_delete=models.CASCADE, related_name="apology")
    reason = models.TextField()
    cause = models.TextField()
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()
    apologised_by = models.UUIDField(null=True)
    apologised_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(new_due_at__gt=F("old_due_at")), name="apology_moves_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.new_due_at:%d/%m/%Y} {self.dossier_id}"
