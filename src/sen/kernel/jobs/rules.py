"""When a failed job runs again: pure functions on values."""

from __future__ import annotations

import datetime as dt

from croniter import croniter  # type: ignore[import-untyped]  # ships without types

from sen.kernel.jobs.data import RetryRule

REASON_LENGTH = 500
FIELDS = 5


def wait_seconds(rule: RetryRule, failures: int) -> float | None:
    """Return how long to wait after the given number of failures, None when the job is dead.

    failures: at least 1.
    """
    if failures >= rule.tries:
        return None
    return min(rule.first_seconds * rule.factor ** (failures - 1), rule.most_seconds)


def wait_for_database(failures: int) -> float:
    """Return the seconds to wait after a job lost its database connection; it is never dead."""
    return float(min(2 ** min(failures, 6), 60))


def reason_of(kind: str, text: str) -> str:
    """Return why a job failed in one line: the kind of failure and the first line of its text."""
    first = text.strip().split("\n", 1)[0].strip()
    return (f"{kind}: {first}" if first else kind)[:REASON_LENGTH]


def is_cron_line(text: str) -> bool:
    """Tell whether a text is a cron line of five fields."""
    return len(text.split()) == FIELDS and bool(croniter.is_valid(text))


def latest_turn(cron: str, at: dt.datetime) -> int:
    """Return the latest moment at or before `at` that a cron line names, in seconds since 1970.

    The line is read in the zone of `at`. Raises ValueError for a line that is none.
    """
    turns = croniter(cron, at + dt.timedelta(seconds=1))
    return int(turns.get_prev(dt.datetime).timestamp())
