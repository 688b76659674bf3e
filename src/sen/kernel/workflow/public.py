"""The door of the workflow: flows as data, runs, tasks, lists, the clock of a record."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sen.kernel.workflow.choices import FlowStatus, TaskState
from sen.kernel.workflow.data import (
    COUNTER_CAP,
    Act,
    Change,
    Counters,
    Flow,
    Page,
    Problem,
    RunClock,
    Step,
    Transition,
)
from sen.kernel.workflow.events import TaskAssigned, TimerFired
from sen.kernel.workflow.models import (
    ClockInterval,
    ClosedTask,
    Extension,
    FlowVersion,
    Run,
    Task,
)
from sen.kernel.workflow.permissions import ASSIGN, PUBLISH
from sen.kernel.workflow.queries.lists import counters, open_tasks
from sen.kernel.workflow.queries.runs import (
    AlreadyDone,
    clock_intervals,
    flow,
    flow_versions,
    history,
    latest_flow,
    record_tasks,
    run,
    run_clock,
    task,
    task_of,
    work_of,
)
from sen.kernel.workflow.registry import acts, register_acts
from sen.kernel.workflow.rules.documents import differences
from sen.kernel.workflow.rules.moves import UnknownOutcome
from sen.kernel.workflow.services.assignments import assign, assign_many, claim, release
from sen.kernel.workflow.services.clocks import AlreadyPaused, NotPaused, extend, pause, resume
from sen.kernel.workflow.services.flows import check_flow, publish_flow, word
from sen.kernel.workflow.services.past import PastRun, PastStart
from sen.kernel.workflow.services.tasks import (
    AlreadyRunning,
    GivenToAnother,
    StandsStill,
    cancel,
    complete,
    start,
)
from sen.kernel.workflow.services.upkeep import fire_timers, follow_merger

__all__ = [
    "ASSIGN", "COUNTER_CAP", "PUBLISH", "Act", "AlreadyDone", "AlreadyPaused", "AlreadyRunning",
    "Change", "ClockInterval", "ClosedTask", "Counters", "Extension", "Flow", "FlowStatus",
    "FlowVersion", "GivenToAnother", "NotPaused", "Page", "PastRun", "PastStart", "Problem", "Run",
    "RunClock", "StandsStill", "Step", "Task", "TaskAssigned", "TaskState", "TimerFired",
    "Transition", "UnknownOutcome", "acts", "assign", "assign_many", "cancel", "check_flow",
    "claim", "clock_intervals", "complete", "count_open", "counters", "differences", "extend",
    "fire_timers", "flow", "flow_versions", "follow_merger", "history", "latest_flow", "open_tasks",
    "pause", "publish_flow", "record_tasks", "register_acts", "release", "resume", "run",
    "run_clock", "start", "task", "task_of", "word",
    "work_of",
]  # fmt: skip


def count_open(units: Sequence[UUID]) -> int:
    """Return how many open tasks lie in these units; feeds the dry run of a merger."""
    return Task.objects.filter(unit_id__in=units).count()
