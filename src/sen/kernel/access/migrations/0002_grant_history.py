"""Who gave a role and why, who took it back and why."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='grant',
            name='made_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='grant',
            name='made_by',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='grant',
            name='reason',
            field=models.CharField(blank=True, default='', max_length=500),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='grant',
            name='revoked_by',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='grant',
            name='revoked_reason',
            field=models.CharField(blank=True, default='', max_length=500),
            preserve_default=False,
        ),
    ]
