"""Finding records, only those that the actor may see."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Invalid
from sen.base.identifiers import from_base32, to_base32
from sen.kernel.access import public as access
from sen.kernel.search import registry
from sen.kernel.search.data import Hit, SearchSource
from sen.kernel.search.rules import words

LIMIT = 100
"""The most hits of a page."""

FEW_UNITS = 3
"""Of so few units the index is asked together with words; of more, the newest entries first."""
LOOKED = 3000
"""Newest entries that are looked at for what may be common."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def find(
    actor: Actor,
    q: str,
    *,
    kinds: Iterable[str] | None = None,
    limit: int = 20,
    before: str | None = None,
) -> list[Hit]:
    """Return the records that hold every word asked for, newest first. Two statements, or three.

    Words typed with their marks put records with just these marks first; without marks every
    spelling is found. The third is where what may be common was rare among the newest. before: the
    cursor of the last hit of the page before. Nothing for an empty question or an actor who may see
    nothing. Raises Invalid for a broken cursor.
    """
    asked = words.query(q, is_folded=True)
    sources = [registry.source(kind) for kind in kinds] if kinds is not None else None
    wanted = list(registry.sources().values()) if sources is None else sources
    ways = _ways(actor, wanted)
    after = _read_cursor(before) if before is not None else (None, None, None)
    marked = words.query(q, is_folded=False)
    most = max(1, min(limit, LIMIT))
    if not asked or not (ways or actor.is_system or access.persons_of(actor)):
        return []
    values = [
        asked,
        marked if marked != asked else None,
        [source.kind for source in wanted],
        json.dumps(ways),
        *after,
        most,
    ]
    with access.acting(actor), connection.cursor() as cursor:
        if _sees_few(actor):
            whole = words.whole_words(q)
            return _hits(cursor, _FIND.format("near", ", %s::tsquery"), [*values, whole])
        if words.may_be_common(q) and after[0] is not False:
            found = _hits(cursor, _FIND.format("newest", ", %s"), [*values, LOOKED])
            if len(found) == most:
                return found
        return _hits(cursor, _FIND.format("all", ""), values)


_FIND = (
    "SELECT id, kind, record, code, title, at, is_exact FROM search_find_{}("
    "%s::tsquery, %s::tsquery, %s::text[], %s::jsonb, %s::boolean, %s::timestamptz, %s::uuid, %s{})"
    " ORDER BY is_exact DESC, at DESC, id DESC"
)
"""The functions look behind the wall and ask for the actor themselves: among all that have the
words, among what the actor's units and persons have, or at the newest entries alone."""


def _sees_few(actor: Actor) -> bool:
    return not actor.is_system and len(access.rights(actor).every_unit) <= FEW_UNITS


def _hits(cursor: CursorWrapper, sql: str, values: Sequence[Any]) -> list[Hit]:
    cursor.execute(sql, values)
    return [_hit(*row) for row in cursor.fetchall()]


def _ways(actor: Actor, wanted: Sequence[SearchSource]) -> list[dict[str, list[str]]]:
    """Return by which units the actor sees which kinds."""
    if actor.is_system:
        return []
    rights = access.rights(actor)
    by_units: dict[tuple[UUID, ...], list[str]] = {}
    for source in wanted:
        units = rights.every_unit if source.permission is None else rights.units(source.permission)
        if units:
            by_units.setdefault(tuple(units), []).append(source.kind)
    return [
        {"kinds": kinds, "units": [str(unit) for unit in units]}
        for units, kinds in by_units.items()
    ]


def _hit(
    entry: UUID,
    kind: str,
    record: UUID,
    code: str,
    title: str,
    at: dt.datetime,
    is_exact: bool,  # noqa: FBT001 - likewise
) -> Hit:
    return Hit(
        kind=kind,
        record=record,
        code=code,
        title=title,
        url_name=registry.source(kind).url_name,
        at=at,
        cursor=f"{int(is_exact)}-{(at - _EPOCH) // _MICROSECOND}-{to_base32(entry)}",
    )


def _read_cursor(text: str) -> tuple[bool, dt.datetime, UUID]:
    found = re.fullmatch(r"([01])-(-?[0-9]{1,18})-([a-z2-7]{26})", text)
    if found is None:
        message = _("Trang kết quả không hợp lệ. Vui lòng tìm lại.")
        raise Invalid(message, fields={"before": [message]})
    return found[1] == "1", _EPOCH + int(found[2]) * _MICROSECOND, from_base32(found[3])
