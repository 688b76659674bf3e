"""The reads: values on a day, editions, and what is remembered under them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Hashable
from contextvars import ContextVar
from typing import Any, NamedTuple, TypeVar

from django.db import connection, connections
from django.utils.translation import gettext as _

from sen.base import warming
from sen.base.errors import NotFound
from sen.kernel.legal import registry
from sen.kernel.legal.choices import Status
from sen.kernel.legal.data import EditionName, Editions, Span
from sen.kernel.legal.models import LegalValue

T = TypeVar("T")


class _Remembered:
    """The editions of the request under way, once they are read."""

    __slots__ = ("editions",)

    def __init__(self) -> None:
        self.editions: Editions | None = None


_request: ContextVar[_Remembered | None] = ContextVar("legal_request", default=None)


def begin_request() -> None:
    """Begin a request or a job: editions are read once, when first asked for, and then kept."""
    _request.set(_Remembered())


def end_request() -> None:
    """End it: from here on editions are read each time they are asked for."""
    _request.set(None)


def forget_editions() -> None:
    """Let the request under way read the editions again."""
    request = _request.get()
    if request is not None:
        request.editions = None


def keep_editions(found: Editions) -> None:
    """Keep editions for the request under way that another statement has read along.

    Whoever reads something at the beginning of every request joins `legal_editions` to it.
    """
    request = _request.get()
    if request is not None and request.editions is None:
        request.editions = found
        registry.heard(found)


def editions() -> Editions:
    """Return the editions: one statement a request, or one a call outside of any."""
    request = _request.get()
    if request is not None and request.editions is not None:
        return request.editions
    with connection.cursor() as cursor:
        cursor.execute('SELECT "values", grants, units, menu, calendar FROM legal_editions')
        values, grants, units, menu, calendar = cursor.fetchone()
    found = Editions(values=values, grants=grants, units=units, menu=menu, calendar=calendar)
    if request is not None:
        request.editions = found
        registry.heard(found)
    return found


def cached(name: EditionName, key: Hashable, load: Callable[[], T]) -> T:
    """Return what `load` gave in the present edition, remembered by the process.

    key: tells the answers of one edition apart; begin it with the caller's own name. load: must
    read nothing but what `bump(name)` is called for. Treat the answer as immutable.
    """
    answer: T = registry.remembered(name, key, getattr(editions(), name), load)
    return answer


def keep_ready(name: EditionName, key: Hashable, load: Callable[[], object]) -> None:
    """Make what `cached` is asked for under this key, and from now on make it anew behind.

    For what takes long to make, in processes that answer people: as soon as a request hears of
    another edition a thread begins, and the former answer is given until it is done, but never
    longer than three seconds after it was last true. Elsewhere, and in tests, `cached` waits.
    """
    ready = registry.Ready(lambda: getattr(editions(), name), load, _end_thread)
    ready.renew()
    registry.keep_ready(name, key, ready)


def _end_thread() -> None:
    connections.close_all()
    warming.settle()


def value(key: str, on: dt.date) -> Any:
    """Return what the law sets for a key on a day. Raises NotFound where nothing holds."""
    return _holding(key, on).value


def is_verified(key: str, on: dt.date) -> bool:
    """Tell whether the value of a key on a day rests on a text; by no other may one be charged.

    Raises NotFound where nothing holds.
    """
    return _holding(key, on).status != Status.UNKNOWN


class _Held(NamedTuple):
    begins: dt.date
    ends: dt.date | None
    value: Any
    status: str


def _holding(key: str, on: dt.date) -> _Held:
    for held in cached("values", ("legal.value", key), lambda: _history(key)):
        if held.begins <= on and (held.ends is None or on < held.ends):
            return held
    raise NotFound(
        _("“%(key)s” chưa có giá trị hiệu lực ngày %(day)s.")
        % {"key": key, "day": on.strftime("%d/%m/%Y")}
    )


def values(prefix: str, on: dt.date) -> dict[str, Any]:
    """Return what the law sets on a day for every key that begins so."""

    def load() -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT key, value FROM legal_value"
                " WHERE corrected_at IS NULL AND starts_with(key, %s)"
                " AND valid_from <= %s AND (valid_to IS NULL OR valid_to > %s) ORDER BY key",
                [prefix, on, on],
            )
            return {row[0]: json.loads(row[1]) for row in cursor.fetchall()}

    return cached("values", ("legal.values", prefix, on), load)


def used(key: str, valid_from: dt.date) -> int:
    """Return how many records were computed with the value that a key has from a day on.

    Raises NotFound where no value of the key begins on that day.
    """
    return registry.count_uses(span_of(held(key, valid_from)))


def held(key: str, valid_from: dt.date) -> LegalValue:
    """Return the value of a key that begins on a day. Raises NotFound."""
    found = LegalValue.objects.filter(key=key, valid_from=valid_from, corrected_at=None).first()
    if found is None:
        raise NotFound(
            _("“%(key)s” không có giá trị nào bắt đầu từ ngày %(day)s.")
            % {"key": key, "day": valid_from.strftime("%d/%m/%Y")}
        )
    return found


def span_of(row: LegalValue) -> Span:
    """Return the days on which a value holds."""
    return Span(key=row.key, first=row.valid_from, end=row.valid_to)


def _history(key: str) -> tuple[_Held, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT valid_from, valid_to, value, status FROM legal_value"
            " WHERE key = %s AND corrected_at IS NULL ORDER BY valid_from DESC",
            [key],
        )
        return tuple(
            _Held(begins, ends, json.loads(value), status)
            for begins, ends, value, status in cursor.fetchall()
        )
