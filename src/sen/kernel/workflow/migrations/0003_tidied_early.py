"""Tidy open tasks early: lists and counters are quick where their indexes alone answer.

Until a page of the table is vacuumed, each row of an index is looked up in the table; PostgreSQL
itself would wait until a fifth of all rows has changed.
"""

from django.db import migrations

NAMES = (
    "autovacuum_vacuum_scale_factor",
    "autovacuum_vacuum_insert_scale_factor",
    "autovacuum_analyze_scale_factor",
)


class Migration(migrations.Migration):

    dependencies = [
        ('workflow', '0002_lists_by_group'),
    ]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE workflow_task SET ({', '.join(f'{name} = 0.02' for name in NAMES)})",
            f"ALTER TABLE workflow_task RESET ({', '.join(NAMES)})",
        ),
    ]
