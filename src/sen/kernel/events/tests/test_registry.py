"""Who hears of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.core.exceptions import ImproperlyConfigured

from sen.kernel.events import public as events
from sen.kernel.events import registry
from sen.kernel.events.public import Event, Handler
from sen.kernel.events.tests.factories import Happened, Rich


def nothing(delivery):
    """Do nothing."""


def test_handlers_are_found_by_event_and_by_name():
    one = Handler(event=Happened, name="t.one", handle=nothing)
    two = Handler(event=Happened, name="t.two", handle=nothing, queue="slow")
    three = Handler(event=Rich, name="t.three", handle=nothing)

    events.register_handlers(one, two)
    events.register_handlers(three, one)

    assert registry.handlers_of("tests.happened") == (one, two)
    assert registry.handlers_of("tests.other") == ()
    assert registry.handler("t.three") is three
    assert dict(events.handlers()) == {"t.one": one, "t.two": two, "t.three": three}


def test_an_unknown_handler_is_refused():
    with pytest.raises(ImproperlyConfigured, match=r"no handler is called t\.none"):
        registry.handler("t.none")


def test_two_handlers_of_one_name_are_refused():
    events.register_handlers(Handler(event=Happened, name="t.one", handle=nothing))

    with pytest.raises(ImproperlyConfigured, match=r"two handlers are called t\.one"):
        events.register_handlers(Handler(event=Rich, name="t.one", handle=nothing))


@dataclass(frozen=True, slots=True, kw_only=True)
class Namesake(Event):
    """Has the name of another event."""

    name: ClassVar[str] = "tests.happened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameless(Event):
    """Has no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unversioned(Event):
    """Has no version."""

    name: ClassVar[str] = "tests.unversioned"
    version: ClassVar[int] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Untyped(Event):
    """Carries what no event can."""

    name: ClassVar[str] = "tests.untyped"

    parts: list[str]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("tests.happened", "needs an event's class"),
        (str, "needs an event's class"),
        (Nameless, "needs a name and a version"),
        (Unversioned, "needs a name and a version"),
        (Untyped, "Untyped.parts"),
        (Namesake, "two events are called"),
    ],
)
def test_a_wrong_event_is_refused_at_start(event, words):
    events.register_handlers(Handler(event=Happened, name="t.one", handle=nothing))

    with pytest.raises(ImproperlyConfigured, match=words):
        events.register_handlers(Handler(event=event, name="t.two", handle=nothing))
