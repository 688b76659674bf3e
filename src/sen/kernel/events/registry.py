"""The checked list of handlers: who wants to hear of which event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured

from sen.kernel.events.events import Event, field_types

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event as a handler gets it. record: the record it is about, within which order holds."""

    event_id: UUID
    event: Event
    record: UUID
    published_at: dt.datetime

    def of(self, kind: type[E]) -> E:
        """Return the event as the class that the handler asked for. Raises TypeError otherwise."""
        if not isinstance(self.event, kind):
            raise TypeError(f"{type(self.event).__name__} is no {kind.__name__}")
        return self.event


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """What happens after an event: a slot of the manifest.

    name: `package.what_it_does`, stable as long as deliveries may wait. handle: runs inside the
    transaction in which (handler, event id) is written down, hence once; no network in it.
    at_once: handle it in the publisher's own transaction, for what is quick and belongs to the
    act; where it fails there, a job does it like all others.
    """

    event: type[Event]
    name: str
    handle: Callable[[Delivery], None]
    queue: str = "default"
    at_once: bool = False


_handlers: dict[str, Handler] = {}
_by_event: dict[str, tuple[Handler, ...]] = {}


def register_handlers(*handlers: Handler) -> None:
    """Register handlers. Raises ImproperlyConfigured for a wrong event or a name taken twice."""
    for handler in handlers:
        _check(handler)
        _handlers[handler.name] = handler
    _by_event.clear()
    for handler in _handlers.values():
        _by_event[handler.event.name] = (*_by_event.get(handler.event.name, ()), handler)


def _check(handler: Handler) -> None:
    given: object = handler.event
    if not (isinstance(given, type) and issubclass(given, Event) and is_dataclass(given)):
        raise ImproperlyConfigured(f"handler {handler.name} needs an event's class")
    event = handler.event
    if not event.name or event.version < 1:
        raise ImproperlyConfigured(f"event {event.__name__} needs a name and a version")
    try:
        field_types(event)  # type: ignore[arg-type]  # a class can be hashed
    except TypeError as error:
        raise ImproperlyConfigured(str(error)) from error
    known = _handlers.get(handler.name)
    if known is not None and known != handler:
        raise ImproperlyConfigured(f"two handlers are called {handler.name}")
    for other in _handlers.values():
        if other.event.name == event.name and other.event is not event:
            raise ImproperlyConfigured(f"two events are called {event.name}")


def handler(name: str) -> Handler:
    """Return a registered handler. Raises ImproperlyConfigured for an unknown name."""
    try:
        return _handlers[name]
    except KeyError:
        raise ImproperlyConfigured(f"no handler is called {name}") from None


def handlers_of(event: str) -> tuple[Handler, ...]:
    """Return the handlers of an event by its name."""
    return _by_event.get(event, ())


def handlers() -> Mapping[str, Handler]:
    """Return every registered handler by name."""
    return dict(_handlers)
