"""The position that is taken at sign-in."""

from __future__ import annotations

import datetime as dt

import pytest

from sen.base.actor import COMMAND
from sen.base.errors import Conflict
from sen.kernel.audit import public as audit
from sen.kernel.identity import public as identity
from sen.kernel.identity.tests.factories import AT, OfficialFactory, PositionFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 21)


def employ(account, first=DAY, last=None) -> identity.Employment:
    position = PositionFactory()
    return identity.employ(
        COMMAND, account=account, position=position.pk, valid_from=first, valid_to=last, at=AT
    )


def test_another_position_becomes_the_default_one():
    account = OfficialFactory()
    first, second = employ(account), employ(account)

    identity.make_default(COMMAND, employment=second.pk, at=AT)

    held = identity.employments(account.pk, DAY)
    assert [(one.pk, one.is_default) for one in held] == [(second.pk, True), (first.pk, False)]
    line = audit.trail(audit.Subject("identity.account", account.pk))[0]
    assert (line.action, list(line.fields)) == ("identity.employment.default", ["position"])


@pytest.mark.parametrize(
    ("first", "last"),
    [(dt.date(2027, 1, 1), None), (dt.date(2026, 1, 1), dt.date(2026, 11, 1))],
)
def test_only_a_position_held_today_is_taken_at_sign_in(first, last):
    account = OfficialFactory()
    kept, other = employ(account), employ(account, first, last)

    with pytest.raises(Conflict):
        identity.make_default(COMMAND, employment=other.pk, at=AT)

    assert identity.Employment.objects.get(is_default=True).pk == kept.pk
