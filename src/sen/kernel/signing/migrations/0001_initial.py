import django.contrib.postgres.fields
import django.db.models.deletion
import sen.base.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Authority',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('certificate', models.BinaryField()),
                ('key', models.CharField(max_length=60, unique=True)),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('holder_kind', models.CharField(choices=[('person', 'Cá nhân'), ('unit', 'Cơ quan, tổ chức')], max_length=10)),
                ('holder', models.UUIDField()),
                ('name', models.CharField(max_length=200)),
                ('organisation', models.CharField(max_length=300)),
                ('serial', models.CharField(max_length=64)),
                ('certificate', models.BinaryField()),
                ('fingerprint', models.BinaryField(unique=True)),
                ('key', models.CharField(max_length=60, unique=True)),
                ('image', models.BinaryField(default=bytes)),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('revocation_reason', models.CharField(blank=True, max_length=300)),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='signing.authority')),
            ],
        ),
        migrations.CreateModel(
            name='SignatureRequest',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('pending', 'Đang chờ ký'), ('completed', 'Đã ký'), ('failed', 'Ký không thành công'), ('cancelled', 'Đã huỷ yêu cầu')], default='pending', max_length=10)),
                ('purpose', models.CharField(max_length=100)),
                ('subject_kind', models.CharField(max_length=100)),
                ('subject', models.UUIDField()),
                ('documents', models.JSONField()),
                ('is_certifying', models.BooleanField()),
                ('signed', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('failure', models.CharField(blank=True, max_length=500)),
                ('requested_by', models.UUIDField(null=True)),
                ('requested_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField()),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='signing.certificate')),
            ],
        ),
        migrations.CreateModel(
            name='TrustRoot',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('certificate', models.BinaryField()),
                ('fingerprint', models.BinaryField(unique=True)),
                ('trusted_from', models.DateTimeField()),
                ('trusted_to', models.DateTimeField(null=True)),
                ('source', models.CharField(max_length=300)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('trusted_to__isnull', True), ('trusted_to__gt', models.F('trusted_from')), _connector='OR'), name='signing_root_dates')],
            },
        ),
        migrations.AddField(
            model_name='authority',
            name='root',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='signing.trustroot'),
        ),
        migrations.AddIndex(
            model_name='certificate',
            index=models.Index(fields=['holder', 'valid_from'], name='signing_certificate_holder'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__gt', models.F('valid_from'))), name='signing_certificate_dates'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.UniqueConstraint(fields=('issuer', 'serial'), name='signing_certificate_serial'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.CheckConstraint(condition=models.Q(('holder_kind__in', ['person', 'unit'])), name='signing_certificate_kind'),
        ),
        migrations.AddIndex(
            model_name='signaturerequest',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['next_try_at'], name='signing_request_pending'),
        ),
        migrations.AddIndex(
            model_name='signaturerequest',
            index=models.Index(fields=['subject'], name='signing_request_subject'),
        ),
        migrations.AddConstraint(
            model_name='signaturerequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'completed', 'failed', 'cancelled'])), name='signing_request_state'),
        ),
        migrations.AddConstraint(
            model_name='signaturerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'pending')), models.Q(models.Q(('state', 'pending'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='signing_request_ended'),
        ),
        migrations.AddConstraint(
            model_name='signaturerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), models.Q(('failure', ''), _negated=True)), models.Q(models.Q(('state', 'failed'), _negated=True), ('failure', '')), _connector='OR'), name='signing_request_failure'),
        ),
        migrations.AddConstraint(
            model_name='authority',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__gt', models.F('valid_from'))), name='signing_authority_dates'),
        ),
    ]
