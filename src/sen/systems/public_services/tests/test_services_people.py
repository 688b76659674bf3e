"""Who the parties of a dossier are: nobody learns a name, or lets a stranger in, by a number."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from sen.base.actor import COMMAND
from sen.base.errors import Invalid, NotFound
from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.systems.public_services.data import PartyInput
from sen.systems.public_services.models import Party
from sen.systems.public_services.queries import people, whole
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.schemas import answers
from sen.systems.public_services.services.filing import submission
from sen.systems.public_services.tests import factories as f

pytestmark = pytest.mark.usefixtures("province")


def file_with(actor, *parties: PartyInput):
    made = f.a_filing(actor)
    return submission.submit_dossier(
        actor=actor, filing=replace(made, parties=[*made.parties, *parties]), at=f.MORNING
    )


def at_counter(province, **typed):
    owner = PartyInput(
        role="owner", **{"full_name": "Trần Thị Mẫu", "national_number": f.MOTHER} | typed
    )
    made = f.a_filing(province.motcua, parties=[owner])
    return submission.submit_dossier(actor=province.motcua, filing=made, at=f.MORNING)


def persons(dossier):
    rows = Party.objects.filter(dossier=dossier).order_by("role")
    return list(rows.values_list("role", "full_name", "person_id"))


def takes_part(dossier):
    rows = access.Participation.objects.filter(record=dossier.id, person__isnull=False)
    return set(rows.values_list("person", flat=True))


@pytest.mark.parametrize("role", ["submitter", "representative"])
def test_a_number_tells_nobody_whose_it_is(province, role):
    typed = PartyInput(
        role=role, full_name="Kẻ Lạ", national_number=f.MOTHER, authority="Giấy ủy quyền 01"
    )
    dossier = file_with(province.father, typed)

    assert persons(dossier) == [
        ("owner", "Nguyễn Văn Thử", province.father.person),
        (role, "Kẻ Lạ", None),
    ]
    assert takes_part(dossier) == {province.father.person}
    shown = answers.dossier_detail(whole.whole(province.father, dossier.code, now=f.MORNING))
    assert {party.full_name for party in shown.parties} == {"Nguyễn Văn Thử", "Kẻ Lạ"}
    with pytest.raises(NotFound):
        whole.whole(province.mother, dossier.code, now=f.MORNING)


def test_a_citizen_names_no_second_submitter(province):
    typed = PartyInput(role="submitter", full_name="Trần Thị Mẫu", national_number=f.MOTHER)
    assert takes_part(file_with(province.father, typed)) == {province.father.person}


def test_a_representative_who_is_named_rightly_takes_part(province):
    typed = PartyInput(
        role="representative", full_name="trần thị  MẪU", national_number=f.MOTHER,
        birth_date=dt.date(1995, 3, 8), authority="Giấy ủy quyền 01",
    )  # fmt: skip
    dossier = file_with(province.father, typed)
    assert persons(dossier)[1] == ("representative", "trần thị  MẪU", province.mother.person)
    assert takes_part(dossier) == {province.father.person, province.mother.person}


def test_a_representative_shows_their_authority(province):
    typed = PartyInput(role="representative", full_name="Trần Thị Mẫu", national_number=f.MOTHER)
    with pytest.raises(Invalid) as refused:
        file_with(province.father, typed)
    assert refused.value.fields.keys() == {"parties.representative.authority"}


def test_a_person_named_by_a_citizen_is_not_made_reachable(province):
    typed = PartyInput(
        role="representative", full_name="Lê Thị Được Ủy Quyền", national_number="040190000555",
        authority="Giấy ủy quyền 01", phone="0900000000", email="ke@la.vn", address="Đâu đó",
    )  # fmt: skip
    dossier = file_with(province.father, typed)
    made = identity.find_person("040190000555")
    assert (made.phone, made.email, made.address) == ("", "", "")
    assert Party.objects.get(dossier=dossier, role="representative").phone == "0900000000"


def test_the_counter_ties_whoever_agrees_with_what_is_known(province):
    dossier = at_counter(province, birth_date=dt.date(1995, 3, 8))
    assert persons(dossier) == [("owner", "Trần Thị Mẫu", province.mother.person)]
    assert whole.whole(province.mother, dossier.code, now=f.MORNING).parties


@pytest.mark.parametrize(
    "typed", [{"full_name": "Trần Thị Khác"}, {"birth_date": dt.date(1995, 3, 9)}]
)
def test_the_counter_keeps_what_does_not_agree_as_it_was_typed(province, typed):
    dossier = at_counter(province, **typed)
    assert persons(dossier) == [("owner", typed.get("full_name", "Trần Thị Mẫu"), None)]
    assert takes_part(dossier) == set()


@pytest.mark.parametrize(
    ("typed", "known", "is_same"),
    [
        ({}, {}, True),
        ({"full_name": " tran thi  mau"}, {}, True),
        ({"full_name": "Trần Mẫu"}, {}, False),
        ({"birth_date": dt.date(1995, 3, 8)}, {}, True),
        ({"birth_date": dt.date(1995, 3, 9)}, {}, False),
        ({"birth_date": dt.date(1995, 3, 9)}, {"birth_date": None}, True),
    ],
)
def test_name_and_birth_date_have_to_agree(typed, known, is_same):
    party = PartyInput(
        role="owner", **{"full_name": "Trần Thị Mẫu", "national_number": f.MOTHER} | typed
    )
    facts = {"full_name": "Trần Thị Mẫu", "birth_date": dt.date(1995, 3, 8)} | known
    assert rules.is_same_person(party, **facts) is is_same


def test_whoever_acts_for_an_enterprise_is_told_that_persons_file_here(province):
    firm = identity.ensure_enterprise(
        COMMAND, tax_code="0100109106", name="Công ty Thử Nghiệm", at=f.MORNING
    )
    with pytest.raises(people.ForPersonsOnly) as refused:
        f.a_filing(replace(province.father, acting_for=firm.pk))
    assert "cá nhân" in refused.value.message
