from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from sen.base.actor import ANONYMOUS, COMMAND, SYSTEM
from sen.base.errors import NotAllowed
from sen.kernel.organisations import public as organisations
from sen.kernel.organisations import registry
from sen.kernel.organisations.public import MANAGE_UNITS, MergeConcern


def test_without_a_guard_only_the_system_may_act(monkeypatch):
    monkeypatch.setattr(registry, "_guards", [registry._only_the_system])

    organisations.demand(SYSTEM, MANAGE_UNITS)
    organisations.demand(COMMAND, MANAGE_UNITS)
    with pytest.raises(NotAllowed):
        organisations.demand(ANONYMOUS, MANAGE_UNITS)


def test_one_guard_only(monkeypatch):
    monkeypatch.setattr(registry, "_guards", [registry._only_the_system])
    asked = []

    def guard(*question):
        asked.append(question)

    organisations.register_guard(guard)
    organisations.register_guard(guard)
    organisations.demand(ANONYMOUS, MANAGE_UNITS)

    assert asked == [(ANONYMOUS, MANAGE_UNITS, None)]
    with pytest.raises(ImproperlyConfigured):
        organisations.register_guard(lambda *_: None)


def test_merge_concerns_are_checked(monkeypatch):
    monkeypatch.setattr(registry, "_concerns", {})
    concern = MergeConcern("a", "A", lambda _units: 0)
    organisations.register_merge_concerns(concern)

    assert registry.merge_concerns() == (concern,)
    with pytest.raises(ImproperlyConfigured, match="twice"):
        organisations.register_merge_concerns(concern)
    with pytest.raises(ImproperlyConfigured, match="not a MergeConcern"):
        organisations.register_merge_concerns("x")
