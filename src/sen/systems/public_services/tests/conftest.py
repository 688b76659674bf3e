"""A seeded province for each module of tests: laid down once, each test undone to it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from sen.systems.public_services.tests import factories


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """Lay the demo down in a transaction that the module's end rolls back; keys and files too."""
    home = tmp_path_factory.mktemp("home")
    with (
        django_db_blocker.unblock(),
        override_settings(SIGNING_HOME=home / "keys", FILES_ROOT=home / "files"),
        transaction.atomic(),
    ):
        call_command("seed_demo", verbosity=0, stdout=io.StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def province(seeded) -> Iterator[SimpleNamespace]:
    """The people and places of the demo; what the test writes is undone."""
    with transaction.atomic():
        yield factories.province()
        transaction.set_rollback(True)
