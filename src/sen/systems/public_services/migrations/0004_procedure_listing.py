"""What the list of all codes says of a procedure, also of one that is not filed here."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('public_services', '0003_procedure_off'),
    ]

    operations = [
        migrations.AddField(
            model_name='procedure',
            name='listing',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name='procedure',
            name='level',
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name='procedure',
            name='settled_in',
            field=models.TextField(choices=[('province', 'Hệ thống của tỉnh'), ('ministry', 'Hệ thống tập trung của bộ, ngành'), ('unknown', 'Chưa rõ hệ thống giải quyết')], default='province'),
        ),
    ]
