from django.conf import settings
from django.db import migrations, models

import sen.base.identifiers
from sen.base import clock, partitions
from sen.base.row_security import no_policy_sql, policy_sql

APP = settings.DATABASES["default"]["USER"]
INBOX, OUT = "notifications_notification", "notifications_delivery"


def statements():
    for table in (INBOX, OUT):
        for month in partitions.months_from(clock.day(clock.now())):
            yield partitions.create_sql(table, month)
            yield partitions.close_sql(partitions.name_of(table, month), APP)
        yield from partitions.allow_only_sql(table, APP, "SELECT", "INSERT", "UPDATE")
    yield f"CREATE INDEX notifications_of_account ON {INBOX} (account, id)"
    yield f"CREATE INDEX notifications_unread ON {INBOX} (account) WHERE read_at IS NULL"
    yield f"CREATE INDEX notifications_failed ON {OUT} (id) WHERE state = 'failed'"
    yield f"CREATE INDEX notifications_by_record ON {OUT} (record)"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("access", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"CREATE TABLE {INBOX} ("
                    " id uuid PRIMARY KEY, account uuid NOT NULL, template varchar(120) NOT NULL,"
                    " slots jsonb NOT NULL, link varchar(300) NOT NULL, record uuid NOT NULL,"
                    " created_at timestamptz NOT NULL, read_at timestamptz"
                    ") PARTITION BY RANGE (id)",
                    f"DROP TABLE {INBOX}",
                ),
                migrations.RunSQL(
                    f"CREATE TABLE {OUT} ("
                    " id uuid PRIMARY KEY, account uuid, person uuid, medium varchar(10) NOT NULL,"
                    " template varchar(120) NOT NULL, slots jsonb NOT NULL,"
                    " link varchar(300) NOT NULL, record uuid NOT NULL, state varchar(10) NOT NULL,"
                    " tries smallint NOT NULL CONSTRAINT notifications_tries CHECK (tries >= 0),"
                    " error varchar(300) NOT NULL, created_at timestamptz NOT NULL,"
                    " taken_at timestamptz, done_at timestamptz,"
                    " CONSTRAINT notifications_delivery_to_somebody"
                    " CHECK (account IS NOT NULL OR person IS NOT NULL)"
                    ") PARTITION BY RANGE (id)",
                    f"DROP TABLE {OUT}",
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name='Delivery',
                    fields=[
                        ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                        ('account', models.UUIDField(null=True)),
                        ('person', models.UUIDField(null=True)),
                        ('medium', models.CharField(choices=[('email', 'Thư điện tử'), ('sms', 'Tin nhắn SMS')], max_length=10)),
                        ('template', models.CharField(max_length=120)),
                        ('slots', models.JSONField()),
                        ('link', models.CharField(max_length=300)),
                        ('record', models.UUIDField()),
                        ('state', models.CharField(choices=[('waiting', 'Đang chờ gửi'), ('sent', 'Đã gửi'), ('skipped', 'Không có địa chỉ'), ('failed', 'Gửi không được')], max_length=10)),
                        ('tries', models.PositiveSmallIntegerField(default=0)),
                        ('error', models.CharField(blank=True, max_length=300)),
                        ('created_at', models.DateTimeField()),
                        ('taken_at', models.DateTimeField(null=True)),
                        ('done_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state', 'failed')), fields=['id'], name='notifications_failed'), models.Index(fields=['record'], name='notifications_by_record')],
                    },
                ),
                migrations.CreateModel(
                    name='Notification',
                    fields=[
                        ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                        ('account', models.UUIDField()),
                        ('template', models.CharField(max_length=120)),
                        ('slots', models.JSONField()),
                        ('link', models.CharField(max_length=300)),
                        ('record', models.UUIDField()),
                        ('created_at', models.DateTimeField()),
                        ('read_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['account', 'id'], name='notifications_of_account'), models.Index(condition=models.Q(('read_at', None)), fields=['account'], name='notifications_unread')],
                    },
                ),
            ],
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('account', models.UUIDField()),
                ('medium', models.CharField(choices=[('email', 'Thư điện tử'), ('sms', 'Tin nhắn SMS')], max_length=10)),
                ('is_on', models.BooleanField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'medium'), name='notifications_preference_once')],
            },
        ),
        migrations.RunSQL(list(statements()), migrations.RunSQL.noop),
        migrations.RunSQL(
            policy_sql(INBOX, account_columns=["account"]),
            no_policy_sql(INBOX),
        ),
        migrations.RunSQL(
            policy_sql(
                OUT, account_columns=["account"], person_columns=["person"], record_column="record"
            ),
            no_policy_sql(OUT),
        ),
    ]
