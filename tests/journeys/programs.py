"""Programs of the demo's officials, each with a bearer token."""

from __future__ import annotations

from sen.kernel.identity import public as identity
from sen.systems.public_services.tests.test_api import Program


def of(username: str, *scopes: str) -> Program:
    """Return a program of an official of Trường Vinh with these scopes."""
    account = identity.account_named(f"{username}.truongvinh")
    return Program(account, *scopes)
