"""Where an actor may do what, as streams of open tasks, and the SQL that reads them.

A stream is a stretch of an index in the order of lists: the tasks of one act in one unit, or, where
somebody looks over many units, those of one act and one group of records in all units. A list takes
the first task of every stream, and then only the streams that come first; it never walks through
the tasks of others. A count asks for all streams of an act at once, and stops at its cap.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from sen.base import clock
from sen.base.actor import Actor
from sen.kernel.access import public as access
from sen.kernel.legal import public as legal
from sen.kernel.workflow import registry

MANY_UNITS = 200
"""Above so many units a list runs by groups: there are far fewer of them than units."""
MANY_UNITS_OF_A_GROUP = 8
"""The same for whoever is limited to some groups: by units, other groups would be walked past."""

Place = tuple[UUID, str]
"""A unit and an act."""


def strands(actor: Actor, acts: Iterable[str] | None = None) -> str:
    """Return where an actor may do which acts, as JSON for the statements here; "" for nowhere.

    A strand is a number of units and acts with the same limit: {number, units, acts, groups (null
    for all), is_wide, is_own: only what is given to the actor, for the right does not open the
    unit}. No task lies in two of them. Remembered until a right or a unit changes.
    """
    wanted = tuple(registry.steps()) if acts is None else tuple(acts)
    held = access.rights(actor)
    if actor.position is None or not held.held:
        return ""
    key = (
        "workflow.strands",
        actor.position,
        clock.day(clock.now()),
        legal.editions().units,
        wanted,
    )
    return legal.cached("grants", key, lambda: _strands(held, wanted))


def _strands(held: access.Rights, acts: Iterable[str]) -> str:
    limits: dict[UUID, dict[str, tuple[str, ...] | None]] = {}
    for (unit, act), groups in _places(held, acts).items():
        limits.setdefault(unit, {})[act] = None if groups is None else tuple(sorted(groups))
    alike: dict[tuple[tuple[str, ...], tuple[str, ...] | None], list[UUID]] = {}
    for unit, limit in sorted(limits.items()):
        by_limit: dict[tuple[tuple[str, ...] | None, bool], list[str]] = {}
        for act, only in limit.items():
            by_limit.setdefault((only, _is_own(act)), []).append(act)
        for (only, _own), named in by_limit.items():
            alike.setdefault((tuple(sorted(named)), only), []).append(unit)
    told = [
        {
            "number": number,
            "units": [unit.hex for unit in units],
            "acts": named,
            "groups": only,
            "is_wide": _is_wide(len(units), only),
            "is_own": _is_own(named[0]),
        }
        for number, ((named, only), units) in enumerate(alike.items())
    ]
    return json.dumps(told) if told else ""


def _places(held: access.Rights, acts: Iterable[str]) -> dict[Place, frozenset[str] | None]:
    """Return the groups for which an act may be done in a unit, None for all; each pair once."""
    found: dict[Place, frozenset[str] | None] = {}
    for code in acts:
        for one in held.scopes(registry.right(code)):
            for unit in one.units:
                known = found.get((unit, code), frozenset())
                both = None if known is None or one.groups is None else known | one.groups
                found[unit, code] = both
    return found


def _is_own(act: str) -> bool:
    return not access.permissions()[registry.right(act)].opens_unit


def _is_wide(units: int, groups: tuple[str, ...] | None) -> bool:
    return units > (MANY_UNITS if groups is None else MANY_UNITS_OF_A_GROUP)


ORDER = "ORDER BY is_paused, sort_at, id"
FREE = "task.assignee IS NULL"
OTHERS = "task.assignee IS NOT NULL AND task.assignee <> %(me)s"
_STRAND = """
    strand AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(%(strands)s::jsonb)
            AS s(number int, units uuid[], acts text[], "groups" text[], is_wide boolean,
                is_own boolean)
    )"""
_ALLOWED = """,
    allowed AS MATERIALIZED (
        SELECT number, unnest(units) AS unit FROM strand WHERE is_wide
    ),
    known(name) AS (
        (SELECT task."group" FROM workflow_task task WHERE {whose} ORDER BY task."group" LIMIT 1)
        UNION ALL
        SELECT (SELECT task."group" FROM workflow_task task
            WHERE {whose} AND task."group" > known.name ORDER BY task."group" LIMIT 1)
        FROM known WHERE known.name IS NOT NULL
    )"""
_NAMES = """coalesce({strand}."groups", (SELECT array_agg(name) FROM known))"""
_MAY = """CASE WHEN ({strand}.number, task.unit_id) IN (SELECT number, unit FROM allowed)
            THEN TRUE END"""
# CASE keeps the planner from making a join of it: a table of hashes, asked once a row in its order


def _limited(strand: str) -> str:
    return f'({strand}."groups" IS NULL OR task."group" = ANY({strand}."groups"))'


_KEYS = {
    False: "strand.units",
    True: _NAMES.replace("{strand}", "strand"),
}
_MATCHES = {
    False: f"task.unit_id = stream.key AND {_limited('stream')}",
    True: f'task."group" = stream.key AND {_MAY.replace("{strand}", "stream")}',
}
_FIRST = """,
    stream{wide} AS (
        SELECT stream.*, head.is_paused, head.sort_at, head.id FROM (
            SELECT strand.number, strand."groups", key, act
            FROM strand CROSS JOIN unnest({keys}) AS key CROSS JOIN unnest(strand.acts) AS act
            WHERE {is_wide}
        ) stream CROSS JOIN LATERAL (
            SELECT is_paused, sort_at, id FROM workflow_task task
            WHERE {matches} AND task.act = stream.act AND {whose} AND {which} {order} LIMIT 1
        ) head {order} LIMIT %(limit)s
    )"""
_OF_STREAMS = """
    SELECT own.* FROM stream{wide} stream CROSS JOIN LATERAL (
        SELECT id, is_paused, sort_at FROM workflow_task task
        WHERE {matches} AND task.act = stream.act AND {whose} AND {which} {order} LIMIT %(limit)s
    ) own"""
_IS_MINE = """task.assignee = %(me)s AND EXISTS (
        SELECT FROM strand WHERE task.unit_id = ANY(strand.units) AND task.act = ANY(strand.acts)
            AND {limited})""".replace("{limited}", _limited("strand"))
_MINE = f"""
    SELECT id, is_paused, sort_at FROM workflow_task task
    WHERE {_IS_MINE} AND {{which}} {ORDER} LIMIT %(limit)s"""


@lru_cache(maxsize=256)
def page_sql(*, ways: frozenset[bool], whose: str, has_mine: bool, which: str) -> str:
    """Return a WITH clause whose last table `page` holds the ids of a page in its order.

    ways: whether strands are wide, as they occur. whose: FREE, OTHERS or "" for neither.
    """
    tables, parts = [_STRAND], []
    told = {"whose": whose, "which": which, "order": ORDER}
    if whose and True in ways:
        tables.append(_ALLOWED.format(**told))
    for is_wide in sorted(ways) if whose else ():
        shape = {
            **told,
            "wide": "_wide" if is_wide else "",
            "is_wide": f"NOT strand.is_own AND {'' if is_wide else 'NOT '}strand.is_wide",
            "keys": _KEYS[is_wide],
            "matches": _MATCHES[is_wide],
        }
        tables.append(_FIRST.format(**shape))
        parts.append(_OF_STREAMS.format(**shape))
    if has_mine:
        parts.append(_MINE.format(which=which))
    every = " UNION ALL ".join(f"({part})" for part in parts)
    return (
        f"WITH RECURSIVE {''.join(tables)}, page AS MATERIALIZED ("
        f"SELECT id, is_paused, sort_at FROM ({every}) found {ORDER} LIMIT %(limit)s)"
    )


_COUNTED = """(SELECT count(*) FROM (
        SELECT FROM strand CROSS JOIN LATERAL (
            SELECT FROM workflow_task task
            WHERE {matches} AND task.act = ANY({acts}) AND task.assignee IS NULL
                AND {which} LIMIT %(cap)s
        ) own WHERE {is_wide} LIMIT %(cap)s) counted)"""
_COUNT_MATCHES = {
    False: f"task.unit_id = ANY(strand.units) AND {_limited('strand')}",
    True: f'task."group" = ANY({_KEYS[True]}) AND {_MAY.replace("{strand}", "strand")}',
}


@lru_cache(maxsize=16)
def counts_sql(ways: frozenset[bool], states: tuple[tuple[str, str], ...]) -> str:
    """Return a statement that counts: rows of (act, "", number) and of ("", state, number).

    states: names with their conditions, counted over the act %(act)s, or all where it is "".
    """
    tables = _STRAND.replace(
        "SELECT *",
        "SELECT *, CASE WHEN %(act)s = '' THEN acts WHEN %(act)s = ANY(acts)"
        " THEN ARRAY[%(act)s] ELSE '{}' END AS chosen",
    )
    if True in ways:
        tables += _ALLOWED.format(whose=FREE)

    def counted(acts: str, which: str, only: str) -> str:
        return " + ".join(
            _COUNTED.format(
                matches=_COUNT_MATCHES[is_wide],
                acts=acts,
                which=which,
                is_wide=f"NOT strand.is_own AND {'' if is_wide else 'NOT '}strand.is_wide" + only,
            )
            for is_wide in sorted(ways)
        )

    of_acts = counted("ARRAY[act.code]", "TRUE", " AND act.code = ANY(strand.acts)")
    of_states = " UNION ALL ".join(
        f"SELECT '', '{name}', {counted('strand.chosen', which, '')}"
        f" + (SELECT count(*) FROM mine task WHERE {which}"
        f" AND (%(act)s = '' OR task.act = %(act)s))"
        for name, which in states
    )
    return (
        f"WITH RECURSIVE {tables}, mine AS MATERIALIZED ("
        f" SELECT act, is_paused, sort_at FROM workflow_task task WHERE {_IS_MINE})"
        f" SELECT act.code, '', {of_acts}"
        " + (SELECT count(*) FROM mine WHERE mine.act = act.code)"
        " FROM (SELECT DISTINCT unnest(acts) AS code FROM strand) act"
        f" UNION ALL {of_states}"
    )
