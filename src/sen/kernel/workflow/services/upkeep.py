"""What happens without a person: timers fire, tasks follow units that are merged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction

from sen.kernel.access import public as access
from sen.kernel.events import public as events
from sen.kernel.workflow.events import TimerFired
from sen.kernel.workflow.models import Task

BATCH = 100

_FIRE = """
DELETE FROM workflow_timer USING workflow_run run
WHERE run.id = workflow_timer.run_id AND workflow_timer.id = ANY(ARRAY(
    SELECT id FROM workflow_timer WHERE NOT is_paused AND fire_at <= %s
    ORDER BY fire_at, id LIMIT %s FOR UPDATE SKIP LOCKED))
RETURNING workflow_timer.run_id, run.kind, workflow_timer.key, workflow_timer.task"""
_FOLLOW_TASKS = """
UPDATE workflow_task SET unit_id = pair.new, version = version + 1
FROM unnest(%s::uuid[], %s::uuid[]) AS pair(old, new) WHERE workflow_task.unit_id = pair.old
RETURNING workflow_task.id, permission, unit_id, assignee"""
_FOLLOW_RUNS = """
WITH pair AS (SELECT * FROM unnest(%s::uuid[], %s::uuid[]) AS pair(old, new))
UPDATE workflow_run SET
    clock_unit_id = coalesce((SELECT new FROM pair WHERE old = clock_unit_id), clock_unit_id),
    units = (SELECT jsonb_object_agg(part, coalesce(pair.new::text, unit))
             FROM jsonb_each_text(units) AS named(part, unit)
             LEFT JOIN pair ON pair.old::text = named.unit)
WHERE ended_at IS NULL AND EXISTS (
    SELECT FROM pair JOIN jsonb_each_text(units) AS named(part, unit)
    ON pair.old::text = named.unit)"""


@transaction.atomic
def fire_timers(at: dt.datetime, *, limit: int = BATCH) -> int:
    """Publish TimerFired for every timer that is due; return how many. Several workers share."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRE, [at, limit])
        fired = cursor.fetchall()
    for record, kind, key, task in fired:
        events.publish(
            TimerFired(record=record, kind=kind, key=key, task=task), record=record, at=at
        )
    return len(fired)


@transaction.atomic
def follow_merger(pairs: Sequence[tuple[UUID, UUID]], *, on: dt.date) -> int:
    """Move the open tasks and runs of old units to the new ones; return how many tasks moved.

    What was given to somebody who has no right to it in the new unit on that day is free for
    everybody there who has; a right that opens nobody else's work (a seat in a council) stays with
    its holder. pairs: old unit, new unit. Closed tasks keep the unit that did them.
    """
    old, new = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW_RUNS, [old, new])
        cursor.execute(_FOLLOW_TASKS, [old, new])
        moved = cursor.fetchall()
    left = [
        task
        for task, permission, unit, assignee in moved
        if assignee is not None
        and access.permissions()[permission].opens_unit
        and assignee not in access.holders(permission, unit=unit, on=on)
    ]
    if left:
        Task.objects.filter(id__in=left).update(assignee=None)
    return len(moved)
