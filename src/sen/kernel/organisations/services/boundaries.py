"""The shapes of areas: loaded from a file at the installation, never shipped with the program."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Invalid
from sen.kernel.audit import public as audit
from sen.kernel.legal import public as legal
from sen.kernel.organisations import queries
from sen.kernel.organisations.adapters import geojson
from sen.kernel.organisations.models import Area, AreaShape, holds_on
from sen.kernel.organisations.permissions import MANAGE_AREAS
from sen.kernel.organisations.registry import demand
from sen.kernel.organisations.services.areas import THE_LIST


class Boundaries(NamedTuple):
    """What a file brought: how many shapes, how many went, who drew them."""

    loaded: int
    removed: int
    source: str


@transaction.atomic
def load_boundaries(
    actor: Actor, *, content: bytes, source: str = "", at: dt.datetime, is_dry: bool = False
) -> Boundaries:
    """Put the shapes of a GeoJSON file in the place of all that are there.

    A file without any feature takes all shapes away. source: who drew them, where the file does not
    say so itself. Nothing of a file is kept in which one row does not hold; the failure names each
    such row. Raises NotAllowed, Invalid.
    """
    demand(actor, MANAGE_AREAS)
    told = geojson.read(content)
    drawn_by = told.attribution or source.strip()
    _check(told.features, drawn_by, clock.day(at))
    removed = AreaShape.objects.count()
    done = Boundaries(len(told.features), removed, drawn_by)
    if is_dry:
        return done
    legal.bump(queries.EDITION)
    AreaShape.objects.all().delete()
    AreaShape.objects.bulk_create(
        AreaShape(code=one.code, polygons=one.polygons, source=drawn_by, loaded_at=at)
        for one in told.features
    )
    audit.record(
        actor,
        "organisations.boundaries.loaded",
        subject=audit.Subject(kind="organisations.areas", id=THE_LIST),
        at=at,
        reason=drawn_by,
        fields={"loaded": done.loaded, "removed": removed},
    )
    return done


def _check(features: list[geojson.Feature], source: str, on: dt.date) -> None:
    """Raise Invalid with every row that does not hold, or where nobody is named who drew them."""
    known = set(Area.objects.filter(holds_on(on)).values_list("code", flat=True))
    often = Counter(one.code for one in features if one.code)
    faults: dict[str, list[str]] = {}
    for one in features:
        said = one.fault
        if not said and one.code not in known:
            said = _("Không có đơn vị hành chính mã %(code)s.") % {"code": one.code}
        if not said and often[one.code] > 1:
            said = _("Mã %(code)s có hơn một dòng.") % {"code": one.code}
        if said:
            faults[one.place] = [said]
    if faults:
        raise Invalid(_("Tệp ranh giới có dòng chưa đúng; chưa ghi gì."), fields=faults)
    if features and not source:
        raise Invalid(
            _("Tệp không nói ai vẽ ranh giới: thêm “attribution” cạnh “features” rồi nhập lại.")
        )
