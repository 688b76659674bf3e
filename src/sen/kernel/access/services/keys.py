"""One-time keys: an act asked for twice, or twenty times at once, is done once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid, KeyReused, SignInNeeded
from sen.kernel.access.models import OneTimeKey

DAYS_KEPT = 7
LONGEST = 100

_CLAIM = """
INSERT INTO access_onetimekey (owner, key, digest, created_at) VALUES (%s, %s, %s, now())
ON CONFLICT (owner, key) DO UPDATE SET key = excluded.key
RETURNING digest, status, answer, xmax = 0
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered the first time. body: ids and codes; it is kept for seven days."""

    status: int
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """The hold on a one-time key until the end of the transaction.

    answer: the first answer where the act was done before, None where it is to be done now.
    """

    owner: UUID
    key: str
    answer: Answer | None

    def keep(self, status: int, body: Mapping[str, Any]) -> None:
        """Keep the answer for whoever asks again. One statement."""
        OneTimeKey.objects.filter(owner=self.owner, key=self.key).update(
            status=status, answer=dict(body)
        )


def once(actor: Actor, key: str, digest: bytes) -> Claim:
    """Take hold of a one-time key, inside the transaction of the act. One statement.

    digest: of everything that was sent. Another process with the same key waits here until this
    transaction ends, and then gets its answer; where it was rolled back, the act is done anew.
    Raises KeyReused if the key came with another content before, SignInNeeded for a visitor,
    Invalid for an empty or overlong key, TransactionManagementError outside a transaction.
    """
    if actor.account is None:
        raise SignInNeeded
    if not 0 < len(key) <= LONGEST:
        raise Invalid(_("Mã một lần phải có từ 1 đến 100 ký tự."))
    if not connection.in_atomic_block:
        raise TransactionManagementError("once() needs a transaction")
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [actor.account, key, digest])
        kept_digest, status, body, is_new = cursor.fetchone()
    if bytes(kept_digest) != digest:
        raise KeyReused
    if is_new:
        return Claim(actor.account, key, None)
    if status is None:
        raise Conflict(_("Yêu cầu này đã được thực hiện."))
    return Claim(
        actor.account, key, Answer(status, json.loads(body) if isinstance(body, str) else body)
    )


def count_old(*, at: dt.datetime) -> int:
    """Return how many keys `forget_keys` would delete."""
    return OneTimeKey.objects.filter(created_at__lt=at - dt.timedelta(days=DAYS_KEPT)).count()


def forget_keys(*, at: dt.datetime) -> int:
    """Delete the one-time keys older than seven days; return how many."""
    old = OneTimeKey.objects.filter(created_at__lt=at - dt.timedelta(days=DAYS_KEPT))
    return old._raw_delete(old.db)  # noqa: SLF001 - rows without dependants, in one statement
