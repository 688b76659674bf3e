"""What officials ask at the counter: about somebody else, whom Sen may not keep, more than once."""

from django.db import migrations, models

CONTRACT = "0035: the constraint takes less than the one it replaces; no row of before is refused"
GONE = """
    SELECT set_config('sen.system', 'on', true);
    DELETE FROM registries_lookup WHERE unit IS NOT NULL;
"""
"""What the tables of before have no place for."""


class Migration(migrations.Migration):

    dependencies = [
        ('registries', '0003_more_registries'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='lookup',
            name='registries_asked_once',
        ),
        migrations.AddField(
            model_name='lookup',
            name='unit',
            field=models.UUIDField(null=True),
        ),
        migrations.AlterField(
            model_name='lookup',
            name='person',
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name='lookup',
            index=models.Index(fields=['question'], name='registries_lookup_by_person'),
        ),
        migrations.AddConstraint(
            model_name='lookup',
            constraint=models.UniqueConstraint(condition=models.Q(('unit__isnull', True)), fields=('draft', 'registry'), name='registries_asked_once_by_oneself'),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, GONE),
    ]
