"""Who sits in a council that has not concluded takes part in its dossier, no longer by the unit."""

from __future__ import annotations

from django.db import migrations

from sen.base.row_security import SYSTEM

_SIT = """
INSERT INTO access_participation (id, record, kind, person, why, since)
SELECT gen_random_uuid(), dossier.id, 'public_services.dossier', account.person_id, 'member',
    council.convened_at
FROM public_services_councilseat seat
JOIN public_services_dossier dossier ON dossier.id = seat.dossier_id
JOIN public_services_council council ON council.dossier_id = dossier.id
JOIN identity_account account ON account.id = seat.account
WHERE seat.attendance IN ('awaited', 'present') AND council.concluded_at IS NULL
    AND dossier.ended_at IS NULL AND account.person_id IS NOT NULL
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("identity", "0001_initial"),
        ("public_services", "0011_fewer_indexes"),
    ]

    operations = [
        migrations.RunSQL(
            [f"SELECT set_config('{SYSTEM}', 'on', true)", _SIT],
            "DELETE FROM access_participation"
            " WHERE kind = 'public_services.dossier' AND why = 'member'",
        ),
    ]
