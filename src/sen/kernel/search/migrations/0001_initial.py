import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import sen.base.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
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
    ]
