"""Which facts came back; the order of time; how long a lookup is kept."""

import django.contrib.postgres.fields
from django.db import migrations, models

KEPT = """
    INSERT INTO legal_value (id, key, value, valid_from, valid_to, source, status, note)
    SELECT gen_random_uuid(), 'registries.lookup_kept_days', '730', '2026-01-01', NULL,
        'Đặt sẵn 24 tháng theo nguyên tắc không lưu lâu hơn mục đích, Luật 91/2025/QH15',
        'unknown', 'Thay bằng quyết định của Ủy ban nhân dân tỉnh.'
    WHERE NOT EXISTS (SELECT FROM legal_value WHERE key = 'registries.lookup_kept_days')
"""
GONE = "DELETE FROM legal_value WHERE key = 'registries.lookup_kept_days'"


class Migration(migrations.Migration):

    dependencies = [
        ('registries', '0001_initial'),
        ('legal', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='lookup',
            name='fields',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None),
        ),
        migrations.AddIndex(
            model_name='lookup',
            index=models.Index(fields=['at', 'id'], name='registries_lookup_by_time'),
        ),
        migrations.RunSQL(KEPT, GONE),
    ]
