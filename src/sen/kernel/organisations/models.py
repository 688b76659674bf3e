"""Tables of organisations: units and their dated facts, positions, stand-ins, areas.

Every `valid_from` is the first and every `valid_to` the last day on which a row holds; no
`valid_to` means no end is known.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q

from sen.base.identifiers import new_id
from sen.kernel.organisations.choices import AreaKind, Level, UnitKind


def _days(name: str) -> models.CheckConstraint:
    """Return the constraint that a row does not end before it begins."""
    return models.CheckConstraint(
        name=name, condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
    )


def holds_on(day: dt.date, prefix: str = "") -> Q:
    """Return the condition that a dated row holds on a day.

    prefix: the way to the dated row with its underscores, such as `parents__`.
    """
    return Q(
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day}),
        **{f"{prefix}valid_from__lte": day},
    )


class Unit(models.Model):
    """An agency or a part of one ("đơn vị"); its id outlives every change of name, parent or code.

    code: electronic agency code such as H41.9.12 (Nguồn: Quyết định 20/2020/QĐ-TTg); while
    `is_code_official` is false it was chosen here until the authority assigns one.
    statistics_code: code of the governed area in the national list, empty for other units.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=35, unique=True)
    is_code_official = models.BooleanField(default=False)
    statistics_code = models.CharField(max_length=10, blank=True)
    kind = models.CharField(max_length=12, choices=UnitKind)
    level = models.CharField(max_length=10, choices=Level)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            _days("organisations_unit_days"),
            models.UniqueConstraint(
                fields=["statistics_code"],
                condition=Q(valid_to__isnull=True) & ~Q(statistics_code=""),
                name="organisations_unit_statistics_code",
            ),
        ]

    @property
    def is_active(self) -> bool:
        """Whether no end of the unit is set."""
        return self.valid_to is None


class UnitName(models.Model):
    """What a unit is called from a day until a day.

    name, short_name: Localised, `{"vi": …, "en": …}`; the short one stands in lists.
    decision: the number of the paper that gave the name, empty where there is none.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="names")
    name = models.JSONField()
    short_name = models.JSONField()
    decision = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            _days("organisations_name_days"),
            models.UniqueConstraint(
                fields=["unit", "valid_from"], name="organisations_name_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(valid_to__isnull=True),
                name="organisations_name_one_open",
            ),
            models.CheckConstraint(
                name="organisations_name_in_vietnamese",
                condition=Q(name__has_key="vi", short_name__has_key="vi"),
            ),
        ]


class UnitParent(models.Model):
    """Under which unit a unit stands from a day until a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="parents")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="children")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            _days("organisations_parent_days"),
            models.UniqueConstraint(
                fields=["unit", "valid_from"], name="organisations_parent_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(valid_to__isnull=True),
                name="organisations_parent_one_open",
            ),
            models.CheckConstraint(
                name="organisations_parent_of_another", condition=~Q(unit=F("parent"))
            ),
        ]


class UnitClosure(models.Model):
    """One row for every unit above every unit, itself included at depth 0, while that holds.

    Answers "everything below" and "everything above" on a day with one index scan.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ancestor = models.ForeignKey(
        Unit, on_delete=models.CASCADE, related_name="below", db_index=False
    )
    descendant = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="above")
    depth = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            _days("organisations_closure_days"),
            models.UniqueConstraint(
                fields=["ancestor", "descendant", "valid_from"],
                name="organisations_closure_once_a_day",
            ),
        ]


class UnitSuccession(models.Model):
    """A unit takes over from another on a day ("kế thừa"), by a decision."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    old = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    new = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="predecessions")
    on = models.DateField()
    decision = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="organisations_succession_once"),
            models.CheckConstraint(
                name="organisations_succession_of_another", condition=~Q(old=F("new"))
            ),
        ]


class Position(models.Model):
    """A place of work in a unit ("vị trí việc làm"), to which rights are granted.

    code: what the place is in every unit, such as `one_stop_officer`. title: Localised.
    is_head: whoever holds it leads the unit. Several officials may hold one position.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="positions", db_index=False
    )
    code = models.SlugField(max_length=60)
    title = models.JSONField()
    is_head = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            _days("organisations_position_days"),
            models.UniqueConstraint(
                fields=["unit", "code"], name="organisations_position_code_in_unit"
            ),
            models.CheckConstraint(
                name="organisations_position_in_vietnamese", condition=Q(title__has_key="vi")
            ),
        ]


class StandIn(models.Model):
    """Who holds one position stands in for another from a day until a day ("thay thế")."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="stand_ins")
    stand_in = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="stands_in_for")
    decision = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField()

    class Meta:
        constraints = [
            _days("organisations_stand_in_days"),
            models.UniqueConstraint(
                fields=["position", "stand_in", "valid_from"], name="organisations_stand_in_once"
            ),
            models.CheckConstraint(
                name="organisations_stand_in_of_another", condition=~Q(position=F("stand_in"))
            ),
        ]


class Area(models.Model):
    """A province or commune as an administrative area, by its code in the national list.

    Nguồn: Quyết định 19/2025/QĐ-TTg. name: Localised with its kind ("Phường …"). aliases: how else
    that name is written ("Hoà" for "Hòa"). A code that comes back after a change is another row
    with another first day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=10)
    name = models.JSONField()
    aliases = models.JSONField(default=list)
    kind = models.CharField(max_length=10, choices=AreaKind)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            _days("organisations_area_days"),
            models.UniqueConstraint(
                fields=["code", "valid_from"], name="organisations_area_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(valid_to__isnull=True),
                name="organisations_area_one_open",
            ),
            models.CheckConstraint(
                name="organisations_area_parent",
                condition=Q(kind=AreaKind.PROVINCE, parent__isnull=True)
                | Q(kind=AreaKind.COMMUNE, parent__isnull=False),
            ),
            models.CheckConstraint(
                name="organisations_area_in_vietnamese", condition=Q(name__has_key="vi")
            ),
        ]


class AreaShape(models.Model):
    """The shape of an area ("ranh giới"), by its code in the national list; for maps, not for law.

    polygons: as GeoJSON's MultiPolygon has them, longitude before latitude (WGS-84), simplified as
    whoever drew them simplified them. source: who drew them, shown wherever they are.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=10, unique=True)
    polygons = models.JSONField()
    source = models.TextField()
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="organisations_shape_has_source", condition=~Q(source="")),
        ]
