"""A step may belong to a part of the flow: whose unit that is, and what it may and sees."""

from __future__ import annotations

import copy
import json

import pytest

from sen.base.actor import COMMAND
from sen.base.errors import NotAllowed, NotFound
from sen.kernel.access import public as access
from sen.kernel.forms import public as forms
from sen.kernel.organisations import public as organisations
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.models import Case, ProcedureVersion
from sen.systems.public_services.queries import parts, records, whole
from sen.systems.public_services.services import catalogue, processing, reception
from sen.systems.public_services.services.processing import Proposal
from sen.systems.public_services.tests import agencies as a
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests.procedures import SEED

CODE = "9.000001"


@pytest.fixture(scope="module")
def in_demo(in_province) -> None:
    """The demo of other modules, and every unit of the province with its people."""


@pytest.fixture(scope="module")
def seeded(seeded) -> None:
    """And a procedure that the land office examines for a commune."""
    _publish({"examining": {"code": a.OFFICE}})


def _publish(rules):
    def read(name):
        return json.loads((SEED / "certified_copy" / f"{name}.json").read_text("utf-8"))

    flow, document = read("flow"), read("procedure")
    flow["code"] += ".parts"
    for step in flow["steps"]:
        if step["key"] in {"assign", "process", "check"}:
            step["unit"] = "examining"
    document["code"] = CODE
    document["version"]["overlay"] = {"parts": rules}
    published = workflow.publish_flow(
        COMMAND, document=flow, status=workflow.FlowStatus.SAMPLE, at=f.MORNING
    )
    catalogue.publish_version(
        actor=COMMAND,
        document=document,
        form_version=forms.latest_form("public_services.certified_copy").id,
        flow_version=published.id,
        at=f.MORNING,
    )


@pytest.fixture
def cast(province):
    return a.land_cast(province)


@pytest.fixture
def filed(cast):
    return a.filed(cast, "certified_copy", CODE)


def receive(cast, dossier):
    return reception.receive_dossier(actor=cast.motcua, order=f.order(dossier), at=f.later(10))


def assign(cast, dossier):
    return processing.assign_dossier(
        actor=cast.land_truongphong,
        order=f.order(dossier),
        to=cast.land_chuyenvien.account,
        at=f.later(20),
    )


def taking_part(dossier):
    taken = access.Participation.objects.filter(record=dossier.id, until=None, unit__isnull=False)
    return {one.unit: one.why for one in taken}


def test_the_run_keeps_the_unit_of_each_part(cast, filed):
    assert workflow.run(filed.id).units == {
        "received": str(cast.centre),
        "competent": str(cast.ward),
        "examining": str(cast.land_office),
    }


def test_the_unit_of_a_part_sees_the_dossier_while_its_part_runs(cast, filed):
    def seen():
        try:
            return records.dossier(cast.land_chuyenvien, filed.code).code
        except NotFound:
            return None

    mine = {cast.centre: "received", cast.ward: "competent"}
    assert (seen(), taking_part(filed)) == (None, mine)
    receive(cast, filed)
    assert (seen(), taking_part(filed)) == (filed.code, {**mine, cast.land_office: "part"})
    assign(cast, filed)
    listed = records.of_units(cast.land_chuyenvien, records.Cursor())
    assert [one.code for one in listed] == [filed.code]
    assert whole.whole(cast.land_chuyenvien, filed.code, now=f.later(21)).sees_working_papers
    propose(cast, filed)
    processing.check_proposal(
        actor=cast.land_truongphong, order=f.order(filed), is_agreed=True, at=f.later(50)
    )
    assert (seen(), taking_part(filed)) == (None, mine)
    assert records.of_units(cast.land_chuyenvien, records.Cursor()) == []


def propose(cast, dossier):
    return processing.propose_result(
        actor=cast.land_chuyenvien, order=f.order(dossier), proposal=Proposal(), at=f.later(40)
    )


def test_rights_are_asked_in_the_unit_of_the_open_step(cast, filed):
    receive(cast, filed)
    with pytest.raises(NotAllowed):
        processing.assign_dossier(
            actor=cast.chanhvanphong, order=f.order(filed), to=cast.hotich.account, at=f.later(20)
        )
    assign(cast, filed)
    with pytest.raises(NotAllowed):
        processing.propose_result(
            actor=cast.hotich, order=f.order(filed), proposal=Proposal(), at=f.later(30)
        )
    propose(cast, filed)
    assert whole.whole(cast.chanhvanphong, filed.code, now=f.later(41)).acts == []
    assert whole.whole(cast.land_truongphong, filed.code, now=f.later(41)).acts == ["check"]
    processing.check_proposal(
        actor=cast.land_truongphong, order=f.order(filed), is_agreed=True, at=f.later(50)
    )
    [task] = workflow.record_tasks(filed.id)
    assert (task.step, task.unit_id) == ("sign", cast.ward)


def test_the_inbox_lists_it_to_the_unit_of_the_part(cast, filed):
    receive(cast, filed)
    [row] = workflow.open_tasks(cast.land_truongphong, at=f.later(15)).rows
    assert (row.code, row.step) == (filed.code, "assign")
    assert filed.code not in {
        row.code for row in workflow.open_tasks(cast.chanhvanphong, at=f.later(15)).rows
    }


def test_when_the_office_of_a_part_is_merged_its_work_goes_on_there(cast, filed):
    receive(cast, filed)
    other = organisations.unit("H41.9.36", f.ON).id
    organisations.merge_units(
        COMMAND, old=[cast.land_office], new=other, on=f.ON, decision="QĐ thử", at=f.later(15)
    )
    f.settle()
    [task] = workflow.record_tasks(filed.id)
    assert task.unit_id == other
    assert workflow.run(filed.id).units["examining"] == str(other)
    assert other in taking_part(filed)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"code": "H41.9.36"}, "H41.9.36"),
        ({"code": "H41.9.99999"}, "H41.9.11"),
        ({"kind": "office", "name": "Văn phòng"}, "H41.9.11.2"),
        ({"kind": "department", "name": "Văn phòng Đăng ký đất đai"}, "H41.9.35.1"),
        ({"kind": "department", "name": "Không có nơi này"}, "H41.9.11"),
        ({"level": "province"}, "H41"),
        ({"level": "commune"}, "H41.9.11"),
        ({"agency": {"vi": "Nơi khác"}, "watched_by": "received"}, "H41.9.11.1"),
    ],
)
def test_a_part_finds_its_unit_by_code_by_kind_near_or_by_level(cast, rule, code):
    """What is not found is done by the unit that decides."""
    case = copy.copy(Case.objects.select_related("version").filter(position=0).first())
    case.version = ProcedureVersion(overlay={"parts": {"one": rule}})
    found = parts.resolve(case, received=cast.centre, competent=cast.ward, on=f.ON)
    assert organisations.unit_by_id(found["one"]).code == code
