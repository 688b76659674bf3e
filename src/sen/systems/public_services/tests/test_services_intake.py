"""By which ways a dossier comes in, and filing at the counter of another centre."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sen.base.actor import Channel, Strength
from sen.base.errors import Invalid, NotAllowed, NotFound
from sen.base.identifiers import new_id
from sen.kernel.manifest import public as manifest
from sen.systems.public_services.choices import Intake
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.queries import people, whole
from sen.systems.public_services.schemas import answers
from sen.systems.public_services.services import reception
from sen.systems.public_services.services.filing import submission
from sen.systems.public_services.tables import records as shapes
from sen.systems.public_services.tests import factories as f

pytestmark = pytest.mark.usefixtures("province")


def submit(actor, **changes):
    return submission.submit_dossier(actor=actor, filing=f.a_filing(actor, **changes), at=f.MORNING)


def test_every_way_of_ours_is_registered_and_says_what_it_proves():
    registered = {code: manifest.channel(code) for code in Intake.values}
    assert {code: str(channel.title) for code, channel in registered.items()} == dict(
        Intake.choices
    )
    assert {code: str(channel.filed_by) for code, channel in registered.items()} == {
        "public_services.portal": "person",
        "public_services.counter": "official",
        "public_services.api": "person",
    }
    assert all(str(channel.proves) for channel in registered.values())


def test_the_way_follows_from_who_files_and_how(province):
    by_token = replace(
        province.father, channel=Channel.API, token=new_id(), strength=Strength.TOKEN
    )
    assert [people.intake(one) for one in (province.father, by_token, province.motcua)] == [
        Intake.PORTAL, Intake.API, Intake.COUNTER,
    ]  # fmt: skip
    assert submit(by_token, channel=people.intake(by_token)).channel == "public_services.api"


@pytest.mark.parametrize("channel", ["", "public_services.kiosk", "counter"])
def test_a_way_that_nobody_registered_is_refused(province, channel):
    with pytest.raises(Invalid) as refused:
        submit(province.father, channel=channel)
    assert refused.value.fields.keys() == {"channel"}
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(("who", "channel"), [("father", "counter"), ("motcua", "portal")])
def test_a_way_is_for_those_who_file_by_it(province, who, channel):
    with pytest.raises(NotAllowed):
        submit(getattr(province, who), channel=f"public_services.{channel}")


# -- At the counter of another centre


def test_another_centre_helps_and_the_right_one_receives(province):
    dossier = submit(province.far_motcua, receiving_unit=province.centre)
    assert (dossier.helped_at_id, dossier.received_unit_id, dossier.competent_unit_id) == (
        province.far_centre, province.centre, province.ward,
    )  # fmt: skip
    shown = whole.whole(province.far_motcua, dossier.code, now=f.MORNING)
    assert (shown.acts, shown.sees_working_papers) == ([], False)
    assert answers.dossier_out(shown.dossier).helped_at == "H41.9.12.1"
    facts = {fact.label: fact.value for fact in shapes.facts(shown)}
    assert facts["Cách nộp"] == "Nộp trực tiếp tại quầy"
    assert "Đại Đồng" in facts["Nơi hỗ trợ nộp"]
    with pytest.raises(NotAllowed):
        reception.receive_dossier(actor=province.far_motcua, order=f.order(dossier), at=f.later(5))
    assert (
        reception.receive_dossier(
            actor=province.motcua, order=f.order(dossier), at=f.later(6)
        ).state
        == "received"
    )


def test_nobody_helped_where_it_was_filed_at_its_own_centre(province):
    dossier = submit(province.motcua)
    assert dossier.helped_at_id is None
    with pytest.raises(NotFound):
        whole.whole(province.far_motcua, dossier.code, now=f.MORNING)


def test_who_has_no_counter_helps_nowhere(province):
    with pytest.raises(NotAllowed):
        submit(province.far_hotich, receiving_unit=province.centre)
