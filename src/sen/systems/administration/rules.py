"""When an alarm rings: a pure function on values."""

from __future__ import annotations


def is_ringing(value: float, *, rings_at: float, clears_at: float, was_ringing: bool) -> bool:
    """Tell whether an alarm rings, given whether it did.

    Between the two bounds it stays as it was, so that a value that trembles rings once. Where
    rings_at is the smaller one, small values are bad.
    """
    if rings_at < clears_at:
        value, rings_at, clears_at = -value, -rings_at, -clears_at
    return value > clears_at if was_ringing else value >= rings_at
