import sen.base.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='CodeCount',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('pattern_key', models.CharField(max_length=100)),
                ('unit', models.UUIDField()),
                ('day', models.DateField()),
                ('last_number', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('pattern_key', 'unit', 'day'), name='papers_code_count_once'), models.CheckConstraint(condition=models.Q(('last_number__gte', 1)), name='papers_code_count_number')],
            },
        ),
        migrations.CreateModel(
            name='Register',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('unit', models.UUIDField()),
                ('kind', models.CharField(max_length=60)),
                ('series', models.CharField(blank=True, max_length=60)),
                ('year', models.PositiveSmallIntegerField()),
                ('last_number', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'kind', 'series', 'year'), name='papers_register_once'), models.CheckConstraint(condition=models.Q(('last_number__gte', 1)), name='papers_register_number')],
            },
        ),
    ]
