"""What the queue itself does not keep: why a job failed."""

from __future__ import annotations

from django.db import models


class Failure(models.Model):
    """The latest failure of a job that failed at least once.

    The row goes with the job. The reason is the kind of failure and the first line of its text,
    without the values that a database puts into its details.
    """

    job_id = models.BigIntegerField(primary_key=True)
    attempts = models.PositiveIntegerField()
    reason = models.TextField()
    failed_at = models.DateTimeField()

    class Meta:
        db_table = "jobs_failure"
