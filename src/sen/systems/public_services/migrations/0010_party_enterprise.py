"""An enterprise may own a dossier."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

CONTRACT = "0031: the constraint speaks of the new column, which the version before leaves empty"


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "__first__"),
        ("public_services", "0009_handing_over_has_no_date"),
    ]

    operations = [
        migrations.AddField(
            model_name="party",
            name="enterprise",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="identity.enterprise",
            ),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=Q(enterprise=None) | Q(role="owner", person=None),
                name="party_enterprise_owns",
            ),
        ),
    ]
