"""Moving a run: start it, complete a task, cancel what is open.

These verbs are one part of a system's own verb, which audits the act and publishes its event; the
closed tasks are the run's own history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid, NotFound, VersionConflict
from sen.kernel.access import public as access
from sen.kernel.calendar import public as calendar
from sen.kernel.database.public import Joined
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.workflow import registry
from sen.kernel.workflow.data import END, Flow, Move, Token, Transition
from sen.kernel.workflow.models import ClosedTask, Run, Task
from sen.kernel.workflow.queries import runs
from sen.kernel.workflow.rules import moves
from sen.kernel.workflow.services import statements
from sen.kernel.workflow.services.joining import joins
from sen.kernel.workflow.services.statements import Closing, NewTimer, Opening


class AlreadyRunning(Conflict):
    """The record has a run already."""

    code: ClassVar[str] = "already_running"
    default: ClassVar[str] = "Hồ sơ này đã được đưa vào quy trình xử lý."


class GivenToAnother(Conflict):
    """The task is somebody else's; the message says whose."""

    code: ClassVar[str] = "given_to_another"


class StandsStill(Conflict):
    """The clock stands still; it must run again first."""

    code: ClassVar[str] = "stands_still"
    default: ClassVar[str] = "Hồ sơ đang tạm dừng, chưa xử lý tiếp được."


def start(  # noqa: PLR0913 - everything lists and rights need of a record, said once
    actor: Actor,  # noqa: ARG001 - the system's verb has checked the right; kept for one form of all
    *,
    kind: str,
    record: UUID,
    code: str,
    title: str,
    flow: UUID,
    units: Mapping[str, UUID],
    at: dt.datetime,
    group: str = "",
    due_at: dt.datetime | None = None,
    data: Mapping[str, Any] | None = None,
    assignee: UUID | None = None,
) -> list[Task]:
    """Put a record into a flow and open its first task. One statement, in an entered transaction.

    kind: such as "public_services.dossier". title: what lists show of it to whoever takes part in
    the record; it may name somebody. units: a unit for each part the flow names. due_at: the
    promised date, None while nothing is promised. assignee: whose the first task is.
    Raises Invalid for a part without a unit, AlreadyRunning.
    """
    document = runs.flow(flow)
    missing = sorted(document.roles - units.keys())
    if missing:
        message = _("Quy trình cần biết đơn vị cho: %(parts)s.") % {"parts": ", ".join(missing)}
        raise Invalid(message, fields={"units": [message]})
    run = Run(
        id=record,
        kind=kind,
        code=code,
        flow_id=flow,
        units={part: str(unit) for part, unit in units.items()},
        group=group,
        data=dict(data or {}),
        clock_unit_id=units[document.clock],
        started_at=at,
        counts_from=at if due_at else None,
        promised_at=due_at,
        expected_at=due_at,
    )
    [opening] = openings(run, document, [Token(document.start)], at, {document.start: assignee})
    timers = [
        *task_timers(run, document, [opening], at),
        *(record_timers(run, document, due_at, at) if due_at else ()),
    ]
    task = statements.begin(run, title=title, opening=opening, timers=timers, at=at)
    if task is None:
        raise AlreadyRunning
    return [task]


@joins
def complete(  # noqa: PLR0913 - the contract's own signature
    actor: Actor,
    *,
    task: Task,
    outcome: str,
    at: dt.datetime,
    data: Mapping[str, Any] | None = None,
    comment: str = "",
    assign: Mapping[str, UUID] | None = None,
    record_due_at: dt.datetime | None = None,
    by: UUID | None = None,
) -> list[Task]:
    """End a task with an outcome and open what follows; return the opened tasks.

    One statement, a second one to check an assignee, two more where a branch arrives at its join
    or ends the run. An official needs the right to the task's act here as well; a citizen who ends
    a task, such as by taking the result, has been let through by the system's verb.
    data: plain values that later conditions may read. comment: needed for a return and a wait,
    whose ground it is; with one the transaction has been entered. assign: step to the account that
    gets it; a return passes over who has lost the right to the step, which is everybody's then.
    record_due_at: the date promised by this act; the time of the law counts from `at`.
    by: who ordered the act, where the system carries it out.
    Raises NotAllowed, VersionConflict and AlreadyDone naming who did what, GivenToAnother,
    StandsStill, UnknownOutcome, Invalid.
    """
    if actor.is_official:
        access.check(actor, task.permission, unit=task.unit_id, group=task.group or None)
    _refuse_foreign(actor, task)
    run = task.run
    document = runs.flow(run.flow_id)
    transition = _transition(run, document, task, outcome, data or {}, at)
    _refuse_unfit(run, task, transition, comment, record_due_at)
    move = _move(run, document, task, transition)
    changes = _promise(run, record_due_at, at) | ({"data": dict(data)} if data else {})
    opening = _opening(actor, run, document, task, move, at, assign or {})
    timers = task_timers(run, document, opening, at)
    if record_due_at is not None and not move.ends:
        timers += record_timers(run, document, record_due_at, at)
    if move.ends:
        changes |= _end(run, outcome, at)
    elif transition.wait:
        changes["paused_at"] = run.paused_at = at
    closing = Closing(
        task=task.id,
        version=task.version,
        outcome=outcome,
        comment=comment,
        by=by or actor.account,
        sweeps=move.ends and bool(task.branch),
        pauses=transition.wait or "",
    )
    opened = statements.move(
        run, closing=closing, opening=opening, timers=timers, changes=changes, at=at
    )
    if opened is None:
        raise changed_meanwhile(task)
    return opened


