"""Units and positions for tests, as plain rows; trees are grown with the verbs."""

from __future__ import annotations

import datetime as dt

import factory

from sen.kernel.organisations.choices import Level, UnitKind
from sen.kernel.organisations.models import Position, Unit, UnitClosure, UnitName

FIRST = dt.date(2025, 7, 1)


class UnitFactory(factory.django.DjangoModelFactory):
    """An office that stands alone, with its name and its own line of the closure."""

    class Meta:
        model = Unit

    code = factory.Sequence(lambda number: f"H41.9.{number % 9000 + 900}")
    kind = UnitKind.OFFICE
    level = Level.COMMUNE
    valid_from = FIRST

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        unit = super()._create(model_class, *args, **kwargs)
        name = {"vi": f"Phòng {unit.code}"}
        UnitName.objects.create(unit=unit, name=name, short_name=name, valid_from=unit.valid_from)
        UnitClosure.objects.create(
            ancestor=unit, descendant=unit, depth=0, valid_from=unit.valid_from
        )
        return unit


class PositionFactory(factory.django.DjangoModelFactory):
    """A specialist's position in an office of its own."""

    class Meta:
        model = Position

    unit = factory.SubFactory(UnitFactory)
    code = factory.Sequence(lambda number: f"specialist_{number}")
    title = factory.LazyFunction(lambda: {"vi": "Chuyên viên"})
    valid_from = FIRST
