"""What a process remembers between requests, under its edition; who computes with values."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from sen.kernel.legal.data import Span, ValueUse

MOST = 20_000
"""How many answers a process keeps; the longest unused goes first."""

_answers: OrderedDict[tuple[str, Hashable], tuple[int, Any]] = OrderedDict()
_lock = threading.Lock()
_uses: dict[str, ValueUse] = {}


def register_uses(*uses: ValueUse) -> None:
    """Register who computes with values of the law. Raises ImproperlyConfigured."""
    for use in uses:
        if not isinstance(use, ValueUse):
            raise ImproperlyConfigured(f"a use is a ValueUse, not {type(use).__name__}")
        if _uses.setdefault(use.code, use) != use:
            raise ImproperlyConfigured(f"two uses are called {use.code}")


def count_uses(span: Span) -> int:
    """Return how many records were computed with the value of a span, in all systems together."""
    return sum(use.count(span) for use in _uses.values())


def remembered(name: str, key: Hashable, edition: int, load: Callable[[], Any]) -> Any:
    """Return what `load` gave for this key in this edition, calling it if that is not known."""
    place = (name, key)
    with _lock:
        known = _answers.get(place)
        if known is not None and known[0] == edition:
            _answers.move_to_end(place)
            return known[1]
    answer = load()
    with _lock:
        _answers[place] = (edition, answer)
        _answers.move_to_end(place)
        if len(_answers) > MOST:
            _answers.popitem(last=False)
    return answer


def forget() -> None:
    """Forget everything."""
    with _lock:
        _answers.clear()
