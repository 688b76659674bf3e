"""Which way a dossier goes and how quickly, by chance and by the data file's shares."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from sen.systems.public_services.services.living.told import told


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """All that chance decides about one dossier before it lives.

    pace: the share of the promised time that the work takes. extra: working time beyond it, for a
    late one. withdrawn_at: the share of the work after which its owner takes it back.
    """

    is_online: bool
    has_supplement_at_reception: bool
    has_supplement: bool
    is_refused_at_reception: bool
    is_refused: bool
    is_returned_by_head: bool
    is_returned_by_leader: bool
    is_fetched_online: bool
    pace: float
    extra: dt.timedelta
    withdrawn_at: float | None

    @property
    def is_late(self) -> bool:
        """Whether it will be ended after its day."""
        return bool(self.extra)


def way(random: Random, *, is_online: bool, late: float) -> Way:
    """Return a way by chance. late: the share of those that are ended too late."""
    shares = told().ways

    def happens(name: str) -> bool:
        return random.random() < shares[name]

    is_withdrawn = is_online and happens("withdrawn")
    hours = 2 + random.expovariate(1 / 14)
    return Way(
        is_online=is_online,
        has_supplement_at_reception=happens("supplement_at_reception"),
        has_supplement=happens("supplement"),
        is_refused_at_reception=happens("refused_at_reception"),
        is_refused=happens("refused"),
        is_returned_by_head=happens("returned_by_head"),
        is_returned_by_leader=happens("returned_by_leader"),
        is_fetched_online=is_online and happens("fetched_online"),
        pace=min(0.93, random.betavariate(5, 3)),
        extra=dt.timedelta(hours=hours) if random.random() < late else dt.timedelta(),
        withdrawn_at=random.uniform(0.1, 0.8) if is_withdrawn else None,
    )
