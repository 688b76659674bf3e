"""A run played in memory at moments that are past, by the rules by which the verbs move one.

For laying down a year of records at once: what `rows` gives is what the verbs would have left.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from sen.base import clock
from sen.kernel.calendar import public as calendar
from sen.kernel.forms import public as forms
from sen.kernel.workflow import registry
from sen.kernel.workflow.data import Flow, Step, Token, Transition
from sen.kernel.workflow.events import TimerFired
from sen.kernel.workflow.models import ClockInterval, ClosedTask, Remark, Run, Task, Timer
from sen.kernel.workflow.queries import runs
from sen.kernel.workflow.rules import moves
from sen.kernel.workflow.services.statements import NewTimer, ends_time
from sen.kernel.workflow.services.tasks import openings, record_timers, task_timers

NewId = Callable[[dt.datetime], UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastStart:
    """What a run begins with, as `start` takes it."""

    kind: str
    record: UUID
    code: str
    title: str
    flow: UUID
    units: Mapping[str, UUID]
    group: str
    at: dt.datetime


class PastRun:
    """One run from its start on: `complete`, `pause`, `resume`, `cancel` as the verbs of that name.

    No rights are asked, and nothing is written; moments never go back.
    """

    def __init__(self, start: PastStart, new_id: NewId) -> None:
        """Begin a run and open its first task; new_id: makes the id of a moment."""
        self._new_id = new_id
        self.document: Flow = runs.flow(start.flow)
        self.run = Run(
            id=start.record,
            kind=start.kind,
            code=start.code,
            flow_id=start.flow,
            units={part: str(unit) for part, unit in start.units.items()},
            group=start.group,
            data={},
            clock_unit_id=start.units[self.document.clock],
            started_at=start.at,
            outcome="",
        )
        self.tasks: list[Task] = []
        self.closed: list[ClosedTask] = []
        self.fired: list[tuple[dt.datetime, TimerFired]] = []
        self._remarks = [self._remark(start.record, self.run.clock_unit_id, start.title)]
        self._intervals: list[ClockInterval] = []
        self._timers: list[Timer] = []
        self._open([Token(self.document.start)], start.at, {})

    @property
    def paused_at(self) -> dt.datetime | None:
        """Since when the clock stands still."""
        return self.run.paused_at

    def pauses(self) -> list[calendar.Pause]:
        """Return how long the clock stood by now, and whether it stands."""
        return [calendar.Pause(one.started_at, one.ended_at) for one in self._intervals]

    def step_of(self, task: Task) -> Step:
        """Return the step of the flow at which a task is."""
        return self.document.by_key[task.step]

    def complete(
        self,
        task: Task,
        outcome: str,
        at: dt.datetime,
        by: UUID | None,
        *,
        comment: str = "",
        assign: Mapping[str, UUID] | None = None,
        promise: dt.datetime | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """End a task with an outcome and open what follows. Raises UnknownOutcome."""
        self._fire(at)
        known = {**self.run.data, **(data or {})}
        transition = moves.choose(
            self.step_of(task), outcome, lambda rule: forms.holds(rule, known, on=clock.day(at))
        )
        others = [other.branch for other in self.tasks if other is not task]
        move = moves.move(
            self.document, Token(task.step, task.branch), transition, others=lambda: others
        )
        self._close(task, outcome, at, by, comment)
        if data:
            self.run.data = known
        if move.ends:
            self._end(outcome, at, by, "cancelled")
            return
        if promise is not None:
            self.run.counts_from, self.run.promised_at, self.run.expected_at = at, promise, promise
        given = self._sticky(move.opened, transition) | dict(assign or {})
        self._open(list(move.opened), at, given)
        if promise is not None:
            self._set(record_timers(self.run, self.document, promise, at))

    def pause(self, reason: str, ground: str, at: dt.datetime, by: UUID | None) -> None:
        """Stop the clock and every open task."""
        self._fire(at)
        self.run.paused_at = at
        self._intervals.append(
            ClockInterval(
                id=self._new_id(at),
                run=self.run,
                started_at=at,
                reason=reason,
                ground=ground,
                started_by=by,
            )
        )
        for task in self.tasks:
            task.is_paused, task.version = True, task.version + 1
        for timer in self._timers:
            timer.is_paused = True

    def resume(self, at: dt.datetime, by: UUID | None) -> None:
        """Let the clock run again; the expected date, tasks and timers move by what was paused."""
        run, held = self.run, self._intervals[-1]
        held.ended_at, held.ended_by = at, by
        office = calendar.calendar_of(run.clock_unit_id)
        stood = calendar.Pause(held.started_at, at)

        def moved(moment: dt.datetime) -> dt.datetime:
            return calendar.due_after_pauses(moment, [stood], at=at, calendar=office)

        if run.promised_at is not None and run.counts_from is not None:
            intervals = [(each.started_at, each.ended_at) for each in self._intervals]
            run.expected_at = calendar.due_after_pauses(
                run.promised_at, runs.pauses(intervals, run.counts_from), at=at, calendar=office
            )
        run.paused_at = None
        for task in self.tasks:
            task.is_paused, task.version = False, task.version + 1
            task.due_at = task.due_at and moved(task.due_at)
            task.record_due_at = run.expected_at if registry.counts(task.act) else None
        for timer in self._timers:
            timer.is_paused, timer.fire_at = False, moved(timer.fire_at)

    def cancel(self, outcome: str, at: dt.datetime, by: UUID | None) -> None:
        """Close what is open and end the run."""
        self._fire(at)
        self._end(outcome, at, by, outcome)

    def rows(self, until: dt.datetime) -> Iterator[models.Model]:
        """Return every row that the run leaves at a moment; timers due by then have fired."""
        self._fire(until)
        yield self.run
        yield from self._remarks
        yield from self.closed
        yield from self.tasks
        yield from self._intervals
        yield from self._timers

    def _open(self, tokens: list[Token], at: dt.datetime, given: Mapping[str, UUID | None]) -> None:
        opened = openings(self.run, self.document, tokens, at, given)
        for each in opened:
            object.__setattr__(each, "id", self._new_id(at))
            self.tasks.append(
                Task(
                    id=each.id,
                    run=self.run,
                    step=each.step,
                    act=each.act,
                    permission=each.permission,
                    unit_id=each.unit_id,
                    group=self.run.group,
                    assignee=each.assignee,
                    branch=each.branch,
                    opened_at=at,
                    due_at=each.due_at,
                    record_due_at=self.run.expected_at if each.counts else None,
                )
            )
        if ends_time(opened):
            self._timers = [timer for timer in self._timers if timer.task is not None]
        self._set(task_timers(self.run, self.document, opened, at))

    def _sticky(self, tokens: tuple[Token, ...], transition: Transition) -> dict[str, UUID | None]:
        """Return, on the way back for rework, whoever ended each step last."""
        if not transition.is_return:
            return {}
        last = {each.step: each.closed_by for each in self.closed}
        return {token.step: last.get(token.step) for token in tokens}

    def _close(
        self, task: Task, outcome: str, at: dt.datetime, by: UUID | None, comment: str
    ) -> None:
        self.tasks.remove(task)
        self._timers = [timer for timer in self._timers if timer.task != task.id]
        self.closed.append(
            ClosedTask(
                id=task.id,
                run=self.run,
                step=task.step,
                act=task.act,
                unit_id=task.unit_id,
                assignee=task.assignee,
                branch=task.branch,
                opened_at=task.opened_at,
                due_at=task.due_at,
                outcome=outcome,
                closed_at=at,
                closed_by=by,
            )
        )
        if comment:
            self._remarks.append(self._remark(task.id, task.unit_id, comment))

    def _end(self, outcome: str, at: dt.datetime, by: UUID | None, swept: str) -> None:
        for task in list(self.tasks):
            self._close(task, swept, at, by, "")
        for interval in self._intervals:
            if interval.ended_at is None:
                interval.ended_at, interval.ended_by = at, by
        self._timers = []
        self.run.ended_at, self.run.outcome, self.run.paused_at = at, outcome, None

    def _set(self, timers: list[NewTimer]) -> None:
        self._timers += [
            Timer(id=each.id, run=self.run, task=each.task, key=each.key, fire_at=each.fire_at)
            for each in timers
        ]

    def _fire(self, at: dt.datetime) -> None:
        """Let the timers go that are due by a moment, as the workers' loop would have."""
        due = [each for each in self._timers if not each.is_paused and each.fire_at <= at]
        for each in sorted(due, key=lambda one: one.fire_at):
            self._timers.remove(each)
            told = TimerFired(record=self.run.id, kind=self.run.kind, key=each.key, task=each.task)
            self.fired.append((each.fire_at, told))

    def _remark(self, id_: UUID, unit: UUID, text: str) -> Remark:
        return Remark(id=id_, run=self.run, unit_id=unit, text=text)
