"""Verbs that are part of a larger act: they join the transaction that is open already."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def joins(verb: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Let a verb run in the caller's transaction, in one of its own where there is none.

    A savepoint would cost two statements and save nothing: these verbs refuse before they write.
    """

    @wraps(verb)
    def joined(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        if connection.in_atomic_block:
            return verb(*args, **kwargs)
        with transaction.atomic():
            return verb(*args, **kwargs)

    return joined
