"""Roles and grants for tests."""

from __future__ import annotations

import factory

from sen.kernel.access.choices import Scope
from sen.kernel.access.models import Grant, Role
from sen.kernel.organisations.tests.factories import FIRST, PositionFactory


class RoleFactory(factory.django.DjangoModelFactory):
    """A role without rights."""

    class Meta:
        model = Role

    code = factory.Sequence(lambda number: f"access_test.role_{number}")
    title = factory.LazyFunction(lambda: {"vi": "Vai trò"})
    permissions = factory.LazyFunction(list)


class GrantFactory(factory.django.DjangoModelFactory):
    """A role given to a position in its own unit, from the start."""

    class Meta:
        model = Grant

    position = factory.SubFactory(PositionFactory)
    role = factory.SubFactory(RoleFactory)
    scope = Scope.OWN
    valid_from = FIRST
