"""The checked list of invariants that packages and systems contribute."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from sen.kernel.database.data import Invariant

_invariants: dict[str, Invariant] = {}


def register_invariants(*invariants: Invariant) -> None:
    """Register invariants. Raises ImproperlyConfigured for another type or a code taken twice."""
    for one in invariants:
        if not isinstance(one, Invariant):
            raise ImproperlyConfigured(f"an invariant is an Invariant, not {type(one).__name__}")
        if _invariants.setdefault(one.code, one) != one:
            raise ImproperlyConfigured(f"two invariants are called {one.code}")


def invariants() -> tuple[Invariant, ...]:
    """Return every invariant, by code."""
    return tuple(_invariants[code] for code in sorted(_invariants))
