"""Values of the workflow: a flow as it was read, a move in it, the acts, what lists give back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

END = "end"
"""The target of a transition that ends the run; no step has this key."""

Localised = Mapping[str, str]
"""Public text: language code to text, "vi" always there."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that people do to a record, contributed by a system.

    code: "public_services.receive". permission: the right it needs in the record's unit, None for
    what whoever takes part in the record does. is_task: whether a step of a flow may wait for it.
    url_name: the page that does it. api_operation: the API operation that does it, "" if none.
    bulk: whether lists offer it for many tasks at once. after: for what comes once the record has
    its answer: what is waited for then, such as "Chờ người dân nhận". The time of the law has ended
    by then, so a step of it has no date, is never late, and the record's timers are gone.
    """

    code: str
    title: Localised
    permission: str | None
    url_name: str
    api_operation: str = ""
    bulk: bool = False
    icon: str = ""
    is_task: bool = True
    after: Localised | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """What follows when a step ends with an outcome; exactly one of to, fork and wait is given.

    to: the next step, or END. fork: the steps that open side by side; join: the step that opens
    once when all of them have arrived. wait: the step stays open and the clock stands still, for
    this reason. condition: a JsonLogic rule on the run's data; the first that holds is taken.
    is_return: the way back for rework; needs a comment, and the task goes to who did that step.
    """

    outcome: str
    to: str | None = None
    fork: tuple[str, ...] = ()
    join: str | None = None
    wait: str | None = None
    condition: object | None = None
    is_return: bool = False

    @property
    def targets(self) -> tuple[str, ...]:
        """The steps that open at once, END left out."""
        if self.to is not None:
            return () if self.to == END else (self.to,)
        return self.fork

    @property
    def reaches(self) -> tuple[str, ...]:
        """The steps that open at once or when the branches have met, END left out."""
        return self.targets if self.join is None else (*self.targets, self.join)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a flow.

    unit: the key of the unit's part in the run, such as "received". hours: working hours allowed,
    None where the step does not count.
    """

    key: str
    title: Localised
    act: str
    unit: str
    hours: float | None
    next: tuple[Transition, ...]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes in the order of the document, each once."""
        return tuple(dict.fromkeys(transition.outcome for transition in self.next))


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTimer:
    """A moment at which a flow wants to be heard of.

    step: the step whose due moment it hangs on, None for the record's. hours: working hours after
    that moment, negative before it.
    """

    key: str
    step: str | None
    hours: float


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A flow as its document says; immutable.

    start: the first step. clock: the part whose unit's calendar counts the record's time.
    """

    code: str
    title: Localised
    source: str
    start: str
    clock: str
    steps: tuple[Step, ...]
    timers: tuple[FlowTimer, ...] = ()

    @cached_property
    def by_key(self) -> Mapping[str, Step]:
        """The steps by key."""
        return {step.key: step for step in self.steps}

    @cached_property
    def joins(self) -> Mapping[str, tuple[str, ...]]:
        """The joins that a step's branch still has before it, outermost first, by step."""
        found: dict[str, tuple[str, ...]] = {self.start: ()}
        waiting = [self.start]
        while waiting:
            step = self.by_key[waiting.pop()]
            for target, stack in self.entries(step, found[step.key]):
                if target in self.by_key and target not in found:
                    found[target] = stack
                    waiting.append(target)
        return found

    def entries(self, step: Step, stack: tuple[str, ...]) -> Sequence[tuple[str, tuple[str, ...]]]:
        """Return the steps that may follow a step, each with the joins before it.

        stack: the joins before the step itself.
        """
        entries: list[tuple[str, tuple[str, ...]]] = []
        for transition in step.next:
            if transition.join is not None:
                entries += [(target, (*stack, transition.join)) for target in transition.fork]
                entries.append((transition.join, stack))
            for target in () if transition.fork else transition.targets:
                arrives = stack and target == stack[-1]
                entries.append((target, stack[:-1] if arrives else stack))
        return entries

    @cached_property
    def roles(self) -> frozenset[str]:
        """The keys of the units' parts that a run must name."""
        return frozenset({step.unit for step in self.steps} | {self.clock})

    @property
    def hours(self) -> float:
        """Working hours of all steps together, as the approved process sums them."""
        return sum(step.hours or 0 for step in self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What keeps a flow from being published.

    code: stable. step: where. what: the thing at fault.
    """

    code: str
    step: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A difference between two versions of a flow. path: "steps.sign.hours"; None for absent."""

    path: str
    old: object | None
    new: object | None


@dataclass(frozen=True, slots=True)
class Token:
    """Where a run stands: an open step in a branch.

    branch: "" outside forks, else the places of the branches from the outermost in: "1.0".
    """

    step: str
    branch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What one outcome does to a run.

    opened: the tokens that take the moved one's place; none while a join still waits for others.
    ends: the run is over, whatever else is open.
    """

    transition: Transition
    opened: tuple[Token, ...] = ()
    ends: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row]):
    """A page of a list. after: the cursor of the next page, None on the last."""

    rows: Sequence[Row]
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """How much waits for an actor; true at the moment of asking.

    by_act: of each act, running or paused. late, soon, paused: of the act asked for, or of all.
    A number above `COUNTER_CAP` is not counted out: it reads "1000+".
    """

    by_act: Mapping[str, int] = field(default_factory=dict)
    late: int = 0
    soon: int = 0
    paused: int = 0


COUNTER_CAP = 1000
"""Up to here counters are exact; one more means "more than"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunClock:
    """The clock of a record at a moment.

    promised_at: the printed date, moved by an extension only. expected_at: the promise and the
    paused working time. remaining: working time left, negative when late; None without a promise.
    is_paused: whether it stands still now. reason: why.
    """

    promised_at: dt.datetime | None
    expected_at: dt.datetime | None
    elapsed: dt.timedelta
    paused: dt.timedelta
    remaining: dt.timedelta | None
    is_paused: bool
    reason: str = ""
