"""What the logs say of a failure, and what they must not."""

from __future__ import annotations

import sys

from sen.config import logs


class Refused(Exception):
    """As PostgreSQL words a failure: values follow the first line."""

    def __init__(self, secret: str) -> None:
        super().__init__(f"first line\nDETAIL: Key (number)=({secret})")


def failing(secret: str) -> None:
    try:
        refuse(secret)
    except Refused as cause:
        raise LookupError("could not") from cause


def refuse(secret: str) -> None:
    raise Refused(secret)


def test_a_failure_is_told_without_values():
    try:
        failing("040093000101")
    except LookupError:
        told = logs.traceback_of(sys.exc_info())

    assert "040093000101" not in str(told)
    assert [(one["exc_type"], one["exc_value"]) for one in told] == [
        ("LookupError", "could not"),
        ("Refused", "first line"),
    ]