def _transition(
    run: Run,
    document: Flow,
    task: Task,
    outcome: str,
    data: Mapping[str, Any],
    at: dt.datetime,
) -> Transition:
    """Return the transition that an outcome takes with what the run knows by now."""
    known = {**run.data, **data}
    return moves.choose(
        document.by_key[task.step],
        outcome,
        lambda rule: forms.holds(rule, known, on=clock.day(at)),
    )


@joins
def cancel(
    actor: Actor, record: UUID, *, at: dt.datetime, outcome: str, comment: str = ""
) -> list[Task]:
    """Close every open task of a record with one outcome and end its run; return what was open.

    For a withdrawal or a stop; the system's verb has checked the right. Three statements.
    Raises NotFound, Conflict where the run is over.
    """
    run = lock(record)
    open_tasks = runs.record_tasks(record)
    closing = Closing(
        task=None,
        version=None,
        outcome=outcome,
        comment=comment,
        by=actor.account,
        sweeps=True,
        swept=outcome,
    )
    changes = _end(run, outcome, at)
    statements.move(run, closing=closing, opening=(), timers=(), changes=changes, at=at)
    return open_tasks


_RUN = Joined(Run)
_LOCK = "SELECT {columns} FROM workflow_run WHERE id = %s FOR UPDATE"


def lock(record: UUID) -> Run:
    """Return a record's run, locked. Raises NotFound, Conflict where it is over."""
    found = next(_RUN.rows(_LOCK.format(columns=_RUN.columns), [record]), None)
    if found is None:
        raise NotFound
    run: Run = found[0]
    if run.is_over:
        raise Conflict(_("Hồ sơ này đã kết thúc xử lý."))
    return run


def _refuse_foreign(actor: Actor, task: Task) -> None:
    if task.assignee is None or actor.is_system or task.assignee == actor.account:
        return
    raise GivenToAnother(
        _("Việc này đang giao cho %(who)s. Cần chuyển việc trước khi xử lý thay.")
        % {"who": identity.display_name(task.assignee)}
    )


def _refuse_unfit(
    run: Run, task: Task, transition: Transition, comment: str, record_due_at: dt.datetime | None
) -> None:
    """Refuse what the flow or the clock does not allow at this moment."""
    if (transition.is_return or transition.wait) and not comment.strip():
        message = _("Vui lòng ghi lý do.")
        raise Invalid(message, fields={"comment": [message]})
    if (task.is_paused or run.paused_at) and transition.to != END:
        raise StandsStill
    if record_due_at is not None and run.promised_at is not None:
        raise Conflict(_("Hồ sơ đã có ngày hẹn trả; chỉ thay đổi được bằng gia hạn."))


def _move(run: Run, document: Flow, task: Task, transition: Transition) -> Move:
    """Return what the transition does, under the run's lock where other branches matter."""
    token = Token(task.step, task.branch)
    meets = task.branch and (
        transition.to == END or moves.arrives(document, token, str(transition.to))
    )
    if meets:  # a run that is over is refused by name when nothing can be closed
        Run.objects.select_for_update().values_list("id").get(id=run.id)
    return moves.move(document, token, transition, others=lambda: _other_branches(task))


def _other_branches(task: Task) -> Collection[str]:
    return list(
        Task.objects.filter(run_id=task.run_id).exclude(id=task.id).values_list("branch", flat=True)
    )


def _promise(run: Run, record_due_at: dt.datetime | None, at: dt.datetime) -> dict[str, Any]:
    if record_due_at is None:
        return {}
    run.counts_from, run.promised_at, run.expected_at = at, record_due_at, record_due_at
    return {"counts_from": at, "promised_at": record_due_at, "expected_at": record_due_at}


def _end(run: Run, outcome: str, at: dt.datetime) -> dict[str, Any]:
    run.ended_at, run.outcome, run.paused_at = at, outcome, None
    return {"ended_at": at, "outcome": outcome, "paused_at": None}


