"""Who holds work: the step, the unit, the position, and the person to whom it is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.kernel.workflow import public as workflow
from sen.systems.operations.data import Holder

_NAMED = 2
"""How many positions are named where several may take a step."""


class Waiting(Protocol):
    """What waits at a step, as the public services tell it."""

    @property
    def act(self) -> str: ...
    @property
    def permission(self) -> str: ...
    @property
    def at(self) -> UUID | None: ...
    @property
    def assignee(self) -> UUID | None: ...


def holders(waiting: Sequence[Waiting], *, on: dt.date) -> list[Holder]:
    """Return who holds each; two statements, whatever the number."""
    free = [one for one in waiting if one.assignee is None and one.at is not None]
    positions = _positions({(one.at, one.permission) for one in free if one.at}, on)
    people = _people({one.assignee for one in waiting if one.assignee}, on)
    language = get_language() or "vi"
    places = organisations.unit_names(
        {one.at for one in waiting if one.at}, on, language, short=True
    )
    return [_holder(one, places, positions, people) for one in waiting]


def _holder(
    one: Waiting,
    places: Mapping[UUID, str],
    positions: Mapping[tuple[UUID, str], str],
    people: Mapping[UUID, tuple[str, str]],
) -> Holder:
    if one.at is None:
        return Holder(step=_("Đang ký số, phát hành"), place="", position=_("Hệ thống"))
    position, person = (
        people.get(one.assignee, ("", ""))
        if one.assignee
        else (positions.get((one.at, one.permission), ""), "")
    )
    return Holder(
        step=_text(workflow.acts()[one.act].title),
        place=places.get(one.at, ""),
        position=position or _("Chưa có ai giữ quyền"),
        person=person,
    )


def _people(accounts: set[UUID], on: dt.date) -> dict[UUID, tuple[str, str]]:
    """Return position and name of accounts; somebody who left keeps the name alone."""
    if not accounts:
        return {}
    found: dict[UUID, tuple[str, str]] = {}
    for held in identity.employments_of(accounts, on):
        person = held.account.person
        name = person.full_name if person else held.account.username
        found.setdefault(held.account_id, (_text(held.position.title), name))
    for gone, name in identity.display_names(accounts - found.keys()).items():
        found[gone] = (_("Không còn giữ vị trí"), name)
    return found


def _positions(pairs: set[tuple[UUID, str]], on: dt.date) -> dict[tuple[UUID, str], str]:
    """Return what the positions are called that may take a step in a unit; heads last named."""
    if not pairs:
        return {}
    units = [unit for unit, _permission in pairs]
    rights = sorted({permission for _unit, permission in pairs})
    grants = access.Grant.objects.filter(
        Q(scope=access.Scope.LIST, units__overlap=units)
        | Q(scope__in=[access.Scope.OWN, access.Scope.BELOW], position__unit__in=units),
        organisations.holds_on(on),
        organisations.holds_on(on, "position__"),
        revoked_at=None,
        role__permissions__overlap=rights,
    ).order_by("position__is_head", "position__code", "id")
    found: dict[tuple[UUID, str], dict[str, None]] = {}
    for listed, unit, permissions, title in grants.values_list(
        "units", "position__unit", "role__permissions", "position__title"
    ):
        for pair in pairs:
            if pair[0] in (listed or [unit]) and pair[1] in permissions:
                found.setdefault(pair, {})[_text(title)] = None
    return {pair: ", ".join([*titles][:_NAMED]) for pair, titles in found.items()}


def _text(localised: Mapping[str, str]) -> str:
    return organisations.text_of(localised, get_language() or "vi")
