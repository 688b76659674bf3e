"""Handing over waits for people, not for the law: no date stands against it, no timer is left."""

from __future__ import annotations

from django.db import migrations

_HANDED = "act = 'public_services.hand_over'"


class Migration(migrations.Migration):
    dependencies = [
        ("public_services", "0008_open_work_indexes"),
        ("workflow", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            [
                f"UPDATE workflow_task SET record_due_at = NULL, due_at = NULL WHERE {_HANDED}",
                "DELETE FROM workflow_timer timer WHERE timer.task IS NULL AND EXISTS ("
                f"SELECT FROM workflow_task WHERE run_id = timer.run_id AND {_HANDED})",
            ],
            reverse_sql="UPDATE workflow_task SET record_due_at = run.expected_at"
            f" FROM workflow_run run WHERE run.id = run_id AND {_HANDED}",
        ),
    ]
