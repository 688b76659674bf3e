from django.conf import settings
from django.db import migrations, models

import sen.base.identifiers
from sen.base import clock, partitions

APP = settings.DATABASES["default"]["USER"]
MONTHS = partitions.months_from(clock.day(clock.now()))


def statements():
    for table in ("events_event", "events_taken_up"):
        for month in MONTHS:
            yield partitions.create_sql(table, month)
            yield partitions.close_sql(partitions.name_of(table, month), APP)
        yield from partitions.allow_only_sql(table, APP, "SELECT", "INSERT")
    yield from partitions.allow_only_sql("events_pending", APP, "SELECT", "INSERT", "DELETE")


class Migration(migrations.Migration):
    initial = True

    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE TABLE events_event ("
                    " id uuid PRIMARY KEY, name text NOT NULL, version smallint NOT NULL"
                    " CONSTRAINT events_event_version CHECK (version > 0), record uuid NOT NULL,"
                    " payload jsonb NOT NULL, published_at timestamptz NOT NULL"
                    ") PARTITION BY RANGE (id)",
                    "DROP TABLE events_event",
                ),
                migrations.RunSQL(
                    "CREATE TABLE events_taken_up ("
                    " event_id uuid NOT NULL, handler text NOT NULL, taken_at timestamptz NOT NULL,"
                    " PRIMARY KEY (event_id, handler)"
                    ") PARTITION BY RANGE (event_id)",
                    "DROP TABLE events_taken_up",
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="StoredEvent",
                    fields=[
                        ("id", models.UUIDField(default=sen.base.identifiers.new_id, primary_key=True, serialize=False)),
                        ("name", models.TextField()),
                        ("version", models.PositiveSmallIntegerField()),
                        ("record", models.UUIDField()),
                        ("payload", models.JSONField()),
                        ("published_at", models.DateTimeField()),
                    ],
                    options={"db_table": "events_event"},
                ),
                migrations.CreateModel(
                    name="TakenUp",
                    fields=[
                        ("pk", models.CompositePrimaryKey("event_id", "handler", blank=True, editable=False, primary_key=True, serialize=False)),
                        ("event_id", models.UUIDField()),
                        ("handler", models.TextField()),
                        ("taken_at", models.DateTimeField()),
                    ],
                    options={"db_table": "events_taken_up"},
                ),
            ],
        ),
        migrations.CreateModel(
            name="PendingEvent",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("record", models.UUIDField()),
            ],
            options={"db_table": "events_pending"},
        ),
        migrations.RunSQL(list(statements()), migrations.RunSQL.noop),
        # Rows come and go all day; what is gone must not be walked over.
        migrations.RunSQL(
            "ALTER TABLE events_pending SET (autovacuum_vacuum_scale_factor = 0,"
            " autovacuum_vacuum_threshold = 1000)",
            migrations.RunSQL.noop,
        ),
    ]
