from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from sen.base.row_security import actor_conditions

TABLE = "search_searchentry"
TYPES = "tsquery, tsquery, text[], jsonb, boolean, timestamptz, uuid, integer"
FIND = """
CREATE FUNCTION {name}(asked tsquery, marked tsquery, kinds text[], ways jsonb,
    before_exact boolean, before_at timestamptz, before_id uuid, most integer{more})
RETURNS TABLE (id uuid, kind varchar, record uuid, code varchar, title varchar, at timestamptz,
    is_exact boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
WITH way AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(ways) AS w(kinds text[], units uuid[])
)
SELECT found.id, found.kind, found.record, found.code, found.title, found.at, found.is_exact FROM (
    SELECT entry.*, COALESCE(entry.exact @@ marked, true) AS is_exact FROM {source} entry
    WHERE {asked} AND entry.kind = ANY({name}.kinds) AND ({mine}) AND (
        {is_system} OR entry.persons && {persons} OR EXISTS (SELECT FROM way
            WHERE entry.kind = ANY(way.kinds) AND entry.units && way.units))
) found
WHERE {further}(before_id IS NULL
    OR (found.is_exact, found.at, found.id) < (before_exact, before_at, before_id))
ORDER BY found.is_exact DESC, found.at DESC, found.id DESC LIMIT most;
END;
"""
# The newest entries after a place, by their index, whatever they hold.
NEWEST = """(SELECT * FROM search_searchentry newest
        WHERE (newest.at, newest.id) < (COALESCE(before_at, 'infinity'),
            COALESCE(before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
        ORDER BY newest.at DESC, newest.id DESC LIMIT looked)"""


# What a few units and persons see, each by the index that knows words and whose they are together.
NEAR = """(SELECT * FROM search_searchentry own
        WHERE own.folded @@ whole AND own.units && {units}
    UNION ALL SELECT * FROM search_searchentry own
        WHERE own.folded @@ whole AND own.persons && {persons}
            AND (own.units && {units}) IS NOT TRUE)"""


def functions():
    """Return the functions that find: among all entries, among a few units' own, the newest.

    The second asks by two arms and not by an OR, nor for the system: the database would read all
    that have the words and look at each. Its index is asked for the words that are whole, and the
    rest is asked of what it finds: by a function, for which there is no index.
    """
    acting = actor_conditions()
    mine = "{is_system} OR entry.units && {units} OR entry.persons && {persons}".format(**acting)
    by_index, by_each = "entry.folded @@ asked", "ts_match_vq(entry.folded, asked)"
    near = NEAR.format(**acting)
    for name, source, asked, mine, more, further in (
        ("search_find_all", TABLE, by_index, mine, "", ""),
        ("search_find_near", near, by_each, "true", ", whole tsquery", ""),
        ("search_find_newest", NEWEST, by_index, mine, ", looked integer", "found.is_exact AND "),
    ):
        sql = FIND.format(
            name=name, source=source, asked=asked, mine=mine, more=more, further=further, **acting
        )
        yield sql, f"DROP FUNCTION {name}({TYPES}{more})"


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0002_wordings'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='searchentry',
            index=models.Index(fields=['-at', '-id'], name='search_entry_newest'),
        ),
        migrations.AddIndex(
            model_name='searchentry',
            index=GinIndex(fields=['folded', 'units', 'persons'], name='search_entry_found'),
        ),
        migrations.RemoveIndex('searchentry', 'search_entry_words'),
        migrations.RemoveIndex('searchentry', 'search_entry_units'),
        migrations.RemoveIndex('searchentry', 'search_entry_persons'),
        *(migrations.RunSQL(make, drop) for make, drop in functions()),
    ]
