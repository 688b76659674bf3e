"""What tables keep between packages: keys, names, words, and migrations that go both ways."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections, models
from django.db.migrations.loader import MigrationLoader

from conftest import drop, owner_connection
from sen.config import embedded
from tests.architecture.tree import ROOT

OURS = [config for config in apps.get_app_configs() if config.name.startswith("sen.")]
MODELS = [model for config in OURS for model in config.get_models()]
TABLES = {model._meta.db_table for model in MODELS}
MIGRATED = {key[0] for key in MigrationLoader(None).disk_migrations}


def keys():
    """Yield every foreign key of our models to another package's model."""
    for model in MODELS:
        for field in model._meta.local_fields:
            target = field.related_model
            if isinstance(field, models.ForeignKey) and target not in {None, "self"}:
                yield field, package_of(model), package_of(target)


def package_of(model: type[models.Model]) -> str:
    return apps.get_containing_app_config(model.__module__).name


def test_no_key_leads_from_one_system_into_another():
    crossing = [
        str(field)
        for field, here, there in keys()
        if here != there and there.startswith("sen.systems.")
    ]

    assert crossing == []


def test_keys_into_other_packages_leave_no_trace_on_their_target():
    traced = [
        str(field)
        for field, here, there in keys()
        if here != there and not field.remote_field.hidden
    ]

    assert traced == []


def test_no_model_sets_an_ordering():
    assert [model._meta.label for model in MODELS if model._meta.ordering] == []


def test_constraints_are_named_once():
    names = Counter(one.name for model in MODELS for one in model._meta.constraints)

    assert [name for name, count in names.items() if count > 1] == []


def test_every_model_is_in_the_glossary():
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([A-Z]\w+)`", glossary))

    assert sorted({model.__name__ for model in MODELS} - named) == []


def test_every_term_of_the_glossary_stands_once_and_in_order():
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    terms = re.findall(r"^\| ([^|-][^|]*?) \|", glossary, re.MULTILINE)[1:]

    assert [term for term, count in Counter(terms).items() if count > 1] == []
    assert terms == sorted(terms, key=str.casefold)


def test_migrations_of_a_package_form_one_line():
    loader = MigrationLoader(None)
    ours = {config.label for config in OURS}
    leaves = Counter(app for app, _name in loader.graph.leaf_nodes() if app in ours)
    parents = Counter(
        parent
        for key in loader.disk_migrations
        for parent in loader.disk_migrations[key].dependencies
        if key[0] in ours and parent[0] == key[0]
    )

    assert {app: count for app, count in leaves.items() if count > 1} == {}
    assert [parent for parent, count in parents.items() if count > 1] == []


def test_every_operation_of_a_migration_can_be_undone():
    loader = MigrationLoader(None)
    ours = {config.label for config in OURS}
    stuck = [
        f"{key[0]}.{key[1]}: {operation.describe()}"
        for key, migration in loader.disk_migrations.items()
        if key[0] in ours
        for operation in migration.operations
        if not operation.reversible
    ]

    assert stuck == []


@pytest.fixture
def empty_database(django_db_setup, django_db_blocker):
    """Point the owner's connection at a database of this test's own, with nothing in it."""
    used = settings.DATABASES["owner"]["NAME"]
    name = f"{used}_moves"
    with django_db_blocker.unblock():
        drop(used, name)
        with owner_connection(used) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        with owner_connection(name) as connection:
            embedded.prepare_database(connection)
        connections["owner"].close()
        connections["owner"].settings_dict["NAME"] = name
        yield
        connections["owner"].close()
        connections["owner"].settings_dict["NAME"] = used
        drop(used, name)


def test_migrations_go_forward_back_to_nothing_and_forward_again(empty_database):
    migrate()
    first = columns()

    for config in reversed(OURS):
        if config.label in MIGRATED:
            migrate(config.label, "zero")
    left = {table for table, _column in columns()}
    migrate()

    assert left & TABLES == set()
    assert columns() == first


def migrate(*arguments: str) -> None:
    """Run the migrations as the owner, as `./sen serve` does."""
    call_command("migrate", *arguments, database="owner", verbosity=0, interactive=False)


def columns() -> list[tuple[str, str]]:
    """Return every column of the database but those of partitions, which months add."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT relname, attname || ' ' || format_type(atttypid, atttypmod) FROM pg_class "
            "JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped "
            "WHERE relkind IN ('r', 'p') AND NOT relispartition "
            "AND relnamespace = 'public'::regnamespace ORDER BY 1, 2"
        )
        return cursor.fetchall()
