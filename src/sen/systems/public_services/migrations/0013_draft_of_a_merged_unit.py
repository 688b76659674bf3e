"""A draft that bears the name of a unit that merged is nobody's to sign."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("public_services", "0012_councils_by_participation")]

    operations = [
        migrations.AlterField(
            model_name="decision", name="signer", field=models.UUIDField(null=True)
        ),
    ]
