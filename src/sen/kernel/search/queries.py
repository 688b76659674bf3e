"""Finding records, only those that the actor may see."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Invalid
from sen.base.identifiers import from_base32, to_base32
from sen.kernel.access import public as access
from sen.kernel.search import registry, rules
from sen.kernel.search.data import Hit

LIMIT = 100
"""The most hits of a page."""

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
    """Return the records that hold every word asked for, newest first. One statement.

    Words typed with their marks put records with just these marks first; without marks every
    spelling is found. before: the cursor of the last hit of the page before. Nothing for an empty
    question or an actor who may see nothing. Raises Invalid for a broken cursor.
    """
    asked = rules.query(q, is_folded=True)
    seen, values = _seen(actor, kinds)
    if not asked or not seen:
        return []
    values |= {
        "folded": asked,
        "exact": rules.query(q, is_folded=False),
        "limit": max(1, min(limit, LIMIT)),
    }
    after = ""
    if before is not None:
        after = "AND (is_exact, at, id) < (%(is_exact)s, %(at)s, %(id)s)"
        values |= _read_cursor(before)
    sql = (
        "SELECT id, kind, record, code, title, at, is_exact FROM (SELECT entry.*,"
        " entry.exact @@ %(exact)s::tsquery AS is_exact FROM search_searchentry entry"
        f" WHERE entry.folded @@ %(folded)s::tsquery AND ({seen})) found WHERE TRUE {after}"
        " ORDER BY is_exact DESC, at DESC, id DESC LIMIT %(limit)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [_hit(*row) for row in cursor.fetchall()]


def _seen(actor: Actor, kinds: Iterable[str] | None) -> tuple[str, dict[str, Any]]:
    """Return the condition that the actor may see an entry, "" for nobody, and its values."""
    sources = [registry.source(kind) for kind in kinds] if kinds is not None else None
    wanted = list(registry.sources().values()) if sources is None else sources
    values: dict[str, Any] = {"kinds": [source.kind for source in wanted]}
    within = "entry.kind = ANY(%(kinds)s)"
    if actor.is_system:
        return within, values
    rights = access.rights(actor)
    by_units: dict[tuple[UUID, ...], list[str]] = {}
    for source in wanted:
        units = rights.every_unit if source.permission is None else rights.units(source.permission)
        if units:
            by_units.setdefault(tuple(units), []).append(source.kind)
    ways = []
    for place, (units, held) in enumerate(by_units.items()):
        ways.append(f"(entry.units && %(units{place})s AND entry.kind = ANY(%(kinds{place})s))")
        values |= {f"units{place}": list(units), f"kinds{place}": held}
    persons = access.persons_of(actor)
    if persons and wanted:
        ways.append("entry.persons && %(persons)s")
        values["persons"] = list(persons)
    return (f"{within} AND ({' OR '.join(ways)})" if ways else ""), values


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


def _read_cursor(text: str) -> dict[str, Any]:
    found = re.fullmatch(r"([01])-(-?[0-9]{1,18})-([a-z2-7]{26})", text)
    if found is None:
        message = _("Trang kết quả không hợp lệ. Vui lòng tìm lại.")
        raise Invalid(message, fields={"before": [message]})
    return {
        "is_exact": found[1] == "1",
        "at": _EPOCH + int(found[2]) * _MICROSECOND,
        "id": from_base32(found[3]),
    }
