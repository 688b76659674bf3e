"""A seeded province, its administrator and a commune's clerk, signed in."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client

from sen.base import clock
from sen.base.actor import Actor, Strength
from sen.kernel.identity import public as identity
from sen.systems.account.data import DEMO_PASSWORD


def official(username: str) -> Actor:
    account = identity.account_named(username)
    assert account is not None
    return identity.actor_for(account.pk, strength=Strength.MULTI_FACTOR)


@pytest.fixture
def province(seeded) -> Iterator[SimpleNamespace]:
    """The administrator and a clerk; what the test writes is undone."""
    with transaction.atomic():
        yield SimpleNamespace(
            administrator=official("quantri"), clerk=official("vanthu.truongvinh"), at=clock.now()
        )
        transaction.set_rollback(True)


def signed_in(username: str) -> Client:
    account = identity.account_named(username)
    assert account is not None
    client = Client()
    client.post("/dang-nhap/can-bo/", {"username": username, "password": DEMO_PASSWORD})
    code = identity.current_totp(account, at=clock.now()).code
    client.post("/dang-nhap/ma-xac-thuc/", {"code": code})
    return client


@pytest.fixture
def administrator(province) -> Client:
    return signed_in("quantri")


@pytest.fixture
def clerk(province) -> Client:
    return signed_in("vanthu.truongvinh")
