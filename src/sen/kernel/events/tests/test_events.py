"""Events as typed values and as JSON."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.base import clock
from sen.base.identifiers import new_id
from sen.kernel.events.events import Event, field_types
from sen.kernel.events.tests.factories import Colour, Happened, Rich

RICH = st.builds(
    Rich,
    text=st.text(max_size=20),
    count=st.integers(-(2**53), 2**53),
    share=st.floats(allow_nan=False, allow_infinity=False),
    is_final=st.booleans(),
    unit=st.uuids(),
    on=st.dates(),
    at=st.datetimes(timezones=st.just(clock.ZONE), min_value=dt.datetime(1980, 1, 1)),  # noqa: DTZ001 - Hypothesis asks for it
    colour=st.sampled_from(Colour),
    parties=st.lists(st.uuids(), max_size=3).map(tuple),
    days=st.lists(st.dates(), max_size=3).map(tuple),
    reason=st.none() | st.text(max_size=5),
    until=st.none() | st.dates(),
)


@given(RICH)
def test_an_event_comes_back_from_its_payload(event):
    payload = json.loads(json.dumps(event.to_payload()))

    assert Rich.from_payload(payload, version=2) == event


def example(**changes):
    at = dt.datetime(2026, 11, 21, 8, tzinfo=clock.ZONE)
    values = {
        "text": "x", "count": 1, "share": 0.5, "is_final": True, "unit": new_id(),
        "on": dt.date(2026, 11, 21), "at": at, "colour": Colour.RED, "parties": (),
    }  # fmt: skip
    return Rich(**{**values, **changes}).to_payload()


def test_a_later_field_is_filled_from_its_default():
    payload = example()
    del payload["days"], payload["reason"]

    found = Rich.from_payload(payload, version=2)

    assert (found.days, found.reason) == ((), None)


def test_a_field_from_a_newer_publisher_is_left_out():
    assert Happened.from_payload({"code": "1", "new": True}) == Happened(code="1")


def test_an_older_version_is_upgraded():
    payload = example()
    payload["title"] = payload.pop("text")

    assert Rich.from_payload(payload, version=1).text == "x"


def test_another_version_is_taken_as_it_is_unless_the_event_says_how():
    assert Happened.from_payload({"code": "1"}, version=7) == Happened(code="1")


@pytest.mark.parametrize(
    ("field", "wrong", "failure"),
    [
        ("count", "1", TypeError),
        ("count", True, TypeError),
        ("text", 5, TypeError),
        ("is_final", 1, TypeError),
        ("unit", "no id", ValueError),
        ("on", "21/11/2026", ValueError),
        ("colour", "blue", ValueError),
    ],
)
def test_a_payload_that_does_not_fit_is_refused(field, wrong, failure):
    with pytest.raises(failure):
        Rich.from_payload({**example(), field: wrong}, version=2)


def test_a_missing_field_is_refused():
    with pytest.raises(TypeError):
        Happened.from_payload({})


def test_a_whole_number_serves_where_a_fraction_is_asked():
    assert Rich.from_payload({**example(), "share": 1}, version=2).share == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WithList(Event):
    """Carries what may change."""

    parts: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithPair(Event):
    """Carries a tuple of two."""

    pair: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithEither(Event):
    """Carries one or the other."""

    either: str | int


@pytest.mark.parametrize("event", [WithList, WithPair, WithEither])
def test_a_field_that_an_event_cannot_carry_is_refused(event):
    with pytest.raises(TypeError, match=event.__name__):
        field_types(event)
