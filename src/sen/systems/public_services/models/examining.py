"""What was established in examining a dossier: the findings, and the council that reached them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from sen.base.identifiers import new_id
from sen.systems.public_services.choices import Attendance, SigningState
from sen.systems.public_services.models.dossiers import Dossier


class Findings(models.Model):
    """What only the examining official, or a council, establishes ("kết quả thẩm định").

    The values are kept by `kernel/forms` under this row's id, sealed like the answers of the
    dossier. established_by: the account of the official, or of whoever chaired the council.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.OneToOneField(Dossier, on_delete=models.CASCADE, related_name="findings")
    form_version = models.ForeignKey(
        "forms.FormVersion", on_delete=models.PROTECT, related_name="+"
    )
    established_by = models.UUIDField()
    established_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.dossier_id)


class Council(models.Model):
    """A council that considers a dossier ("hội đồng"), as its chair convened it.

    chair: the account that convened it, or that took the chair to conclude it. concluded_at: when
    the chair announced the conclusion, which is kept as the dossier's findings. number: of the
    minutes, in the unit's register of the year. minutes: the paper, state: how far its signature
    is.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.OneToOneField(Dossier, on_delete=models.CASCADE, related_name="council")
    chair = models.UUIDField()
    convened_at = models.DateTimeField()
    meets_at = models.DateTimeField()
    place = models.TextField()
    concluded_at = models.DateTimeField(null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    state = models.TextField(choices=SigningState.choices, default=SigningState.DRAFT)
    minutes = models.ForeignKey(
        "files.File", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    failure = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=SigningState.DRAFT)
                | Q(concluded_at__isnull=False, number__isnull=False, minutes__isnull=False),
                name="council_minutes_after_conclusion",
            ),
        ]

    def __str__(self) -> str:
        return str(self.dossier_id)


class CouncilSeat(models.Model):
    """A member of a council in a dossier: who sits there and whether they came.

    step: the step of the flow at which this member gives their opinion; the opinion itself is kept
    by `kernel/forms` under this row's id. account: None where nobody holds the seat in this unit.
    reason: why the member was absent, or who sat there before.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="council_seats")
    step = models.TextField()
    title = models.JSONField()
    account = models.UUIDField(null=True, blank=True)
    attendance = models.TextField(choices=Attendance.choices, default=Attendance.AWAITED)
    reason = models.TextField(blank=True)
    opined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "step"], name="councilseat_step_once"),
            models.CheckConstraint(
                condition=~Q(attendance=Attendance.PRESENT)
                | Q(account__isnull=False, opined_at__isnull=False),
                name="councilseat_present_has_opinion",
            ),
            models.CheckConstraint(
                condition=~Q(attendance=Attendance.ABSENT) | ~Q(reason=""),
                name="councilseat_absent_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.dossier_id}"
