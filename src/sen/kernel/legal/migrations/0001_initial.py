from django.db import migrations, models

import sen.base.identifiers


class Migration(migrations.Migration):
    initial = True

    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="LegalValue",
            fields=[
                ("id", models.UUIDField(default=sen.base.identifiers.new_id, primary_key=True, serialize=False)),
                ("key", models.TextField()),
                ("value", models.JSONField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("source", models.TextField()),
                ("status", models.TextField(choices=[("confirmed", "Đã đối chiếu bản gốc"), ("published", "Theo văn bản công bố"), ("unknown", "Chưa xác minh")])),
                ("note", models.TextField(default="")),
            ],
            options={
                "db_table": "legal_value",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"), name="legal_value_days_in_order"),
                    models.CheckConstraint(condition=models.Q(models.Q(("key", ""), _negated=True), models.Q(("source", ""), _negated=True)), name="legal_value_key_and_source"),
                    models.CheckConstraint(condition=models.Q(("status__in", ["confirmed", "published", "unknown"])), name="legal_value_status"),
                ],
            },
        ),
        # Two values of one key may not hold on one day. Without btree_gist a text has no place in
        # an exclusion constraint; its 64-bit hash as a range of one number has.
        migrations.RunSQL(
            "ALTER TABLE legal_value ADD CONSTRAINT legal_value_no_overlap EXCLUDE USING gist ("
            " int8range(hashtextextended(key, 0), hashtextextended(key, 0), '[]') WITH &&,"
            " daterange(valid_from, valid_to, '[)') WITH &&)",
            "ALTER TABLE legal_value DROP CONSTRAINT legal_value_no_overlap",
        ),
        migrations.RunSQL(
            "CREATE INDEX legal_value_key ON legal_value (key text_pattern_ops, valid_from)",
            "DROP INDEX legal_value_key",
        ),
        migrations.CreateModel(
            name="EditionRow",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("values_edition", models.BigIntegerField(db_column="values", default=1)),
                ("grants", models.BigIntegerField(default=1)),
                ("units", models.BigIntegerField(default=1)),
                ("menu", models.BigIntegerField(default=1)),
                ("calendar", models.BigIntegerField(default=1)),
            ],
            options={
                "db_table": "legal_editions",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="legal_editions_one_row")],
            },
        ),
        migrations.RunSQL(
            [
                "CREATE SEQUENCE legal_edition_number START 2",
                'INSERT INTO legal_editions (id, "values", grants, units, menu, calendar)'
                " VALUES (1, 1, 1, 1, 1, 1)",
            ],
            "DROP SEQUENCE legal_edition_number",
        ),
    ]
