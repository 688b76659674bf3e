"""Since when and why a procedure is not offered, as citizens read it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('public_services', '0002_issuedform_told_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='procedure',
            name='off_reason',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='procedure',
            name='off_since',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='procedure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_active', True), ('off_reason', ''), ('off_since__isnull', True)), ('is_active', False), _connector='OR'), name='procedure_off_says_why'),
        ),
    ]
