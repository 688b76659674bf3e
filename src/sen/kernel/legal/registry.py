"""What a process remembers between requests, each thing under the edition it was read in."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

MOST = 20_000
"""How many answers a process keeps; the longest unused goes first."""

_answers: OrderedDict[tuple[str, Hashable], tuple[int, Any]] = OrderedDict()
_lock = threading.Lock()


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
