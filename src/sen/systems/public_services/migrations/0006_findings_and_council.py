"""What an examining official or a council establishes in a dossier, and the council itself."""

import django.db.models.deletion
import sen.base.identifiers
from django.db import migrations, models
from sen.base.row_security import no_policy_sql, policy_sql


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0001_initial'),
        ('forms', '0001_initial'),
        ('public_services', '0005_life_events'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='council',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='case',
            name='findings_version',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='forms.formversion'),
        ),
        migrations.CreateModel(
            name='Findings',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('established_by', models.UUIDField()),
                ('established_at', models.DateTimeField()),
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='public_services.dossier')),
                ('form_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='forms.formversion')),
            ],
        ),
        migrations.CreateModel(
            name='Council',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('chair', models.UUIDField()),
                ('convened_at', models.DateTimeField()),
                ('meets_at', models.DateTimeField()),
                ('place', models.TextField()),
                ('concluded_at', models.DateTimeField(blank=True, null=True)),
                ('number', models.PositiveIntegerField(blank=True, null=True)),
                ('state', models.TextField(choices=[('draft', 'Dự thảo'), ('requested', 'Đang ký số'), ('signed', 'Đã ký'), ('sealing', 'Đang đóng dấu'), ('sealed', 'Đã đóng dấu'), ('failed', 'Ký số lỗi')], default='draft')),
                ('failure', models.TextField(blank=True)),
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='council', to='public_services.dossier')),
                ('minutes', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.file')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('concluded_at__isnull', False), ('minutes__isnull', False), ('number__isnull', False)), _connector='OR'), name='council_minutes_after_conclusion')],
            },
        ),
        migrations.CreateModel(
            name='CouncilSeat',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('step', models.TextField()),
                ('title', models.JSONField()),
                ('account', models.UUIDField(blank=True, null=True)),
                ('attendance', models.TextField(choices=[('awaited', 'Chờ ý kiến'), ('present', 'Đã có ý kiến'), ('absent', 'Vắng mặt'), ('vacant', 'Không có người')], default='awaited')),
                ('reason', models.TextField(blank=True)),
                ('opined_at', models.DateTimeField(blank=True, null=True)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='council_seats', to='public_services.dossier')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dossier', 'step'), name='councilseat_step_once'), models.CheckConstraint(condition=models.Q(models.Q(('attendance', 'present'), _negated=True), models.Q(('account__isnull', False), ('opined_at__isnull', False)), _connector='OR'), name='councilseat_present_has_opinion'), models.CheckConstraint(condition=models.Q(models.Q(('attendance', 'absent'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='councilseat_absent_says_why')],
            },
        ),
        *(
            migrations.RunSQL(policy_sql(table, record_column="dossier_id"), no_policy_sql(table))
            for table in (
                "public_services_findings",
                "public_services_council",
                "public_services_councilseat",
            )
        ),
    ]
