"""The list of administrative areas: loaded from the national list, never typed by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Invalid
from sen.base.vietnamese import nfc
from sen.kernel.audit import public as audit
from sen.kernel.legal import public as legal
from sen.kernel.organisations import queries, rules
from sen.kernel.organisations.choices import AreaKind
from sen.kernel.organisations.data import NewArea
from sen.kernel.organisations.models import Area
from sen.kernel.organisations.permissions import MANAGE_AREAS
from sen.kernel.organisations.registry import demand
from sen.kernel.organisations.services.units import clean

THE_LIST = UUID(int=0)
"""Stands for the list as a whole in the audit trail."""


@transaction.atomic
def load_areas(
    actor: Actor, *, areas: Sequence[NewArea], source: str, at: dt.datetime
) -> tuple[int, int]:
    """Bring the list of areas up to a newer one; return how many were added and how many changed.

    An area whose name or province differs ends on the day before its line's first day, and a new
    row begins; other spellings have no days and are put right where they stand. Areas that are
    not in the list stay as they are.
    source: number of the decision the list comes from.
    Raises NotAllowed, Invalid for a commune without a known province, or for a change that would
    begin before the row it changes.
    """
    demand(actor, MANAGE_AREAS)
    legal.bump(queries.EDITION)
    open_areas = {
        area.code: area
        for area in Area.objects.select_for_update().filter(valid_to=None).order_by("id")
    }
    ended: list[Area] = []
    begun: list[Area] = []
    respelt: list[Area] = []
    for line in sorted(areas, key=lambda line: (line.kind != AreaKind.PROVINCE, line.code)):
        former = open_areas.get(line.code)
        row = _take_over(line, former, open_areas.get(line.parent))
        if row is not None:
            open_areas[line.code] = row
            begun.append(row)
            ended += [former] if former is not None else []
        elif former is not None and former.aliases != (aliases := _spellings(line)):
            former.aliases = aliases
            respelt.append(former)
    Area.objects.bulk_update(ended, ["valid_to"])
    Area.objects.bulk_update(respelt, ["aliases"])
    Area.objects.bulk_create(begun)
    added, changed = len(begun) - len(ended), len(ended)
    audit.record(
        actor,
        "organisations.areas.loaded",
        subject=audit.Subject(kind="organisations.areas", id=THE_LIST),
        at=at,
        reason=source,
        fields={"added": added, "changed": changed},
    )
    return added, changed


def _take_over(line: NewArea, former: Area | None, parent: Area | None) -> Area | None:
    """Return the row that a line begins, None where everything stays; the former row then ends."""
    if (line.kind == AreaKind.COMMUNE) != (parent is not None):
        raise Invalid(_("Không rõ tỉnh của đơn vị hành chính %(code)s.") % {"code": line.code})
    name = clean(line.name)
    if former is not None:
        if (former.name, former.parent_id) == (name, parent.id if parent else None):
            return None
        if former.valid_from >= line.valid_from:
            raise Invalid(
                _("Đơn vị hành chính %(code)s đã thay đổi từ ngày đó hoặc sau đó.")
                % {"code": line.code}
            )
        former.valid_to = rules.day_before(line.valid_from)
    return Area(
        code=line.code,
        name=name,
        aliases=_spellings(line),
        kind=line.kind,
        parent=parent,
        valid_from=line.valid_from,
    )


def _spellings(line: NewArea) -> list[str]:
    return sorted(nfc(alias) for alias in line.aliases)
