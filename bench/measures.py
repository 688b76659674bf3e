"""The values of a measurement: what an act costs, and what all acts of a life cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Count:
    """How many statements do something, and how many there are with transaction control."""

    plain: float
    all: float

    def __add__(self, other: Count) -> Count:
        """Return both together."""
        return Count(self.plain + other.plain, self.all + other.all)


@dataclass(frozen=True)
class Cost:
    """What an act costs in one life: statements of web and worker, CPU time of all parts."""

    web: Count
    worker: Count
    cpu_ms: float

    @property
    def plain(self) -> float:
        """Statements that do something, of web and worker."""
        return self.web.plain + self.worker.plain


@dataclass(frozen=True)
class Counts:
    """The costs by act. by_the_clock: texts that an idle worker executed and that are counted."""

    acts: dict[str, Cost]
    by_the_clock: list[str]

    def sum_of(self, acts: Iterable[str]) -> Cost:
        """Return what so many acts cost together."""
        costs = [self.acts[act] for act in acts]
        nothing = Count(0, 0)
        return Cost(
            web=sum((one.web for one in costs), nothing),
            worker=sum((one.worker for one in costs), nothing),
            cpu_ms=sum(one.cpu_ms for one in costs),
        )
