import datetime
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import sen.base.identifiers
from sen.base import clock, partitions
from sen.base.row_security import no_policy_sql, policy_sql

APP = settings.DATABASES["default"]["USER"]
CLOSED = "workflow_closedtask"
REMARK = "workflow_remark"


def statements():
    for month in partitions.months_from(clock.day(clock.now())):
        yield partitions.create_sql(CLOSED, month)
        yield partitions.close_sql(partitions.name_of(CLOSED, month), APP)
    yield f"CREATE INDEX workflow_closed_by_run ON {CLOSED} (run_id, id)"
    yield from partitions.allow_only_sql(CLOSED, APP, "SELECT", "INSERT")
    yield from partitions.allow_only_sql("workflow_flowversion", APP, "SELECT", "INSERT")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('organisations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='FlowVersion',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=120)),
                ('version', models.PositiveIntegerField()),
                ('document', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('status', models.CharField(choices=[('approved', 'Đã phê duyệt'), ('sample', 'Quy trình mẫu')], max_length=10)),
                ('published_at', models.DateTimeField()),
                ('published_by', models.UUIDField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='workflow_flow_version')],
            },
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=80)),
                ('code', models.CharField(max_length=80)),
                ('units', models.JSONField()),
                ('group', models.CharField(blank=True, max_length=80)),
                ('data', models.JSONField()),
                ('started_at', models.DateTimeField()),
                ('counts_from', models.DateTimeField(null=True)),
                ('promised_at', models.DateTimeField(null=True)),
                ('expected_at', models.DateTimeField(null=True)),
                ('paused_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=60)),
                ('clock_unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.unit')),
                ('flow', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.flowversion')),
            ],
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('old_due_at', models.DateTimeField()),
                ('new_due_at', models.DateTimeField()),
                ('ground', models.TextField()),
                ('extended_at', models.DateTimeField()),
                ('extended_by', models.UUIDField(null=True)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='workflow.run')),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"CREATE TABLE {CLOSED} ("
                    " id uuid PRIMARY KEY, run_id uuid NOT NULL, step varchar(60) NOT NULL,"
                    " act varchar(120) NOT NULL, unit_id uuid NOT NULL, assignee uuid,"
                    " branch varchar(60) NOT NULL, opened_at timestamptz NOT NULL,"
                    " due_at timestamptz, outcome varchar(60) NOT NULL,"
                    " closed_at timestamptz NOT NULL, closed_by uuid"
                    ") PARTITION BY RANGE (id)",
                    f"DROP TABLE {CLOSED}",
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name='ClosedTask',
                    fields=[
                        ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                        ('step', models.CharField(max_length=60)),
                        ('act', models.CharField(max_length=120)),
                        ('assignee', models.UUIDField(null=True)),
                        ('branch', models.CharField(blank=True, max_length=60)),
                        ('opened_at', models.DateTimeField()),
                        ('due_at', models.DateTimeField(null=True)),
                        ('outcome', models.CharField(max_length=60)),
                        ('closed_at', models.DateTimeField()),
                        ('closed_by', models.UUIDField(null=True)),
                        ('unit', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.unit')),
                        ('run', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.run')),
                    ],
                ),
                migrations.AddIndex(
                    model_name='closedtask',
                    index=models.Index(fields=['run', 'id'], name='workflow_closed_by_run'),
                ),
            ],
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('text', models.TextField()),
                ('run', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workflow.run')),
                ('unit', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.unit')),
            ],
        ),
        migrations.CreateModel(
            name='ClockInterval',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(max_length=60)),
                ('ground', models.TextField()),
                ('started_by', models.UUIDField(null=True)),
                ('ended_by', models.UUIDField(null=True)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='intervals', to='workflow.run')),
            ],
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('step', models.CharField(max_length=60)),
                ('act', models.CharField(max_length=120)),
                ('permission', models.CharField(max_length=120)),
                ('group', models.CharField(blank=True, max_length=80)),
                ('assignee', models.UUIDField(null=True)),
                ('branch', models.CharField(blank=True, max_length=60)),
                ('opened_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('record_due_at', models.DateTimeField(null=True)),
                ('sort_at', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce(models.F('record_due_at'), models.F('due_at'), models.Value(datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), output_field=models.DateTimeField())),
                ('is_paused', models.BooleanField(default=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='workflow.run')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Timer',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('task', models.UUIDField(null=True)),
                ('key', models.CharField(max_length=60)),
                ('fire_at', models.DateTimeField()),
                ('is_paused', models.BooleanField(default=False)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='timers', to='workflow.run')),
            ],
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('counts_from', None), ('expected_at', None), ('promised_at', None)), models.Q(('counts_from__isnull', False), ('expected_at__isnull', False), ('promised_at__isnull', False)), _connector='OR'), name='workflow_run_promise_whole'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.CheckConstraint(condition=models.Q(('promised_at', None), ('expected_at__gte', models.F('promised_at')), _connector='OR'), name='workflow_run_expected_after_promise'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('outcome', '')), models.Q(('ended_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='workflow_run_outcome_at_end'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), ('paused_at', None), _connector='OR'), name='workflow_run_ended_not_paused'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.CheckConstraint(condition=models.Q(('new_due_at__gt', models.F('old_due_at'))), name='workflow_extension_later'),
        ),
        migrations.AddConstraint(
            model_name='clockinterval',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='workflow_interval_order'),
        ),
        migrations.AddConstraint(
            model_name='clockinterval',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('run',), name='workflow_interval_one_open'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('assignee', None)), fields=['unit', 'act', 'is_paused', 'sort_at', 'id'], include=['group'], name='workflow_task_waiting'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('assignee__isnull', False)), fields=['unit', 'act', 'is_paused', 'sort_at', 'id'], include=['group', 'assignee'], name='workflow_task_given'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('assignee__isnull', False)), fields=['assignee', 'is_paused', 'sort_at', 'id'], include=['unit', 'act', 'group'], name='workflow_task_mine'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.UniqueConstraint(fields=('run', 'step', 'branch'), name='workflow_task_once_a_branch'),
        ),
        migrations.AddIndex(
            model_name='timer',
            index=models.Index(condition=models.Q(('is_paused', False)), fields=['fire_at'], name='workflow_timer_due'),
        ),
        migrations.RunSQL(list(statements()), migrations.RunSQL.noop),
        migrations.RunSQL(
            policy_sql(REMARK, unit_columns=["unit_id"], record_column="run_id"),
            no_policy_sql(REMARK),
        ),
    ]
