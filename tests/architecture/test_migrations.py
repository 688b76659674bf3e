"""New migrations work beside the version before: they add first, and take away a version later."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from tests.architecture.expanding import BEFORE, contractions
from tests.architecture.tree import ROOT

OURS = {config.label for config in apps.get_app_configs() if config.name.startswith("sen.")}
DECISIONS = {path.name[:4] for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")}


def newer(loader: MigrationLoader):
    """Yield the migrations of ours that came after the rule, in their order."""
    for app in sorted(OURS & loader.migrated_apps):
        line = sorted(name for label, name in loader.disk_migrations if label == app)
        last = BEFORE.get(app)
        yield from ((app, name) for name in line if last is None or name > last)


def test_new_migrations_take_nothing_from_the_version_before():
    loader = MigrationLoader(None)
    faults = []
    for app, name in newer(loader):
        migration = loader.disk_migrations[app, name]
        reason = getattr(import_module(migration.__module__), "CONTRACT", "")
        if re.match(r"\d{4}: .{10,}", reason) and reason[:4] in DECISIONS:
            continue
        state = loader.project_state((app, name), at_end=False)
        faults += [
            f"{app}.{name}: {what}" for what in contractions(migration.operations, app, state)
        ]

    assert faults == []


def test_marks_name_migrations_that_are_there():
    known = set(MigrationLoader(None).disk_migrations)

    assert [mark for mark in BEFORE.items() if mark not in known] == []


def state() -> ProjectState:
    """Return tables as the version before knows them."""
    found = ProjectState()
    found.add_model(
        ModelState(
            "thing", "Thing",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=40)),
                ("note", models.CharField(max_length=40, null=True)),
                ("count", models.IntegerField(db_default=0)),
            ],
        )
    )  # fmt: skip
    return found


TAKEN = [
    (migrations.DeleteModel("Thing"), "the table goes"),
    (migrations.RenameModel("Thing", "Other"), "the table gets another name"),
    (migrations.RemoveField("Thing", "name"), "the column goes"),
    (migrations.RenameField("Thing", "name", "title"), "the column gets another name"),
    (migrations.AddField("Thing", "size", models.IntegerField(default=0)), "null=True or db_default"),
    (migrations.AddField("Thing", "key", models.IntegerField(null=True, unique=True)), "refused"),
    (migrations.AlterField("Thing", "note", models.CharField(max_length=40)), "no NULL"),
    (migrations.AlterField("Thing", "name", models.CharField(max_length=20)), "shorter"),
    (migrations.AlterField("Thing", "name", models.IntegerField()), "another type"),
    (migrations.AlterField("Thing", "name", models.CharField(max_length=40, unique=True)), "refused"),
    (migrations.AlterField("Thing", "count", models.IntegerField()), "no value by itself"),
    (migrations.AlterField("Thing", "name", models.CharField(max_length=40, db_column="x")), "another name"),
    (
        migrations.AddConstraint("Thing", models.CheckConstraint(name="c", condition=models.Q(count=1))),
        "refused",
    ),
    (migrations.RunSQL("ALTER TABLE t DROP  COLUMN x", "SELECT 1"), "SQL: DROP COLUMN"),
    (migrations.RunSQL([("ALTER TABLE t ALTER COLUMN x SET NOT NULL", [])], "SELECT 1"), "SET NOT NULL"),
    (migrations.RunSQL("REVOKE ALL ON t FROM app", "SELECT 1"), "SQL: REVOKE"),
    (
        migrations.SeparateDatabaseAndState([migrations.RunSQL("DROP TABLE t", "SELECT 1")], []),
        "SQL: DROP TABLE",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "says"), TAKEN)
def test_what_takes_is_found(operation, says):
    [found] = contractions([operation], "thing", state())

    assert says in found


def test_what_adds_passes():
    added = [
        migrations.AddField("Thing", "size", models.IntegerField(null=True)),
        migrations.AddField("Thing", "weight", models.IntegerField(db_default=0)),
        migrations.AlterField("Thing", "name", models.CharField(max_length=80, null=True)),
        migrations.AddIndex("Thing", models.Index(fields=["name"], name="thing_by_name")),
        migrations.RemoveIndex("Thing", "thing_by_name"),
        migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("Other", "must", models.IntegerField(default=0)),
        migrations.AddConstraint(
            "Other", models.CheckConstraint(name="o", condition=models.Q(must=1))
        ),
        migrations.RunSQL("UPDATE t SET x = 1", "SELECT 1"),
    ]

    assert list(contractions(added, "thing", state())) == []
