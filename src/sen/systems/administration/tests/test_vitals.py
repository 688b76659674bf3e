"""Whether Sen is well, as its administrators read it: certificates."""

from __future__ import annotations

import datetime as dt

import pytest

from sen.base import clock
from sen.kernel.organisations import public as organisations
from sen.kernel.signing import public as signing
from sen.systems.administration.queries import vitals

pytestmark = pytest.mark.usefixtures("province")

CENTRE = "H41.9.11.1"


def of_the_centre():
    unit = organisations.unit(CENTRE, clock.day(clock.now()))
    return signing.Certificate.objects.filter(holder=unit.id)


def test_certificates_that_hold_for_long_are_well():
    assert vitals.certificates().is_well is True


@pytest.mark.parametrize("days", [20, -3])
def test_a_certificate_that_ends_soon_or_has_ended_is_named_with_its_day(days):
    ends = clock.now() + dt.timedelta(days=days)
    of_the_centre().update(valid_to=ends)

    found = vitals.certificates()

    assert found.is_well is False
    assert f"{ends:%d/%m/%Y}" in found.message
    assert "Trường Vinh" in found.message


def test_a_renewed_certificate_makes_the_old_one_harmless():
    of_the_centre().update(valid_to=clock.now() - dt.timedelta(days=3))
    unit = organisations.unit(CENTRE, clock.day(clock.now()))
    signing.ensure_certificate(
        holder_kind="unit", holder_id=unit.id, name="Trung tâm", unit_name="Nghệ An",
        at=clock.now(),
    )  # fmt: skip

    assert vitals.certificates().is_well is True


def test_somebody_who_has_left_worries_nobody():
    persons = signing.Certificate.objects.filter(holder_kind=signing.HolderKind.PERSON)
    persons.filter(id=persons[0].id).update(valid_to=clock.now() - dt.timedelta(days=3))

    assert vitals.certificates().is_well is True
