"""Entries for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory

from sen.base.identifiers import new_id
from sen.kernel.audit.data import Entry, Subject

SUBJECT = Subject("tests.record", new_id(), "H41-1")


class EntryFactory(factory.Factory):
    """An entry as it is read from the trail."""

    class Meta:
        model = Entry

    id = factory.LazyFunction(new_id)
    at = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
    action = "tests.do"
    subject = SUBJECT
    account: Any = None
    person: Any = None
    position: Any = None
    unit: Any = None
    acting_for: Any = None
    token: Any = None
    strength = 0
    channel = "web"
    reason = ""
    fields: Any = factory.LazyFunction(dict)
