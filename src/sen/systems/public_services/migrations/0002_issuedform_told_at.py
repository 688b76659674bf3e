"""When the parties were told what a prescribed paper speaks of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("public_services", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="issuedform",
            name="told_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
