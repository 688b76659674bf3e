"""What may be filed: procedures, their versions, the cases of a version."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from sen.base.identifiers import new_id
from sen.systems.public_services.choices import ProcedureStatus, SettledIn


class Procedure(models.Model):
    """An administrative procedure ("thủ tục hành chính"), the same over all its versions.

    code: of the national list, such as 1.001193. level: the lowest that settles it, a value of
    `AuthorityLevel`, empty where no source says. listing: what the list of all codes says of it,
    {"levels", "list", "is_non_boundary"}, empty where it is not in that list. is_active: whether it
    is offered; while it is not, off_since and off_reason tell citizens since when and why.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.TextField(unique=True)
    name = models.JSONField()
    summary = models.JSONField(default=dict)
    field_code = models.TextField()
    field_name = models.JSONField()
    level = models.TextField(blank=True)
    listing = models.JSONField(default=dict, blank=True)
    settled_in = models.TextField(choices=SettledIn.choices, default=SettledIn.PROVINCE)
    is_active = models.BooleanField(default=True)
    off_since = models.DateField(null=True, blank=True)
    off_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=True, off_since__isnull=True, off_reason="")
                | Q(is_active=False),
                name="procedure_off_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ProcedureAlias(models.Model):
    """A former code of a procedure; whoever comes by it is led to the present one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.TextField(unique=True)
    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="aliases")

    def __str__(self) -> str:
        return self.code


class ProcedureVersion(models.Model):
    """A procedure as one announcement decision has it; immutable once published.

    national: the record of the national list. overlay: what the province adds (fees, shorter times,
    level of online service). Both keep their source.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.TextField(choices=ProcedureStatus.choices, default=ProcedureStatus.DRAFT)
    announcement = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    national = models.JSONField(default=dict)
    overlay = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "number"], name="procedureversion_number_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="procedureversion_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id}/{self.number}"


class Case(models.Model):
    """A case of a procedure ("trường hợp"): its own time, form, papers, charges and flow.

    allowance: {"amount", "unit", "same_day_cutoff"}; papers, fees: lists of `PaperRule` and
    `FeeRule` as written; form_version, flow_version: ids of the immutable kernel versions.
    result_type: the national code of the kind of result; result_paper: the template it is made
    from; result_data: for each fact on that paper, where it comes from. party_data: for each party
    named in the form, the answers that say who it is. findings_version: the form of what only the
    examining official establishes, None where nothing is. council: {"seats", "vote", "quorum"} of
    a council that establishes it ("hội đồng"), empty where one official does.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="cases")
    code = models.TextField()
    position = models.PositiveIntegerField(default=0)
    title = models.JSONField()
    allowance = models.JSONField()
    papers = models.JSONField(default=list)
    fees = models.JSONField(default=list)
    form_version = models.ForeignKey(
        "forms.FormVersion", on_delete=models.PROTECT, related_name="+"
    )
    flow_version = models.ForeignKey(
        "workflow.FlowVersion", on_delete=models.PROTECT, related_name="+"
    )
    min_strength = models.PositiveSmallIntegerField(default=0)
    result_type = models.TextField(blank=True)
    result_paper = models.TextField(blank=True)
    result_data = models.JSONField(default=dict)
    party_data = models.JSONField(default=dict)
    findings_version = models.ForeignKey(
        "forms.FormVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    council = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="case_code_once"),
        ]

    def __str__(self) -> str:
        return self.code