def _opening(
    actor: Actor,
    run: Run,
    document: Flow,
    task: Task,
    move: Move,
    at: dt.datetime,
    assign: Mapping[str, UUID],
) -> list[Opening]:
    """Return the tasks that a move opens, each with whoever gets it."""
    transition = move.transition
    if transition.wait:
        given: Mapping[str, UUID | None] = {task.step: task.assignee or actor.account}
    else:
        given = assign
        if transition.is_return:
            given = {
                key: one for key, one in assign.items() if _is_fit(run, document, key, one, at)
            }
        else:
            refuse_strangers(run, document, assign, at)
    is_sticky = transition.is_return and len(given) == len(assign)
    opening = openings(run, document, move.opened, at, given, is_sticky=is_sticky)
    if transition.wait:
        return [
            Opening(**{**_fields(each), "is_paused": True, "due_at": task.due_at})
            for each in opening
        ]
    return opening


def _fields(opening: Opening) -> dict[str, Any]:
    return {name: getattr(opening, name) for name in opening.__slots__}


def refuse_strangers(run: Run, document: Flow, assign: Mapping[str, UUID], at: dt.datetime) -> None:
    """Refuse to give a step to an account without the right to its act in its unit."""
    for key, account in assign.items():
        if not _is_fit(run, document, key, account, at):
            message = _("Người được giao không có quyền thực hiện bước này.")
            raise Invalid(message, fields={"assign": [message]})


def _is_fit(run: Run, document: Flow, key: str, account: UUID, at: dt.datetime) -> bool:
    """Tell whether an account has the right to a step in its unit. Raises Invalid without one."""
    step = document.by_key.get(key)
    if step is None:
        raise Invalid(fields={"assign": [_("Quy trình không có bước “%s”.") % key]})
    unit = UUID(run.units[step.unit])
    return account in access.holders(registry.right(step.act), unit=unit, on=clock.day(at))


def openings(
    run: Run,
    document: Flow,
    tokens: Sequence[Token],
    at: dt.datetime,
    given: Mapping[str, UUID | None],
    *,
    is_sticky: bool = False,
) -> list[Opening]:
    """Return the rows of tokens: their unit, their right, when each step is due."""
    rows = []
    for token in tokens:
        step = document.by_key[token.step]
        unit = UUID(run.units[step.unit])
        counts = registry.counts(step.act)
        hours = dt.timedelta(hours=step.hours) if counts and step.hours is not None else None
        rows.append(
            Opening(
                step=step.key,
                act=step.act,
                permission=registry.right(step.act),
                unit_id=unit,
                branch=token.branch,
                due_at=None
                if hours is None
                else calendar.add_working_time(at, hours, calendar.calendar_of(unit)),
                counts=counts,
                assignee=given.get(step.key),
                is_sticky=is_sticky,
            )
        )
    return rows


def task_timers(
    run: Run, document: Flow, opening: Sequence[Opening], at: dt.datetime
) -> list[NewTimer]:
    """Return the timers that hang on steps about to open and are still to come."""
    return [
        NewTimer(task=each.id, key=timer.key, fire_at=fire_at, is_paused=each.is_paused)
        for each in opening
        for timer in document.timers
        if timer.step == each.step and each.due_at is not None
        for fire_at in fires(each.due_at, timer.hours, at, run.clock_unit_id)
    ]


def record_timers(
    run: Run, document: Flow, expected_at: dt.datetime, at: dt.datetime
) -> list[NewTimer]:
    """Return the timers that hang on the record's expected date and are still to come."""
    return [
        NewTimer(task=None, key=timer.key, fire_at=fire_at)
        for timer in document.timers
        if timer.step is None
        for fire_at in fires(expected_at, timer.hours, at, run.clock_unit_id)
    ]


def fires(due_at: dt.datetime, hours: float, at: dt.datetime, unit: UUID) -> list[dt.datetime]:
    """Return the moment so many working hours after a due moment, before it when negative.

    Nothing where that moment is past.
    """
    office = calendar.calendar_of(unit)
    left = calendar.working_time_between(at, due_at, office) + dt.timedelta(hours=hours)
    if left <= dt.timedelta():
        return []
    return [calendar.add_working_time(at, left, office)]


def changed_meanwhile(task: Task) -> Conflict:
    """Return the refusal for a task that is no longer as the caller read it."""
    closed = ClosedTask.objects.filter(id=task.id).first()
    if closed is not None:
        done = runs.already_done(closed)
        who = identity.display_name(closed.closed_by) if closed.closed_by else ""
        return VersionConflict(done.message, who=who, what=closed.outcome, when=closed.closed_at)
    now = Task.objects.filter(id=task.id).first()
    if now is None or now.assignee is None:
        return VersionConflict(who="", what="", when=None)
    who = identity.display_name(now.assignee)
    message = _("Việc này vừa được giao cho %(who)s.") % {"who": who}
    return VersionConflict(message, who=who, what="assign", when=None)
