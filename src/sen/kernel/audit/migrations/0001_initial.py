from django.conf import settings
from django.db import migrations, models

import sen.base.identifiers
from sen.base import clock, partitions
from sen.base.row_security import archive_policy_sql, no_policy_sql

APP = settings.DATABASES["default"]["USER"]
MONTHS = partitions.months_from(clock.day(clock.now()))


def statements():
    for month in MONTHS:
        yield partitions.create_sql("audit_entry", month)
        yield partitions.close_sql(partitions.name_of("audit_entry", month), APP)
    for table in ("audit_entry", "audit_seal", "audit_anchor"):
        yield from partitions.allow_only_sql(table, APP, "SELECT", "INSERT")
    yield from partitions.allow_only_sql("audit_pending", APP, "SELECT", "INSERT", "DELETE")
    yield from partitions.allow_only_sql("audit_revision", APP, "SELECT", "INSERT", "DELETE")


class Migration(migrations.Migration):
    initial = True

    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE TABLE audit_entry ("
                    " id uuid PRIMARY KEY, at timestamptz NOT NULL, action text NOT NULL,"
                    " subject_kind text NOT NULL, subject_id uuid NOT NULL,"
                    " subject_code text NOT NULL, account uuid, person uuid, position uuid,"
                    " unit uuid, acting_for uuid, token uuid, strength smallint NOT NULL,"
                    " channel text NOT NULL, reason text NOT NULL, fields jsonb NOT NULL,"
                    " CONSTRAINT audit_entry_action CHECK (action <> '')"
                    ") PARTITION BY RANGE (id)",
                    "DROP TABLE audit_entry",
                ),
                migrations.RunSQL(
                    "CREATE INDEX audit_entry_subject ON audit_entry (subject_id, id)",
                    migrations.RunSQL.noop,
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="AuditEntry",
                    fields=[
                        ("id", models.UUIDField(default=sen.base.identifiers.new_id, primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("action", models.TextField()),
                        ("subject_kind", models.TextField()),
                        ("subject_id", models.UUIDField()),
                        ("subject_code", models.TextField()),
                        ("account", models.UUIDField(null=True)),
                        ("person", models.UUIDField(null=True)),
                        ("position", models.UUIDField(null=True)),
                        ("unit", models.UUIDField(null=True)),
                        ("acting_for", models.UUIDField(null=True)),
                        ("token", models.UUIDField(null=True)),
                        ("strength", models.PositiveSmallIntegerField()),
                        ("channel", models.TextField()),
                        ("reason", models.TextField()),
                        ("fields", models.JSONField()),
                    ],
                    options={"db_table": "audit_entry"},
                ),
            ],
        ),
        migrations.CreateModel(
            name="PendingEntry",
            fields=[("id", models.UUIDField(primary_key=True, serialize=False))],
            options={"db_table": "audit_pending"},
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE TABLE audit_seal ("
                    " number bigint PRIMARY KEY CHECK (number > 0), entries uuid[] NOT NULL,"
                    " leaves bytea[] NOT NULL, root bytea NOT NULL, former bytea NOT NULL UNIQUE,"
                    " chain bytea NOT NULL, sealed_at timestamptz NOT NULL)",
                    "DROP TABLE audit_seal",
                ),
                migrations.RunSQL(
                    "CREATE INDEX audit_seal_sealed_at ON audit_seal (sealed_at)",
                    migrations.RunSQL.noop,
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="AuditSeal",
                    fields=[
                        ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("root", models.BinaryField()),
                        ("former", models.BinaryField()),
                        ("chain", models.BinaryField()),
                        ("sealed_at", models.DateTimeField()),
                    ],
                    options={"db_table": "audit_seal"},
                ),
            ],
        ),
        migrations.CreateModel(
            name="Anchor",
            fields=[
                ("seal", models.BigIntegerField(primary_key=True, serialize=False)),
                ("token", models.BinaryField()),
                ("authority", models.TextField()),
                ("stamped_at", models.DateTimeField()),
            ],
            options={"db_table": "audit_anchor"},
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.UUIDField(default=sen.base.identifiers.new_id, primary_key=True, serialize=False)),
                ("entry", models.UUIDField()),
                ("subject_kind", models.TextField()),
                ("subject_id", models.UUIDField()),
                ("field", models.TextField()),
                ("sealed", models.BinaryField()),
            ],
            options={
                "db_table": "audit_revision",
                "indexes": [models.Index(fields=["subject_id", "id"], name="audit_revision_subject")],
            },
        ),
        migrations.RunSQL(list(statements()), migrations.RunSQL.noop),
        migrations.RunSQL(archive_policy_sql("audit_revision"), no_policy_sql("audit_revision")),
        # Rows come and go all day; what is gone must not be walked over.
        migrations.RunSQL(
            "ALTER TABLE audit_pending SET (autovacuum_vacuum_scale_factor = 0,"
            " autovacuum_vacuum_threshold = 1000)",
            migrations.RunSQL.noop,
        ),
    ]
