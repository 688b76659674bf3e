"""Tables of the workflow: published flows, runs, open and closed tasks, the clock's intervals."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from sen.base.identifiers import new_id
from sen.kernel.workflow.choices import FlowStatus

FAR = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
"""Where tasks stand in a list that have no date at all: last."""


class FlowVersion(models.Model):
    """A published flow ("quy trình điện tử"); never changed: a new version is a new row.

    document: the whole flow as JSON. digest: SHA-256 of the document, by which publishing the same
    again is known. The application's role may insert and read only.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=FlowStatus)
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="workflow_flow_version")
        ]


class Run(models.Model):
    """One record on its way through a flow, from start to end; its id is the record's.

    kind, code: what the record is and how people call it: "public_services.dossier", its public
    code; its title may name somebody and is a `Remark`. units: part to unit id. group: what rights
    may be narrowed to, such as a procedure's field. data: plain values that conditions read.
    promised_at: the printed date, which only an extension moves. expected_at: the promise and the
    paused working time. clock_unit: the unit whose calendar counts. counts_from: when the time of
    the law began, null while nothing is promised. paused_at: since when the clock stands still.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=80)
    code = models.CharField(max_length=80)
    flow = models.ForeignKey(
        FlowVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    units = models.JSONField()
    group = models.CharField(max_length=80, blank=True)
    data = models.JSONField()
    clock_unit = models.ForeignKey(
        "organisations.Unit", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    started_at = models.DateTimeField()
    counts_from = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    expected_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workflow_run_promise_whole",
                condition=Q(promised_at=None, expected_at=None, counts_from=None)
                | Q(
                    promised_at__isnull=False, expected_at__isnull=False, counts_from__isnull=False
                ),
            ),
            models.CheckConstraint(
                name="workflow_run_expected_after_promise",
                condition=Q(promised_at=None) | Q(expected_at__gte=F("promised_at")),
            ),
            models.CheckConstraint(
                name="workflow_run_outcome_at_end",
                condition=Q(ended_at=None, outcome="")
                | (Q(ended_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="workflow_run_ended_not_paused",
                condition=Q(ended_at=None) | Q(paused_at=None),
            ),
        ]

    @property
    def is_over(self) -> bool:
        """Whether the run has ended."""
        return self.ended_at is not None


class Task(models.Model):
    """An open task: one step that waits for one unit; the row moves to ClosedTask when done.

    permission: what the act needs in the unit. branch: its place in a fork, "" outside. due_at:
    when the step is due, null where it does not count. record_due_at: the run's expected date, null
    where the record has its answer already (`Act.after`).
    sort_at: where lists place it. version: rises with each change, so that a stale page is refused.
    Nothing in the row is personal, so that lists and counters are answered by its indexes alone.
    """

    title = ""
    """What lists show of the record, where they were read by whoever may see it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    step = models.CharField(max_length=60)
    act = models.CharField(max_length=120)
    permission = models.CharField(max_length=120)
    unit = models.ForeignKey(
        "organisations.Unit", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    group = models.CharField(max_length=80, blank=True)
    assignee = models.UUIDField(null=True)
    branch = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    record_due_at = models.DateTimeField(null=True)
    sort_at = models.GeneratedField(
        expression=Coalesce(F("record_due_at"), F("due_at"), Value(FAR)),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    is_paused = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "step", "branch"], name="workflow_task_once_a_branch"
            )
        ]
        indexes = [
            models.Index(
                fields=["unit", "act", "is_paused", "sort_at", "id"],
                include=["group"],
                name="workflow_task_waiting",
                condition=Q(assignee=None),
            ),
            models.Index(
                fields=["unit", "act", "is_paused", "sort_at", "id"],
                include=["group", "assignee"],
                name="workflow_task_given",
                condition=Q(assignee__isnull=False),
            ),
            models.Index(
                fields=["group", "act", "is_paused", "sort_at", "id"],
                include=["unit"],
                name="workflow_task_waiting_wide",
                condition=Q(assignee=None),
            ),
            models.Index(
                fields=["group", "act", "is_paused", "sort_at", "id"],
                include=["unit", "assignee"],
                name="workflow_task_given_wide",
                condition=Q(assignee__isnull=False),
            ),
            models.Index(
                fields=["assignee", "is_paused", "sort_at", "id"],
                include=["unit", "act", "group"],
                name="workflow_task_mine",
                condition=Q(assignee__isnull=False),
            ),
        ]

    @property
    def record(self) -> UUID:
        """The record's id."""
        return self.run_id

    @property
    def kind(self) -> str:
        """The record's kind."""
        return self.run.kind

    @property
    def code(self) -> str:
        """The record's public code."""
        return self.run.code


class ClosedTask(models.Model):
    """A task that is done; the run's history, never changed. Partitioned by the task's id.

    closed_by: whoever ended it, null for the system. outcome: as the flow names it.
    """

    comment = ""
    """What was said at its end, where it was read by whoever may see it (see `Remark`)."""

    id = models.UUIDField(primary_key=True, editable=False)
    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    step = models.CharField(max_length=60)
    act = models.CharField(max_length=120)
    unit = models.ForeignKey(
        "organisations.Unit",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    assignee = models.UUIDField(null=True)
    branch = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60)
    closed_at = models.DateTimeField()
    closed_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["run", "id"], name="workflow_closed_by_run"),
        ]

    @property
    def record(self) -> UUID:
        """The record's id."""
        return self.run_id

    @property
    def is_late(self) -> bool:
        """Whether the step was ended after it was due."""
        return self.due_at is not None and self.closed_at > self.due_at


class Remark(models.Model):
    """Words that may name somebody: the title of a run, the comment with which a task was ended.

    Kept apart from runs and tasks, so that these stay quick and open to every verb, and closed by
    row security: seen by whoever takes part in the record or has a right in the unit.
    id: of the run whose title, or of the closed task whose comment it is. unit: whose clock the run
    runs by, or the task's own.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    run = models.ForeignKey(
        Run, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    unit = models.ForeignKey(
        "organisations.Unit",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    text = models.TextField()


class ClockInterval(models.Model):
    """A stretch in which a run's clock stands still ("tạm dừng tính thời hạn").

    reason: a short code such as "supplement". ground: the words of the act and the rule behind it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="intervals")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=60)
    ground = models.TextField()
    started_by = models.UUIDField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workflow_interval_order",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
            ),
            models.UniqueConstraint(
                fields=["run"], condition=Q(ended_at=None), name="workflow_interval_one_open"
            ),
        ]


class Extension(models.Model):
    """The promised date moved, with its ground ("gia hạn, hẹn lại"); the only way to move it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="extensions")
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()
    ground = models.TextField()
    extended_at = models.DateTimeField()
    extended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workflow_extension_later", condition=Q(new_due_at__gt=F("old_due_at"))
            )
        ]


class Timer(models.Model):
    """A moment at which a run wants to be heard of; the row goes when it has fired.

    task: the task it hangs on, null for the record's own. is_paused: it waits with the clock.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="timers")
    task = models.UUIDField(null=True)
    key = models.CharField(max_length=60)
    fire_at = models.DateTimeField()
    is_paused = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["fire_at"], name="workflow_timer_due", condition=Q(is_paused=False)
            ),
        ]
