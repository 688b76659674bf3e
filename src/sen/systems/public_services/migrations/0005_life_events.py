"""Guides through life events, and former codes that lead to a procedure."""

import django.db.models.deletion
import sen.base.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('public_services', '0004_procedure_listing'),
    ]

    operations = [
        migrations.CreateModel(
            name='LifeEvent',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('position', models.PositiveIntegerField(default=0)),
                ('is_shown', models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name='ProcedureAlias',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.TextField(unique=True)),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='public_services.procedure')),
            ],
        ),
        migrations.CreateModel(
            name='LifeEventVersion',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('status', models.TextField(choices=[('draft', 'Dự thảo'), ('published', 'Đang áp dụng'), ('closed', 'Hết hiệu lực')], default='draft')),
                ('content', models.JSONField()),
                ('edits', models.PositiveIntegerField(default=0)),
                ('reason', models.TextField(blank=True)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='public_services.lifeevent')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event', 'number'), name='lifeeventversion_number_once'), models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('event',), name='lifeeventversion_one_draft'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('status', 'draft')), models.Q(('published_at__isnull', False), ('status', 'published')), _connector='OR'), name='lifeeventversion_published_when')],
            },
        ),
    ]
