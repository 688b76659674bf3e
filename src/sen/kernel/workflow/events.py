"""What the workflow tells: a task given to a person, a timer that fired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sen.kernel.events.public import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAssigned(Event):
    """A task was given to a person, or claimed by one.

    account: whose it is now, None when it was put back for the whole unit.
    """

    name: ClassVar[str] = "workflow.task.assigned"
    version: ClassVar[int] = 1

    record: UUID
    kind: str
    task: UUID
    act: str
    unit: UUID
    account: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired(Event):
    """A moment that a flow asked for has come.

    key: the timer's key in the flow. task: the open task it hangs on, None for the record's own.
    """

    name: ClassVar[str] = "workflow.timer.fired"
    version: ClassVar[int] = 1

    record: UUID
    kind: str
    key: str
    task: UUID | None
