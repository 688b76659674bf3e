"""How many dossiers were computed with a value: charges by the day of filing, quorums by theirs."""

from __future__ import annotations

import datetime as dt

import pytest

from sen.kernel.access import public as access
from sen.kernel.legal import public as legal
from sen.systems.public_services.models import FeeLine
from sen.systems.public_services.queries import used_values
from sen.systems.public_services.tests import councils
from sen.systems.public_services.tests import factories as f

pytestmark = pytest.mark.usefixtures("province")
COPY = "fee.civil_status_extract_vnd"


def count(key: str = COPY, *, first: dt.date = dt.date(2017, 1, 1), end=None) -> int:
    return used_values.count(legal.Span(key=key, first=first, end=end))


def test_dossiers_with_a_charge_by_the_value_are_counted_once(province):
    assert count() == 0
    charged, free = f.submitted(province), f.submitted(province)
    FeeLine.objects.filter(dossier=free).delete()
    with access.acting(province.father):
        assert FeeLine.objects.filter(dossier=charged).exists()
        assert count() == 1
    assert count("fee.unknown") == 0


def test_what_was_filed_on_other_days_is_not_counted(province):
    f.submitted(province)
    before, after = f.ON - dt.timedelta(days=1), f.ON + dt.timedelta(days=1)

    assert [
        count(first=f.ON, end=after), count(first=f.ON), count(first=before, end=f.ON),
        count(first=after),
    ] == [1, 1, 0, 0]  # fmt: skip


def test_the_value_in_use_says_so_by_the_manifest(province):
    row = legal.LegalValue.objects.get(key=COPY)
    f.submitted(province)

    assert legal.used(COPY, row.valid_from) == 1


def test_a_council_that_concluded_used_the_values_of_its_quorum(province):
    cast = councils.members_of(province)
    heard = councils.heard(cast, councils.SEVERE)
    day = f.ON + dt.timedelta(days=1)
    assert count("council.disability_quorum_numerator") == 0

    councils.conclude(cast, heard, councils.SEVERE)

    assert count("council.disability_quorum_numerator") == 1
    assert count("council.disability_quorum_denominator", first=f.ON) == 1
    assert count("council.disability_quorum_denominator", first=day) == 0
