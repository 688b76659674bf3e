"""Limits on trying: counted in the database, so that all processes count together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from sen.base.errors import TooMany
from sen.base.sealing import sealer
from sen.kernel.identity.models import Attempt

_COUNT = """
    INSERT INTO identity_attempt AS known (key, count, until)
    SELECT key, 1, %s::timestamptz + window_length
    FROM unnest(%s::bytea[], %s::interval[]) AS tried (key, window_length)
    ORDER BY key
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN {over} THEN 1 ELSE known.count + 1 END,
        until = CASE WHEN {over} THEN excluded.until ELSE known.until END
    RETURNING key, count
"""
_OVER = "(known.until <= %s OR known.until > excluded.until + interval '5 minutes')"
"""A window is over at its end; one that ends later than any can was begun by a clock once ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `most` attempts at `what` by or on `who` within `window`."""

    what: str
    who: str
    most: int
    window: dt.timedelta

    @property
    def key(self) -> bytes:
        """Return the digest under which the attempts are counted."""
        return sealer(settings.FIELD_KEY).digest(self.who, "identity_attempt", self.what)


def note_attempt(limits: Sequence[Limit], *, at: dt.datetime) -> None:
    """Count one attempt against each limit, in one statement.

    Call it before anything costly and outside the transaction of the act, so that a refusal
    counts. Raises TooMany once a limit is passed, until its window ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT.format(over=_OVER),
            [at, [limit.key for limit in limits], [limit.window for limit in limits], at, at],
        )
        counts = {bytes(key): count for key, count in cursor.fetchall()}
    if any(counts[limit.key] > limit.most for limit in limits):
        raise TooMany


def forget_attempts(limits: Sequence[Limit]) -> None:
    """Forget what was counted: the right answer came."""
    Attempt.objects.filter(key__in=[limit.key for limit in limits]).delete()


def count_over(*, at: dt.datetime) -> int:
    """Return how many windows `purge_attempts` would delete."""
    return Attempt.objects.filter(until__lt=at).count()


def purge_attempts(*, at: dt.datetime) -> int:
    """Delete windows that are over; return how many."""
    return Attempt.objects.filter(until__lt=at).delete()[0]
