"""What a process remembers between requests, under its edition; who computes with values."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

from sen.kernel.legal.data import EditionName, Editions, Span, ValueUse

FORMER_SECONDS = 3.0
"""How long after it was last true a former answer is given while the new one is made."""
AGAIN_SECONDS = 10.0
"""How long after it could not be made behind nobody tries so again; who must wait still does."""

MOST = 20_000
"""How many answers a process keeps; the longest unused goes first."""

_log = structlog.get_logger(__name__)
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


class Ready:
    """An answer that takes long to make, made anew behind those who ask, by one thread at a time.

    The former one is given meanwhile, but not longer than FORMER_SECONDS after it was last true:
    then who asks waits. edition_now: what holds for whoever calls it; a thread of its own reads
    what is committed. done: called by such a thread when it ends.
    """

    def __init__(
        self,
        edition_now: Callable[[], int],
        load: Callable[[], Any],
        done: Callable[[], None],
    ) -> None:
        self._edition_now = edition_now
        self._load = load
        self._done = done
        self._making = threading.Lock()
        self._known: tuple[int, Any] = (-1, None)
        self._true_at = self._failed_at = -math.inf

    def of(self, edition: int) -> Any:
        """Return the answer in an edition, or the former one as long as it may be given."""
        found, answer = self._known
        if found == edition:
            self._true_at = time.monotonic()
        elif -1 < found < edition and time.monotonic() - self._true_at <= FORMER_SECONDS:
            self._begin()
        else:
            with self._making:
                self.renew()
            answer = self._known[1]
        return answer

    def hear(self, edition: int) -> None:
        """Begin to make it anew where a process hears of another edition, before anybody asks."""
        found = self._known[0]
        if found == edition:
            self._true_at = time.monotonic()
        elif found < edition:
            self._begin()

    def renew(self) -> None:
        """Make it for the edition that holds, if that is not done."""
        edition, now = self._edition_now(), time.monotonic()
        if self._known[0] != edition:
            self._known, self._true_at = (edition, self._load()), now

    def _begin(self) -> None:
        if time.monotonic() - self._failed_at < AGAIN_SECONDS:
            return
        if self._making.acquire(blocking=False):
            try:
                threading.Thread(target=self._behind, name="ready", daemon=True).start()
            except RuntimeError:  # no thread is to be had
                self._making.release()
                raise

    def _behind(self) -> None:
        try:
            self.renew()
        except Exception:  # noqa: BLE001 - logged whole; who asks too late for the former meets it
            self._failed_at = time.monotonic()
            _log.exception("legal.not_made")
        finally:
            self._making.release()
            self._done()


_ready: dict[tuple[str, Hashable], Ready] = {}


def keep_ready(name: EditionName, key: Hashable, ready: Ready) -> None:
    """Give this answer for a key from now on, until everything is forgotten."""
    _ready[name, key] = ready


def heard(editions: Editions) -> None:
    """Let what is kept ready hear of the editions that a process has read."""
    for (name, _key), ready in list(_ready.items()):
        ready.hear(getattr(editions, name))


def remembered(name: str, key: Hashable, edition: int, load: Callable[[], Any]) -> Any:
    """Return what `load` gave for this key in this edition, calling it if that is not known."""
    place = (name, key)
    if place in _ready:
        return _ready[place].of(edition)
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
        _ready.clear()
