"""Every result of a procedure, kept as data that the next procedure uses."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from sen.base.identifiers import new_id
from sen.systems.results.choices import ResultState


class Result(models.Model):
    """A kept result ("kết quả giải quyết thủ tục hành chính"); personal data under row security.

    key: 128 bits, the address in its QR code. sha256: of the sealed paper, so that a copy that
    somebody uploads is recognised. data: sealed facts for prefill. The persons it belongs to are
    its participants.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.TextField(unique=True)
    result_type = models.TextField()
    title = models.TextField()
    number = models.TextField()
    issued_on = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    source_kind = models.TextField()
    source = models.UUIDField(unique=True)
    source_code = models.TextField()
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")
    sha256 = models.TextField(db_index=True)
    data = models.BinaryField()
    state = models.TextField(choices=ResultState.choices, default=ResultState.VALID)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.TextField(blank=True)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ResultState.VALID) | Q(revoked_at__isnull=False),
                name="result_revoked_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.number
