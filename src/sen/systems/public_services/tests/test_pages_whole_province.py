"""Where to file among all the communes of the province: sought with and without marks."""

from __future__ import annotations

import pytest
from django.test import Client

from sen.base import clock
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.test_pages_filing import CENTRE, a_draft, at, choice

pytestmark = pytest.mark.usefixtures("province")


@pytest.fixture(scope="module")
def seeded(seeded) -> None:
    """The demo of other modules, and every unit of the province, laid down once."""
    organisations.seed_province(clock.now())


@pytest.fixture
def father(province) -> Client:
    return browser(province.father)


def test_among_many_places_the_own_commune_comes_first(province, father):
    shown = father.get(at(a_draft(province.father)))
    codes, chosen = choice(shown)
    assert (len(codes), codes[0], chosen) == (131, CENTRE, [CENTRE])
    assert "Tìm xã, phường" in text(shown)


@pytest.mark.parametrize("words", ["Thái Hoà", "thai hoa", "Phường Thái Hòa"])
def test_a_place_is_sought_without_script_and_nothing_is_filed(province, father, words):
    held = a_draft(province.father)
    shown = father.post(at(held), {"place": words, "receiving_unit": CENTRE, "find": "1"})
    assert (shown.status_code, Dossier.objects.count()) == (200, 0)
    assert choice(shown) == (["H41.9.6939.1"], ["H41.9.6939.1"])


def test_several_places_that_are_found_are_chosen_from(province, father):
    held = a_draft(province.father)
    shown = father.post(at(held), {"place": "hoa", "receiving_unit": CENTRE, "find": "1"})
    codes, chosen = choice(shown)
    assert {"H41.9.6939.1", "H41.9.6909.1", "H41.9.7344.1"} <= set(codes)
    assert (CENTRE in codes, chosen) == (False, [])


def test_a_place_that_is_not_there_is_said_and_all_are_offered(province, father):
    held = a_draft(province.father)
    shown = father.post(at(held), {"place": "atlantis", "receiving_unit": CENTRE, "find": "1"})
    assert "Không có nơi tiếp nhận nào như vậy" in text(shown)
    assert (len(choice(shown)[0]), choice(shown)[1]) == (131, [CENTRE])


def test_a_commune_without_accounts_takes_a_dossier(province, father):
    held = a_draft(province.father)
    father.post(at(held), {"receiving_unit": "H41.9.6939.1", "key": "khoa-mot-lan-0009"})
    [dossier] = Dossier.objects.all()
    assert (dossier.state, dossier.competent_unit.code) == ("submitted", "H41.9.6939")
