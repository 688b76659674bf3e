"""Whose a task is: claim it, put it back, give it to somebody. Audited and published here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.events import public as events
from sen.kernel.identity import public as identity
from sen.kernel.workflow import permissions
from sen.kernel.workflow.events import TaskAssigned
from sen.kernel.workflow.models import Task
from sen.kernel.workflow.services.joining import joins
from sen.kernel.workflow.services.tasks import GivenToAnother, changed_meanwhile


@joins
def claim(actor: Actor, *, task: Task, at: dt.datetime) -> Task:
    """Take a task that nobody has; return it. Whose it is already stays so without an error.

    Raises NotAllowed, GivenToAnother or VersionConflict naming who was faster.
    """
    access.check(actor, task.permission, unit=task.unit_id, group=task.group or None)
    if task.assignee is not None and task.assignee == actor.account:
        return task
    if not Task.objects.filter(id=task.id, assignee=None).update(
        assignee=actor.account, version=F("version") + 1
    ):
        raise taken(task)
    return _handed(actor, task, actor.account, "workflow.task.claim", at)


@joins
def release(actor: Actor, *, task: Task, at: dt.datetime) -> Task:
    """Put a task back for everybody of the unit who may do it; return it.

    One's own task, or any task of the unit with the right to assign.
    Raises NotAllowed, VersionConflict.
    """
    if task.assignee is None or task.assignee != actor.account:
        access.check(actor, permissions.ASSIGN, unit=task.unit_id, group=task.group or None)
    _change(task, None)
    return _handed(actor, task, None, "workflow.task.release", at)


@joins
def assign(actor: Actor, *, task: Task, account: UUID, at: dt.datetime) -> Task:
    """Give a task to an account that has the right to it, whoever had it before; return the task.

    Raises NotAllowed, Invalid for an account without the right, VersionConflict.
    """
    access.check(actor, permissions.ASSIGN, unit=task.unit_id, group=task.group or None)
    _refuse_stranger(task, account, at)
    _change(task, account)
    return _handed(actor, task, account, permissions.ASSIGN, at)


@transaction.atomic
def assign_many(
    actor: Actor, *, tasks: Sequence[Task], account: UUID, at: dt.datetime
) -> list[Task]:
    """Give several tasks to one account: all of them, or none where one is refused.

    Raises as `assign`.
    """
    return [
        assign(actor, task=task, account=account, at=at)
        for task in sorted(tasks, key=lambda task: task.id)
    ]


def taken(task: Task) -> Conflict:
    """Return the refusal for a task that somebody else has claimed or done."""
    now = Task.objects.filter(id=task.id).exclude(assignee=None).first()
    if now is None or now.assignee is None:
        return changed_meanwhile(task)
    return GivenToAnother(
        _("Việc này vừa được %(who)s nhận.") % {"who": identity.display_name(now.assignee)}
    )


def _refuse_stranger(task: Task, account: UUID, at: dt.datetime) -> None:
    if account not in access.holders(task.permission, unit=task.unit_id, on=clock.day(at)):
        message = _("Người được giao không có quyền thực hiện bước này.")
        raise Invalid(message, fields={"account": [message]})


def _change(task: Task, account: UUID | None) -> None:
    """Write the new holder, if the task is still as it was read."""
    rows = Task.objects.filter(id=task.id, version=task.version)
    if not rows.update(assignee=account, version=F("version") + 1):
        raise changed_meanwhile(task)


def _handed(actor: Actor, task: Task, account: UUID | None, action: str, at: dt.datetime) -> Task:
    """Audit and publish that a task has changed hands; return it as it is now."""
    task.assignee, task.version = account, task.version + 1
    audit.record(
        actor,
        action,
        subject=audit.Subject(task.kind, task.run_id, task.code),
        at=at,
        fields={"task": str(task.id), "account": str(account or "")},
    )
    events.publish(
        TaskAssigned(
            record=task.run_id,
            kind=task.kind,
            task=task.id,
            act=task.act,
            unit=task.unit_id,
            account=account,
        ),
        record=task.run_id,
        at=at,
    )
    return task
