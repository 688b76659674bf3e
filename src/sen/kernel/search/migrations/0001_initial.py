import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import sen.base.identifiers
from django.db import migrations, models
from sen.base.row_security import actor_conditions, no_policy_sql, policy_sql

TABLE = "search_searchentry"
TYPES = "tsquery, tsquery, text[], jsonb, boolean, timestamptz, uuid, integer"
FIND = """
CREATE FUNCTION search_find(asked tsquery, marked tsquery, kinds text[], ways jsonb,
    before_exact boolean, before_at timestamptz, before_id uuid, most integer)
RETURNS TABLE (id uuid, kind varchar, record uuid, code varchar, title varchar, at timestamptz,
    is_exact boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
WITH way AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(ways) AS w(kinds text[], units uuid[])
)
SELECT found.id, found.kind, found.record, found.code, found.title, found.at, found.is_exact FROM (
    SELECT entry.*, entry.exact @@ marked AS is_exact FROM search_searchentry entry
    WHERE entry.folded @@ asked AND entry.kind = ANY(search_find.kinds) AND (
        {is_system} OR entry.persons && {persons} OR (
            entry.units && {units} AND EXISTS (SELECT FROM way
                WHERE entry.kind = ANY(way.kinds) AND entry.units && way.units)))
) found
WHERE before_id IS NULL
    OR (found.is_exact, found.at, found.id) < (before_exact, before_at, before_id)
ORDER BY found.is_exact DESC, found.at DESC, found.id DESC LIMIT most;
END;
"""
# Behind a policy no index of words can be used: the database must first know that a row may be
# seen. This function belongs to the owner, who sees every row, and asks for the actor itself.
OWNER_SEES = f"CREATE POLICY search_of_owner ON {TABLE} FOR SELECT TO CURRENT_USER USING (true)"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=80)),
                ('record', models.UUIDField()),
                ('code', models.CharField(max_length=120)),
                ('title', models.CharField(max_length=500)),
                ('folded', django.contrib.postgres.search.SearchVectorField()),
                ('exact', django.contrib.postgres.search.SearchVectorField()),
                ('units', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('persons', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['folded'], name='search_entry_words'), django.contrib.postgres.indexes.GinIndex(fields=['units'], name='search_entry_units'), django.contrib.postgres.indexes.GinIndex(fields=['persons'], name='search_entry_persons')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'record'), name='search_entry_once')],
            },
        ),
        migrations.RunSQL(
            policy_sql(TABLE, unit_arrays=["units"], person_arrays=["persons"]),
            no_policy_sql(TABLE),
        ),
        migrations.RunSQL(OWNER_SEES, f"DROP POLICY search_of_owner ON {TABLE}"),
        migrations.RunSQL(
            FIND.format(**actor_conditions()), f"DROP FUNCTION search_find({TYPES})"
        ),
    ]
