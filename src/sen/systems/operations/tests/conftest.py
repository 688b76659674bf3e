"""A seeded province for each module; its leaders, signed in; a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client

from sen.base.actor import Actor, Strength
from sen.kernel.identity import public as identity
from sen.systems.account.data import DEMO_PASSWORD
from sen.systems.operations.tests.factories import NOW


@pytest.fixture
def province(seeded, monkeypatch) -> Iterator[SimpleNamespace]:
    """Who looks at boards; what the test writes is undone."""
    monkeypatch.setenv("SEN_CLOCK", NOW.isoformat())
    with transaction.atomic():
        yield SimpleNamespace(
            chair=official("chutich.nghean"),
            commune_chair=official("chutich.truongvinh"),
            clerk=official("vanthu.truongvinh"),
        )
        transaction.set_rollback(True)


def official(username: str) -> Actor:
    account = identity.account_named(username)
    assert account is not None
    return identity.actor_for(account.pk, strength=Strength.MULTI_FACTOR)


def signed_in(username: str) -> Client:
    """A browser in which an official has signed in."""
    account = identity.account_named(username)
    assert account is not None
    client = Client()
    client.post("/dang-nhap/can-bo/", {"username": username, "password": DEMO_PASSWORD})
    code = identity.current_totp(account, at=NOW).code
    answer = client.post("/dang-nhap/ma-xac-thuc/", {"code": code})
    client.landed = answer["Location"]
    return client


@pytest.fixture
def chair(province) -> Client:
    return signed_in("chutich.nghean")


@pytest.fixture
def commune_chair(province) -> Client:
    return signed_in("chutich.truongvinh")
