import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import sen.base.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchWording',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('phrases', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), size=None)),
                ('kind', models.CharField(choices=[('means', 'Nghĩa là'), ('skipped', 'Từ đệm, bỏ qua'), ('outside', 'Không phải việc tìm ở đây')], default='means', max_length=20)),
                ('means', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), blank=True, default=list, size=None)),
                ('records', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list, size=None)),
                ('topic', models.CharField(blank=True, max_length=120)),
                ('is_active', models.BooleanField(default=True)),
                ('number', models.PositiveIntegerField(default=1)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['phrases'], name='search_wording_phrases')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['means', 'skipped', 'outside'])), name='search_wording_kind'), models.CheckConstraint(condition=models.Q(('phrases', []), _negated=True), name='search_wording_has_phrases'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'means'), models.Q(models.Q(('means', []), _negated=True), models.Q(('records', []), _negated=True), _connector='OR')), models.Q(models.Q(('kind', 'means'), _negated=True), ('means', []), ('records', [])), _connector='OR'), name='search_wording_says_what')],
            },
        ),
        migrations.CreateModel(
            name='SearchWordingChange',
            fields=[
                ('id', models.UUIDField(default=sen.base.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField()),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('account', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('wording', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='search.searchwording')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('wording', 'number'), name='search_wordingchange_once')],
            },
        ),
    ]
