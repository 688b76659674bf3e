"""Units with their positions and holders, grants, accounts; only what the actor looks after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from sen.base.actor import Actor
from sen.base.errors import NotFound
from sen.base.vietnamese import nfc
from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.administration import permissions

Kind = identity.AccountKind


def accounts(
    actor: Actor, *, on: dt.date, query: str = "", after: str = "", limit: int = 50
) -> list[identity.Account]:
    """Return accounts of officials and connected systems that the actor looks after, by user name.

    query: part of a user name or of a person's name. after: the last user name of the page before.
    """
    found = identity.Account.objects.filter(_within(actor, on)).select_related("person")
    words = nfc(query)
    if words:
        found = found.filter(Q(username__icontains=words) | Q(person__full_name__icontains=words))
    return list(found.filter(username__gt=after).order_by("username")[:limit])


def account(actor: Actor, account_id: UUID, *, on: dt.date) -> identity.Account:
    """Return one account that the actor looks after. Raises NotFound, also for others."""
    found = (
        identity.Account.objects.filter(_within(actor, on), pk=account_id)
        .select_related("person")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _within(actor: Actor, on: dt.date) -> Q:
    """Return the condition that every position of an account lies in the actor's units.

    Who holds no position (a connected system, an official who left, or one whose unit merged into
    another) is the province's.
    """
    units = access.rights(actor).units(permissions.ACCOUNTS.name)
    provinces = organisations.units(organisations.UnitKind.PROVINCE, on=on)
    has_province = provinces.filter(id__in=units).exists()
    held = identity.Employment.objects.filter(
        organisations.holds_on(on),
        organisations.holds_on(on, "position__"),
        account=OuterRef("pk"),
    )
    ours = Q(
        ~Exists(held.exclude(position__unit__in=units)), kind__in=[Kind.OFFICIAL, Kind.SERVICE]
    )
    return ours if has_province else ours & Q(Exists(held))


def posts(account_id: UUID) -> list[identity.Employment]:
    """Return every position that an account holds, held or will hold, the latest first."""
    rows = identity.Employment.objects.filter(account=account_id)
    return list(rows.select_related("position__unit").order_by("-valid_from", "-id"))


def held(accounts: Iterable[UUID], on: dt.date) -> dict[UUID, list[identity.Employment]]:
    """Return the positions that these accounts hold on a day, by account. One statement."""
    rows = (
        identity.Employment.objects.filter(
            organisations.holds_on(on),
            organisations.holds_on(on, "position__"),
            account__in=list(accounts),
        )
        .select_related("position")
        .order_by("-is_default", "valid_from", "id")
    )
    found: dict[UUID, list[identity.Employment]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(row)
    return found


def holders(positions: Iterable[UUID], on: dt.date) -> dict[UUID, list[identity.Account]]:
    """Return who holds these positions on a day, by position. One statement."""
    rows = (
        identity.Employment.objects.filter(
            organisations.holds_on(on), position__in=list(positions), account__is_active=True
        )
        .select_related("account__person")
        .order_by("account__person__name_key", "id")
    )
    found: dict[UUID, list[identity.Account]] = {}
    for row in rows:
        found.setdefault(row.position_id, []).append(row.account)
    return found


def grants(positions: Iterable[UUID], on: dt.date) -> dict[UUID, list[access.Grant]]:
    """Return the roles in force that these positions have, by position. One statement."""
    rows = (
        access.Grant.objects.filter(
            organisations.holds_on(on), position__in=list(positions), revoked_at__isnull=True
        )
        .select_related("role")
        .order_by("role__code", "id")
    )
    found: dict[UUID, list[access.Grant]] = {}
    for row in rows:
        found.setdefault(row.position_id, []).append(row)
    return found


def tree(on: dt.date) -> list[tuple[int, organisations.Unit]]:
    """Return every unit of a day under the one it belongs to, with its depth. Two statements."""
    units = {unit.id: unit for unit in organisations.units(on=on)}
    parents = dict(
        organisations.UnitParent.objects.filter(organisations.holds_on(on)).values_list(
            "unit_id", "parent_id"
        )
    )
    below: dict[UUID | None, list[organisations.Unit]] = {}
    for unit in units.values():
        parent = parents.get(unit.id)
        below.setdefault(parent if parent in units else None, []).append(unit)
    found: list[tuple[int, organisations.Unit]] = []

    def walk(parent: UUID | None, depth: int) -> None:
        for unit in below.get(parent, ()):
            found.append((depth, unit))
            walk(unit.id, depth + 1)

    walk(None, 0)
    return found
