"""Tables of access: roles, grants, participation, one-time keys."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from sen.base.identifiers import new_id
from sen.kernel.access.choices import Scope
from sen.kernel.organisations import public as organisations


class Role(models.Model):
    """A named bundle of rights ("vai trò"). title: Localised. permissions: their names.

    is_template: brought by a system and kept as that system has it; the others are made here.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=80, unique=True)
    title = models.JSONField()
    permissions = ArrayField(models.CharField(max_length=80))
    is_template = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_role_in_vietnamese", condition=Q(title__has_key="vi")
            )
        ]


class Grant(models.Model):
    """A role given to a position ("phân quyền"), from a day until a day, both included.

    scope, units: in which units; `units` only for the scope of a list. groups: to which groups of
    procedures it is limited, null for all. made_by, revoked_by: the accounts that gave it and took
    it back, null for the system. revoked_at: the moment at which it was taken back.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    position = models.ForeignKey(organisations.Position, on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants")
    scope = models.CharField(max_length=8, choices=Scope)
    units = ArrayField(models.UUIDField(), default=list)
    groups = ArrayField(models.CharField(max_length=60), null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    made_at = models.DateTimeField(null=True)
    made_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)
    revoked_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_grant_days",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="access_grant_units_of_a_list",
                condition=Q(scope=Scope.LIST, units__len__gt=0)
                | (~Q(scope=Scope.LIST) & Q(units__len=0)),
            ),
            models.CheckConstraint(
                name="access_grant_groups", condition=Q(groups__isnull=True) | Q(groups__len__gt=0)
            ),
        ]


class Participation(models.Model):
    """A unit or a person may see a record ("tham gia hồ sơ"), since when, until when, and why.

    Written by the verbs in whose course somebody becomes concerned; ends when that is over.
    record, kind: which record of which system, such as "public_services.dossier".
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    record = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=60)
    unit = models.UUIDField(null=True)
    person = models.UUIDField(null=True)
    why = models.CharField(max_length=60)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_participation_of_one",
                condition=Q(unit__isnull=False, person__isnull=True)
                | Q(unit__isnull=True, person__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["unit", "kind", "record"],
                condition=Q(until__isnull=True, unit__isnull=False),
                name="access_participation_unit",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "record"],
                condition=Q(until__isnull=True, person__isnull=False),
                name="access_participation_person",
            ),
        ]


class OneTimeKey(models.Model):
    """A key under which one account's act is done once ("mã một lần"); kept seven days.

    digest: of what was sent. status, answer: the first answer, null while the act is under way.
    """

    pk = models.CompositePrimaryKey("owner", "key")
    owner = models.UUIDField()
    key = models.CharField(max_length=100)
    digest = models.BinaryField()
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)
